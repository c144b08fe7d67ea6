package org.caravanmta.filter.contract;

import java.util.List;
import java.util.OptionalDouble;

/// A content filter's answer about a whole message.
///
/// @param edits in the order in which they are to be made; they count only if the message is
///   accepted. With more than {@link #MOST_EDITS} it is no answer
/// @param note what the log should say of it, `score=15.2 GTUBE`; empty for nothing
/// @param score of a filter that gives one: the higher, the worse
public record FilterAnswer(
    Judgement judgement, List<Edit> edits, String note, OptionalDouble score) {
  /// More than any filter makes in a message: one that is out of its mind must not take all our
  /// time.
  public static final int MOST_EDITS = 10_000;

  public FilterAnswer {
    if (edits.size() > MOST_EDITS) {
      judgement = new Judgement.NoAnswer("more than " + MOST_EDITS + " changes");
      edits = List.of();
    }
    edits = List.copyOf(edits);
  }

  /// Of a filter that gives no score.
  public FilterAnswer(Judgement judgement, List<Edit> edits, String note) {
    this(judgement, edits, note, OptionalDouble.empty());
  }

  /// Without edits.
  public static FilterAnswer of(Judgement judgement) {
    return new FilterAnswer(judgement, List.of(), "");
  }

  /// Of a filter that could not be asked.
  ///
  /// @param failure says whether the server is to blame, or our message
  public static FilterAnswer none(String why, Exception failure) {
    return of(new Judgement.NoAnswer(why, UnreadableMessage.cause(failure)));
  }
}
