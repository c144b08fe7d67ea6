package org.caravanmta.filter.contract;

import java.util.List;

/// A content filter's answer about a whole message.
///
/// @param edits in the order in which they are to be made; they count only if the message is
///   accepted
/// @param note what the log should say of it, `score=15.2 GTUBE`; empty for nothing
public record FilterAnswer(Judgement judgement, List<Edit> edits, String note) {
  public FilterAnswer {
    edits = List.copyOf(edits);
  }

  /// Without edits.
  public static FilterAnswer of(Judgement judgement) {
    return new FilterAnswer(judgement, List.of(), "");
  }
}
