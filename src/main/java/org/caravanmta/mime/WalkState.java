package org.caravanmta.mime;

import java.io.IOException;

/// What the walks through one message share: the visitor, the number of parts so far, and whether
/// the visitor has seen enough.
final class WalkState {
  /// A message with more parts was made to exhaust whoever reads it.
  private static final int MOST_PARTS = 2_000;

  private final Part.Visitor visitor;
  private int parts;
  private boolean ended;

  WalkState(Part.Visitor visitor) {
    this.visitor = visitor;
  }

  /// Whether the visitor has time left.
  boolean inTime() {
    return visitor.inTime();
  }

  /// Shows a part, unless the visitor has seen enough.
  ///
  /// @throws Unreadable if the time is over
  void show(Part part) throws IOException, Unreadable {
    if (!visitor.inTime()) {
      throw new Unreadable("attachments take too long");
    }
    ended = ended || !visitor.visit(part);
  }

  /// Whether the visitor has seen enough.
  boolean ended() {
    return ended;
  }

  /// Counts a part.
  ///
  /// @throws Unreadable if there are too many
  void countPart() throws Unreadable {
    if (++parts > MOST_PARTS) {
      throw new Unreadable("it has more than " + MOST_PARTS + " parts");
    }
  }
}
