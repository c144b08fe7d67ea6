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

  /// Why a recipient waits, a stage broke on it, or a content filter has set it aside: `4.4.1
  /// connect to …`. Here a pattern need only fit a part of the text.
  REASON,

  /// The content filter that has set it aside, as the step of the route names it. Here too a
  /// pattern need only fit a part.
  FILTER,

  /// The client that has brought it: its name, or its address.
  CLIENT,

  /// The field Subject, decoded. Here too a pattern need only fit a part.
  SUBJECT;

  /// As an expression writes it: `next-hop`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
