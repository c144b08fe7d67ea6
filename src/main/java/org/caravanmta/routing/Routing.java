package org.caravanmta.routing;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.caravanmta.address.Address;
import org.caravanmta.address.Literals;
import org.caravanmta.address.Resolution;
import org.caravanmta.delivery.Retry;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Hop;
import org.caravanmta.message.Links;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.table.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides which transport takes each recipient and where to (RFC 5321 §3.6, §5): our own domains
/// to `local`, all others to `smtp`, by the relay host if there is one; unless the transport tables
/// say otherwise.
public final class Routing {
  private static final Logger log = LoggerFactory.getLogger(Routing.class);

  /// Recipients of one task (Postfix: default_destination_recipient_limit); servers must take 100
  /// (RFC 5321 §4.5.3.1.8).
  private static final int MOST_RECIPIENTS = 50;

  private static final String LOCAL = "local";
  private static final String SMTP = "smtp";

  /// `[` and `]` around what is no IP address, or an IP address without them (RFC 5321 §4.1.3).
  private static final String BAD_ADDRESS = "error:5.1.3 bad address syntax";

  private final Resolution resolution;
  private final String relayHost;
  private final TransportTables tables;
  private final Set<String> transports;
  private final Links links;
  private final Retry retry;
  private final InstantSource clock;

  /// @param resolution knows the domains whose mail is delivered here
  /// @param relayHost the next hop of all other mail; empty for the recipient's domain
  /// @param delimiters the characters that may start an address extension
  /// @param transports those that have a queue, `delivery.NAME`
  public Routing(
      Resolution resolution,
      String relayHost,
      List<Table> tables,
      String delimiters,
      Set<String> transports,
      Links links,
      Retry retry,
      InstantSource clock) {
    this.resolution = resolution;
    this.relayHost = relayHost;
    this.tables = new TransportTables(tables, delimiters);
    this.transports = new TreeSet<>(transports);
    this.links = links;
    this.retry = retry;
    this.clock = clock;
  }

  /// One task for each transport and next hop, and for those recipients about whom nothing could be
  /// decided, one that waits; for a sender who wants to hear of expanded aliases, a notice.
  public Handover route(Mail given) {
    Expansion expansion = Expansion.of(given);
    Mail mail = expansion.mail();
    var hops = new LinkedHashMap<Hop, List<Recipient>>();
    var undecided = new LinkedHashMap<Reason, List<Recipient>>();
    for (Recipient addressed : mail.recipients()) {
      // mail for user%far.example at a domain of ours goes to user@far.example
      Recipient recipient =
          resolution.resolve(addressed.address()).map(addressed::to).orElse(addressed);
      switch (decide(recipient.address())) {
        case Decision.Towards(Hop hop) ->
            hops.computeIfAbsent(hop, h -> new ArrayList<>()).add(recipient);
        case Decision.Postponed(Reason reason) -> {
          log.warn("{}: <{}> cannot be routed: {}", mail.id(), recipient.address(), reason.text());
          undecided.computeIfAbsent(reason, r -> new ArrayList<>()).add(recipient);
        }
      }
    }
    var parts = parts(mail, hops);
    int decided = parts.size();
    undecided.values().forEach(recipients -> parts.add(mail.with(recipients)));
    expansion.notice().ifPresent(notice -> parts.add(notice.mail()));
    List<Mail> held;
    try {
      held = links.split(parts);
    } catch (IOException e) {
      log.error("{}: content cannot be split", mail.id(), e);
      return retry.defer(given, Reason.of("4.3.0", "content cannot be split: " + e.getMessage()));
    }
    var tasks = new ArrayList<>(held.subList(0, decided).stream().map(Routing::task).toList());
    var reasons = List.copyOf(undecided.keySet());
    for (int i = 0; i < reasons.size(); i++) {
      tasks.addAll(retry.defer(held.get(decided + i), reasons.get(i)).all());
    }
    expansion
        .notice()
        .ifPresent(
            notice -> tasks.add(new Task("report", new Notice(notice.action(), held.getLast()))));
    return Handover.of(tasks);
  }

  private sealed interface Decision {
    record Towards(Hop hop) implements Decision {}

    record Postponed(Reason reason) implements Decision {}
  }

  private Decision decide(Address recipient) {
    return switch (tables.choose(recipient)) {
      case Choice.AsUsual() -> known(usual(recipient));
      case Choice.Elsewhere(String nextHop) ->
          known(new Hop(usual(recipient).transport(), nextHop));
      case Choice.Other(Hop hop) -> known(hop);
      case Choice.Unknown(String why) ->
          new Decision.Postponed(Reason.of("4.3.0", "transport table: " + why));
    };
  }

  private Hop usual(Address recipient) {
    String domain = recipient.domain().key();
    if (recipient.domain().isLiteral() != Literals.address(domain).isPresent()) {
      return new Hop("error", BAD_ADDRESS);
    }
    if (resolution.own().contains(recipient.domain())) {
      return Resolution.routed(recipient) ? new Hop("error", BAD_ADDRESS) : new Hop(LOCAL, domain);
    }
    return new Hop(SMTP, relayHost.isEmpty() ? domain : relayHost);
  }

  private Decision known(Hop hop) {
    return transports.contains(hop.transport())
        ? new Decision.Towards(hop)
        : new Decision.Postponed(
            Reason.of(
                "4.3.5", "mail transport unavailable: no transport named " + hop.transport()));
  }

  /// A Maildir is written for one recipient at a time: one that is full holds nobody else up.
  private List<Mail> parts(Mail mail, Map<Hop, List<Recipient>> hops) {
    Instant now = clock.instant();
    Envelope envelope = mail.envelope();
    Progress before = envelope.progress();
    var progress = new Progress(before.attempt(), before.faults(), before.due(), now);
    var parts = new ArrayList<Mail>();
    hops.forEach(
        (hop, recipients) -> {
          int most = hop.transport().equals(LOCAL) ? 1 : MOST_RECIPIENTS;
          for (int from = 0; from < recipients.size(); from += most) {
            int to = Math.min(recipients.size(), from + most);
            parts.add(
                mail.with(envelope.with(recipients.subList(from, to)).with(progress).with(hop)));
          }
        });
    return parts;
  }

  private static Task task(Mail part) {
    Hop hop = part.envelope().hop().orElseThrow();
    return new Task("delivery." + hop.transport(), part);
  }
}
