package org.caravanmta.message;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A transport that Caravan ships (postfix `master(5)`, `transport(5)`): the stage after the queue
/// `delivery.NAME` delivers its mail. All that other packages know of a transport is here.
///
/// A new transport is a bean in the stage that delivers, and a route. It needs a constant only if
/// its next hop is more than a text, if each recipient is a task of its own, or if Postfix has an
/// agent for it: without one only its name is known, as with those that operators add.
public enum Transport {
  /// By SMTP, to the mail exchangers of a domain or to a host (RFC 5321).
  SMTP(Recipients.TOGETHER, Notation.HOSTS, "smtp"),

  /// By LMTP, to a mail store (RFC 2033).
  LMTP(Recipients.TOGETHER, Notation.SERVERS, "lmtp"),

  /// To users of this machine, with their aliases and `.forward` files (postfix `local(8)`).
  LOCAL(Recipients.ONE_AT_A_TIME, Notation.DOMAIN, "local"),

  /// To mailboxes that are not those of users of this machine (postfix `virtual(8)`).
  VIRTUAL(Recipients.TOGETHER, Notation.DOMAIN, "virtual"),

  /// To one of the operator's programs (postfix `pipe(8)`).
  PIPE(Recipients.ONE_AT_A_TIME, Notation.PROGRAM, "pipe"),

  /// To any Camel endpoint that is named by its URI.
  CAMEL(Recipients.TOGETHER, Notation.ENDPOINT, "pipe"),

  /// To a content filter that speaks SMTP or LMTP, in a queue of its own (postfix `FILTER_README`).
  FILTER(Recipients.TOGETHER, Notation.FILTER, "pipe"),

  /// To nobody: recipients fail, or are deferred, with the operator's text (postfix `error(8)`).
  ERROR(Recipients.TOGETHER, Notation.REFUSAL, "error"),

  /// To nobody, as if it had been delivered (postfix `discard(8)`).
  DISCARD(Recipients.TOGETHER, Notation.NOTE, "discard");

  /// How many recipients one task has.
  private enum Recipients {
    /// All those with the same next hop.
    TOGETHER,
    /// One (postfix `default_destination_recipient_limit`).
    ONE_AT_A_TIME
  }

  /// How a next hop is written; {@link Destination} reads it.
  public enum Notation {
    /// {@link NextHop}s that are hosts, for SMTP.
    HOSTS,
    /// {@link NextHop}s, which may be sockets, for LMTP.
    SERVERS,
    /// The recipient's domain.
    DOMAIN,
    /// A text for the log, or nothing.
    NOTE,
    /// `NAME:ARGUMENT`, one of the operator's programs.
    PROGRAM,
    /// `TRANSPORT:NEXTHOP`, where the transport speaks SMTP or LMTP.
    FILTER,
    /// The URI of a Camel endpoint, {@link EndpointUri}.
    ENDPOINT,
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

  /// @param agent the delivery agent of Postfix that does the same
  Transport(Recipients recipients, Notation notation, String agent) {
    this.recipients = recipients;
    this.notation = notation;
    this.agent = agent;
  }

  /// The shipped transport of exactly this name.
  public static Optional<Transport> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /// The names of all shipped transports.
  public static List<String> keys() {
    return Arrays.stream(values()).map(Transport::key).toList();
  }

  /// The name of the transport in tables and in the names of queues.
  public String key() {
    return key;
  }

  /// Whether each task has one recipient: local delivery and programs take one at a time, so that a
  /// full mailbox holds up nobody else.
  public boolean isSingle() {
    return recipients == Recipients.ONE_AT_A_TIME;
  }

  /// How the next hop of the transport is written.
  public Notation notation() {
    return notation;
  }

  /// Whether the transport speaks SMTP (RFC 5321) or LMTP (RFC 2033) to the servers of its next
  /// hop.
  public boolean isRemote() {
    return notation == Notation.HOSTS || notation == Notation.SERVERS;
  }

  /// The delivery agent of Postfix that does the same, by its name in log lines.
  public String agent() {
    return agent;
  }

  /// Whether the agent of Postfix has the same name as the transport.
  public boolean hasItsOwnAgent() {
    return agent.equals(key);
  }
}
