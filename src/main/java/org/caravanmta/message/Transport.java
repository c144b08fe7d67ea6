package org.caravanmta.message;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A way of delivery that Caravan ships (postfix `master(5)`): the stage after the queue
/// `delivery.NAME` delivers what goes that way. What the rest of the house knows of a transport
/// stands here, and nowhere else.
///
/// A new transport is a bean in the stage that delivers, and a route. It needs a constant only if
/// its next hop is more than a text, if each recipient is a task of its own, or if Postfix has an
/// agent for it: without one it is known by its name alone, as are those that operators add.
public enum Transport {
  /// To the hosts of a domain, or to a host that is named (RFC 5321).
  SMTP(Recipients.TOGETHER, Notation.HOSTS, "smtp"),

  /// To a server that keeps mailboxes (RFC 2033).
  LMTP(Recipients.TOGETHER, Notation.SERVERS, "lmtp"),

  /// To users of this machine, with their aliases and `.forward` files.
  LOCAL(Recipients.ONE_AT_A_TIME, Notation.DOMAIN, "local"),

  /// To mailboxes that belong to no user of this machine.
  VIRTUAL(Recipients.TOGETHER, Notation.DOMAIN, "virtual"),

  /// To a program of the operator's.
  PIPE(Recipients.ONE_AT_A_TIME, Notation.PROGRAM, "pipe"),

  /// To a content filter that speaks SMTP or LMTP, apart from other mail for servers.
  FILTER(Recipients.TOGETHER, Notation.FILTER, "pipe"),

  /// Back to the sender, or to a lane, with a text.
  ERROR(Recipients.TOGETHER, Notation.REFUSAL, "error"),

  /// Nowhere, as if it were delivered.
  DISCARD(Recipients.TOGETHER, Notation.NOTE, "discard");

  /// How many recipients one task has.
  private enum Recipients {
    TOGETHER,
    ONE_AT_A_TIME
  }

  /// How its next hop is written; {@link Destination} reads it.
  public enum Notation {
    /// {@link NextHop}s that are hosts, which are spoken to by SMTP.
    HOSTS,
    /// {@link NextHop}s, sockets among them, which are spoken to by LMTP.
    SERVERS,
    /// The recipient's domain.
    DOMAIN,
    /// A text for the log, or nothing.
    NOTE,
    /// `NAME:ARGUMENT`, one of the operator's programs.
    PROGRAM,
    /// `TRANSPORT:NEXTHOP`, of a transport that speaks to servers.
    FILTER,
    /// `error:TEXT` or `retry:TEXT`.
    REFUSAL
  }

  private static final Map<String, Transport> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Transport::key, Function.identity()));

  private final String key = name().toLowerCase(Locale.ROOT);
  private final Recipients recipients;
  private final Notation notation;
  private final String agent;

  /// @param agent of Postfix
  Transport(Recipients recipients, Notation notation, String agent) {
    this.recipients = recipients;
    this.notation = notation;
    this.agent = agent;
  }

  /// The shipped transport of exactly this name.
  public static Optional<Transport> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /// The names of all of them.
  public static List<String> keys() {
    return Arrays.stream(values()).map(Transport::key).toList();
  }

  /// Its name in tables and queue names.
  public String key() {
    return key;
  }

  /// Whether a task has one recipient: a Maildir is written, and a program run, for one at a time,
  /// so that one whose is full holds nobody else up.
  public boolean isSingle() {
    return recipients == Recipients.ONE_AT_A_TIME;
  }

  /// How its next hop is written.
  public Notation notation() {
    return notation;
  }

  /// Whether it speaks SMTP (RFC 5321) or LMTP (RFC 2033) to the servers of its next hop.
  public boolean isRemote() {
    return notation == Notation.HOSTS || notation == Notation.SERVERS;
  }

  /// Postfix's delivery agent that does this work, as its log lines name it.
  public String agent() {
    return agent;
  }

  /// Whether Postfix has an agent of just this name.
  public boolean hasItsOwnAgent() {
    return agent.equals(key);
  }
}
