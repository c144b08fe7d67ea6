package org.caravanmta.mime;

import java.io.IOException;
import java.util.Set;

/// A leaf part of a message: one that has no parts of its own (RFC 2046 §5), with its transfer
/// encoding undone. A part that mail readers may read in several ways is shown once for each way. A
/// multipart or an attached message is shown only if it has a name, without types and with empty
/// content.
///
/// @param names what it may be called, from every field that gives it a name, in every way of
///   decoding it (RFC 2231, RFC 2047); often empty
/// @param types the types that it may be declared to have, in lower case: `application/zip`
/// @param content the decoded bytes, valid only until {@link Visitor#visit} returns
public record Part(Set<String> names, Set<String> types, ContentSpool content) {
  /// Receives the parts of a message, in their order.
  public interface Visitor {
    /// Looks at one part.
    ///
    /// @return whether to go on to the next part
    /// @throws Unreadable if the part cannot be read within the limits that the visitor keeps
    boolean visit(Part part) throws IOException, Unreadable;

    /// Called when mail readers disagree, so that some of them may find something that was not
    /// shown.
    ///
    /// @param why the reason, in words for the log
    void doubt(String why);

    /// Whether there is time left; once there is not, the walk ends with {@link Unreadable}.
    boolean inTime();
  }
}
