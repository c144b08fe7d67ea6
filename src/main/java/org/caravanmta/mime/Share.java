package org.caravanmta.mime;

import java.io.IOException;

/// What all walks through one message have together.
final class Share {
  private static final int MOST = 2_000;

  private final Part.Visitor visitor;
  private int parts;
  private boolean ended;

  Share(Part.Visitor visitor) {
    this.visitor = visitor;
  }

  boolean inTime() {
    return visitor.inTime();
  }

  /// Shows a part, unless enough has been seen.
  void show(Part part) throws IOException, Unreadable {
    if (!visitor.inTime()) {
      throw new Unreadable("attachments take too long");
    }
    ended = ended || !visitor.visit(part);
  }

  boolean ended() {
    return ended;
  }

  /// Counts a part.
  void one() throws Unreadable {
    if (++parts > MOST) {
      throw new Unreadable("it has more than " + MOST + " parts");
    }
  }
}
