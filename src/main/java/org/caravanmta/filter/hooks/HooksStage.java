package org.caravanmta.filter.hooks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A point in the life of a message at which a service is asked (draft-degennaro-mta-hooks-02,
/// "Processing Stages").
public enum HooksStage {
  /// A client has connected; nothing has been said.
  CONNECT(true),
  /// It has said HELO or EHLO.
  EHLO(true),
  /// It has said MAIL.
  MAIL(true),
  /// It has said RCPT, once more.
  RCPT(true),
  /// It has sent the message.
  DATA(true),
  /// An attempt to deliver has ended, whichever way.
  DELIVERY(false),
  /// At least one recipient has to wait for another attempt.
  DEFER(false),
  /// A report about the message is about to be sent.
  DSN(false);

  private final boolean inbound;

  HooksStage(boolean inbound) {
    this.inbound = inbound;
  }

  /// Whether it is before the message has been accepted.
  public boolean isInbound() {
    return inbound;
  }

  /// Its name on the wire.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<HooksStage> of(String word) {
    return Arrays.stream(values()).filter(stage -> stage.word().equals(word)).findFirst();
  }
}
