package org.caravanmta.delivery.local;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.Events;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.caravanmta.message.QueueIds;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;

/// The making of the message that is forwarded from a recipient to other addresses (RFC 5321 §3.9).
/// It has an id of its own, and `Received` and `Delivered-To` in front, by which a loop is
/// detected. Canonical tables and virtual aliases apply to its recipients; header rules, filters
/// and automatic copies do not.
///
/// @param rewriting rewrites mail that is forwarded
/// @param deliveredTo whether it gets `Delivered-To` (postfix `prepend_delivered_header`)
public record Forwarding(
    UnaryOperator<Case> rewriting,
    QueueIds ids,
    String hostname,
    boolean deliveredTo,
    InstantSource clock) {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z (z)", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /// What came of it.
  sealed interface Made {
    /// The message has been made.
    ///
    /// @param parts the message under one id, in parts of as many recipients as a queue takes
    record Ready(String id, List<Mail> parts) implements Made {}

    /// A table cannot be read now.
    record Unavailable(String why) implements Made {}
  }

  /// Makes the message.
  ///
  /// @param owner the owner of a mailing list: the message gets the owner as its reverse path, and
  ///   what the original sender asked of reports does not apply to the members, for whom it is
  ///   another message, sent to them by the list (RFC 3461 §5.2.7.4); absent for other aliases
  /// @param via the address for `Delivered-To`
  Made to(
      Mail mail, Recipient from, List<Address> addresses, Optional<Address> owner, Address via) {
    Envelope before = mail.envelope();
    Instant now = clock.instant();
    String id = ids.next();
    List<Recipient> recipients =
        addresses.stream()
            .map(
                address ->
                    new Recipient(
                        address,
                        owner.isPresent() ? address : from.original(),
                        owner.isPresent() ? Optional.empty() : withoutSuccess(from.notifyOn()),
                        owner.isPresent() ? Optional.empty() : from.orcpt(),
                        Optional.empty()))
            .toList();
    MailOptions given = before.parameters();
    var envelope =
        Envelope.of(
                id,
                owner
                    .filter(_ -> !(before.reversePath() instanceof ReversePath.Null))
                    .map(ReversePath::of)
                    .orElse(before.reversePath()),
                recipients,
                before.client(),
                owner.isPresent() ? given.withoutReports() : given,
                now)
            .with(before.purpose());
    Headers headers =
        (deliveredTo
                ? mail.headers()
                    .prepend(
                        Headers.Field.of("Delivered-To", via.toString().toLowerCase(Locale.ROOT)))
                : mail.headers())
            .prepend(
                Headers.Field.of(
                    "Received",
                    "by " + hostname + " (Caravan)\r\n\tid " + id + "; " + DATE.format(now)));
    Case rewritten = rewriting.apply(new Case.Message(new Mail(envelope, headers, mail.content())));
    if (!(rewritten instanceof Case.Message(Mail made, Verdict verdict, _, _))
        || !(verdict instanceof Verdict.Undecided)) {
      return new Made.Unavailable("forwarded mail cannot be rewritten now");
    }
    Events.tell(new DeliveryEvent.Forwarded(made, mail.id()));
    return new Made.Ready(id, parts(made));
  }

  private static List<Mail> parts(Mail mail) {
    var parts = new ArrayList<Mail>();
    List<Recipient> all = mail.recipients();
    for (int from = 0; from < all.size(); from += Envelope.MOST_RECIPIENTS) {
      parts.add(
          mail.with(all.subList(from, Math.min(from + Envelope.MOST_RECIPIENTS, all.size()))));
    }
    return parts;
  }

  /// The request for reports without that of success: the sender gets one report of the expansion,
  /// and none of each delivery (RFC 3461 §5.2.7.3).
  private static Optional<Notify> withoutSuccess(Optional<Notify> notify) {
    return notify.map(
        asked -> {
          var events = EnumSet.noneOf(Notify.Event.class);
          events.addAll(asked.events());
          events.remove(Notify.Event.SUCCESS);
          return new Notify(events);
        });
  }
}
