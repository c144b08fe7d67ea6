package org.caravanmta.routing;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.Resolution;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.Events;
import org.caravanmta.event.StageEvent;
import org.caravanmta.message.Deferral;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Handover;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Links;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.message.Transport;
import org.caravanmta.message.Verp;

/// Splits a message into one task for each transport and next hop that its recipients' mail takes
/// (RFC 5321 §3.6, §5), see {@link RoutingTable}; and into one for each recipient whose reverse
/// path is to have that recipient in it, see {@link Verp}.
public final class Routing {

  private final Resolution resolution;
  private final RoutingTable directions;
  private final TaskSizes sizes;
  private final Links links;
  private final Deferral deferral;
  private final InstantSource clock;

  /// @param resolution knows the domains whose mail is delivered here
  /// @param sizes how many recipients a task may have
  public Routing(
      Resolution resolution,
      RoutingTable directions,
      TaskSizes sizes,
      Links links,
      Deferral deferral,
      InstantSource clock) {
    this.resolution = resolution;
    this.directions = directions;
    this.sizes = sizes;
    this.links = links;
    this.deferral = deferral;
    this.clock = clock;
  }

  /// One task for each transport and next hop, and for those recipients about whom nothing could be
  /// decided, one that waits; for a sender who wants to hear of expanded aliases, a notice.
  @HandsOver({Queues.ANY_FILTER, Queues.ANY_DELIVERY, Queues.ANY_DEFERRED, Queues.REPORT})
  public Handover route(Mail given) {
    Optional<NamedTransport> first = given.envelope().filter();
    if (first.filter(filter -> Queues.isFilter(filter.name())).isPresent()) {
      return filtered(given, first.get().name());
    }
    AliasExpansion expansion = AliasExpansion.of(given);
    Mail mail = expansion.mail();
    Events.tell(new DeliveryEvent.Activated(mail));
    var destinations = new LinkedHashMap<Destination, List<Recipient>>();
    var undecided = new LinkedHashMap<Reason, List<Recipient>>();
    for (Recipient addressed : SameMailbox.onceEach(mail.recipients())) {
      Optional<NamedTransport> filter = mail.envelope().filter();
      Recipient recipient = addressed;
      RoutingTable.Direction direction;
      try {
        // mail for user%far.example at a domain of ours goes to user@far.example
        recipient =
            filter.isPresent()
                ? addressed
                : resolution.resolve(addressed.address()).map(addressed::to).orElse(addressed);
        direction =
            filter.isPresent()
                ? directions.through(filter.get(), recipient.address())
                : directions.of(recipient.address(), mail.reversePath());
      } catch (DomainList.Unavailable e) {
        direction =
            new RoutingTable.Direction.Postponed(Reason.of("4.3.0", "domains: " + e.getMessage()));
      }
      switch (direction) {
        case RoutingTable.Direction.Towards(Destination destination) ->
            destinations.computeIfAbsent(destination, d -> new ArrayList<>()).add(recipient);
        case RoutingTable.Direction.Undecided waits -> {
          Reason reason = waits.reason();
          Events.tell(new DeliveryEvent.NotRouted(mail, recipient, reason));
          undecided.computeIfAbsent(reason, r -> new ArrayList<>()).add(recipient);
        }
      }
    }
    var parts = parts(mail, destinations);
    int decided = parts.size();
    undecided.values().forEach(recipients -> parts.add(mail.with(recipients)));
    expansion.notice().ifPresent(notice -> parts.add(notice.mail()));
    List<Mail> held;
    try {
      held = links.split(parts);
    } catch (IOException e) {
      Events.tell(new StageEvent.NoContent(mail.id(), "routing.Routing", "split", e));
      return deferral.defer(
          given, Reason.of("4.3.0", "content cannot be split: " + e.getMessage()));
    }
    var tasks = new ArrayList<>(held.subList(0, decided).stream().map(Routing::task).toList());
    var reasons = List.copyOf(undecided.keySet());
    for (int i = 0; i < reasons.size(); i++) {
      tasks.addAll(deferral.defer(held.get(decided + i), reasons.get(i)).all());
    }
    expansion
        .notice()
        .ifPresent(
            notice ->
                tasks.add(new Task(Queues.REPORT, new Notice(notice.action(), held.getLast()))));
    return Handover.of(tasks);
  }

  /// To a route of content filters: the whole message, before anything else is decided about it.
  private Handover filtered(Mail mail, String queue) {
    if (directions.hasFilter(queue)) {
      Events.tell(new DeliveryEvent.Activated(mail));
      return Handover.of(List.of(new Task(queue, mail)));
    }
    Reason reason = Reason.of("4.3.5", "no route consumes artemis:" + queue);
    mail.recipients().forEach(each -> Events.tell(new DeliveryEvent.NotRouted(mail, each, reason)));
    return deferral.defer(mail, reason);
  }

  private List<Mail> parts(Mail mail, Map<Destination, List<Recipient>> destinations) {
    Instant now = clock.instant();
    Envelope envelope = mail.envelope();
    Progress before = envelope.progress();
    var progress =
        new Progress(before.attempt(), before.faults(), before.due(), now, before.warned());
    var parts = new ArrayList<Mail>();
    Optional<Verp> verp = envelope.parameters().verp();
    destinations.forEach(
        (destination, recipients) -> {
          if (verp.isPresent()) {
            for (Recipient recipient : recipients) {
              Mail part = mail.to(recipient, verp.get());
              parts.add(part.with(part.envelope().with(progress).with(destination)));
            }
            return;
          }
          int together = isSingle(destination) ? 1 : sizes.of(destination.transport());
          for (int from = 0; from < recipients.size(); from += together) {
            int to = Math.min(recipients.size(), from + together);
            parts.add(
                mail.with(
                    envelope.with(recipients.subList(from, to)).with(progress).with(destination)));
          }
        });
    return parts;
  }

  private static boolean isSingle(Destination destination) {
    return Transport.named(destination.transport()).filter(Transport::isSingle).isPresent();
  }

  private static Task task(Mail part) {
    Destination destination = part.envelope().destination().orElseThrow();
    return new Task(Queues.delivery(destination.transport()), part);
  }
}
