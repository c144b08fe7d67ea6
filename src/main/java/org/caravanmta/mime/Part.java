package org.caravanmta.mime;

import java.io.IOException;
import java.util.Set;

/// A part of a message that has no parts of its own (RFC 2046 §5), its transfer encoding undone. A
/// part that may be read in several ways is shown as often. One that consists of parts is shown
/// without type and content if it has a name.
///
/// @param names what it may be called, by every field that gives it a name, however decoded (RFC
///   2231, RFC 2047); often none
/// @param types as it may be declared, in lower case: `application/zip`
/// @param content to be read before the next part
public record Part(Set<String> names, Set<String> types, ContentSpool content) {
  /// What is done with each part.
  public interface Visitor {
    /// @return whether to go on to the next part
    boolean visit(Part part) throws IOException, Unreadable;

    /// Told what mail readers do not agree about, so that what they find may not be what was shown.
    void doubt(String why);

    /// Whether there is time left.
    boolean inTime();
  }
}
