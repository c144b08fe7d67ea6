package org.caravanmta.mime;

import java.io.InputStream;
import java.util.List;

/// A part of a message that has no parts of its own (RFC 2046 §5), its transfer encoding undone.
///
/// @param names what it is called, by every field that gives it a name, decoded (RFC 2231, RFC
///   2047); often none
/// @param type as it is declared, in lower case: `application/zip`
/// @param content to be read before the next part
public record Part(List<String> names, String type, InputStream content) {
  /// What is done with each part.
  @FunctionalInterface
  public interface Visitor {
    /// @return whether to go on to the next part
    boolean visit(Part part) throws java.io.IOException, Unreadable;
  }
}
