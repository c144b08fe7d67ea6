package org.caravanmta.message;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A way of delivery that Caravan ships (postfix `master(5)`): the stage after the queue
/// `delivery.NAME` delivers what goes that way. The operator may add transports of his own by a
/// route; those are known by their names alone.
public enum Transport {
  /// To the hosts of a domain, or to a host that is named (RFC 5321).
  SMTP(Recipients.TOGETHER, "smtp"),

  /// To a server that keeps mailboxes (RFC 2033).
  LMTP(Recipients.TOGETHER, "lmtp"),

  /// To users of this machine, with their aliases and `.forward` files.
  LOCAL(Recipients.ONE_AT_A_TIME, "local"),

  /// To mailboxes that belong to no user of this machine.
  VIRTUAL(Recipients.TOGETHER, "virtual"),

  /// To a program of the operator's.
  PIPE(Recipients.ONE_AT_A_TIME, "pipe"),

  /// To a content filter that speaks SMTP or LMTP, apart from other mail for servers.
  FILTER(Recipients.TOGETHER, "pipe"),

  /// Back to the sender, or to a lane, with a text.
  ERROR(Recipients.TOGETHER, "error"),

  /// Nowhere, as if it were delivered.
  DISCARD(Recipients.TOGETHER, "discard");

  /// How many recipients one task has.
  private enum Recipients {
    TOGETHER,
    ONE_AT_A_TIME
  }

  private static final Map<String, Transport> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Transport::key, Function.identity()));

  private final String key = name().toLowerCase(Locale.ROOT);
  private final Recipients recipients;
  private final String agent;

  Transport(Recipients recipients, String agent) {
    this.recipients = recipients;
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

  /// Postfix's delivery agent that does this work, as its log lines name it.
  public String agent() {
    return agent;
  }

  /// Whether Postfix has an agent of just this name.
  public boolean hasItsOwnAgent() {
    return agent.equals(key);
  }
}
