package org.caravanmta.filter;

import java.util.Locale;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;

/// What stands in for a content filter's answer when there is none (postfix
/// `milter_default_action`).
public enum DefaultAction {
  /// The client is asked to try again later.
  TEMPFAIL(Reply.of(451, "4.7.1", "Service unavailable - try again later")),
  /// As `tempfail`, and the session ends.
  SHUTDOWN(Reply.of(421, "4.7.0", "Server closing connection")),
  /// It is refused.
  REJECT(Reply.of(550, "5.5.0", "Service unavailable")),
  /// The message is accepted and set aside for the operator.
  QUARANTINE(null),
  /// It is accepted as if the filter had nothing against it.
  ACCEPT(null),
  /// It is accepted, with a field that says that the filter has not seen it.
  MARK(null);

  private final @Nullable Reply reply;

  DefaultAction(@Nullable Reply reply) {
    this.reply = reply;
  }

  /// As it is written.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What stands for the answer.
  ///
  /// @param why there is none
  Judgement judgement(String why) {
    Reply said = reply;
    if (this == SHUTDOWN && said != null) {
      return new Judgement.Disconnect(said);
    }
    if (said != null) {
      return new Judgement.Refuse(said);
    }
    return this == QUARANTINE
        ? new Judgement.Quarantine("not seen by the filter: " + why)
        : Judgement.PASS;
  }
}
