package org.caravanmta.mime;

import java.io.IOException;
import java.io.InputStream;

/// The leaf parts of a message, those of attached messages included, in their order (RFC 2046 §5):
/// everything that any mail reader may find. Where mail readers would find different things, both
/// are shown, or a doubt is reported.
public final class Parts {
  private Parts() {}

  /// Shows each part to `visitor` until it has seen enough.
  ///
  /// @param message the message from its first header field on
  /// @throws IOException if `message` cannot be read
  /// @throws Unreadable if the message exceeds a limit: too deep, too many parts, a field or a
  ///   header section too long, or out of time
  public static void of(InputStream message, Part.Visitor visitor) throws IOException, Unreadable {
    var share = new WalkState(visitor);
    new MimeWalk(share, 0, visitor::doubt, new NestedParts(share)).message(message);
  }
}
