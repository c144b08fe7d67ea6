package org.caravanmta.queue.selector;

import java.util.Locale;

/// What selectors know of a message as text. Each is compared with a {@link Glob}, without regard
/// to case, but for ids.
public enum TextField {
  /// The queue id. It has capital and small letters, and two ids may differ in nothing else.
  ID,

  /// The reverse path, `<>` where it is null (RFC 5321 §4.5.5).
  SENDER,

  /// A recipient's address, as it is or as the client gave it.
  RECIPIENT,

  /// The domain of a recipient.
  DOMAIN,

  /// The next hop of the last attempt, in the notation of its transport.
  NEXT_HOP,

  /// The transport of the last attempt.
  TRANSPORT,

  /// The queue on which it lies.
  QUEUE,

  /// Why a recipient waits, or a stage broke on it: `4.4.1 connect to …`. Here a pattern need only
  /// fit a part of the text.
  REASON;

  /// As an expression writes it: `next-hop`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
