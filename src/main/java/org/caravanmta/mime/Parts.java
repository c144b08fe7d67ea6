package org.caravanmta.mime;

import java.io.IOException;
import java.io.InputStream;

/// The parts of a message that have no parts of their own, those of attached messages too, in their
/// order (RFC 2046 §5): all that any mail reader may find. What they would find one instead of the
/// other is shown both ways, or a doubt.
public final class Parts {
  private Parts() {}

  /// Shows each part to `visitor` until it has seen enough.
  ///
  /// @param message from its first field on
  public static void of(InputStream message, Part.Visitor visitor) throws IOException, Unreadable {
    var share = new Share(visitor);
    new MimeWalk(share, 0, visitor::doubt, new Inside(share)).message(message);
  }
}
