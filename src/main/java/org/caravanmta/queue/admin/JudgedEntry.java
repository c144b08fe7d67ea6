package org.caravanmta.queue.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Idn;
import org.caravanmta.address.Literals;
import org.caravanmta.message.Client;
import org.caravanmta.message.Custody;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Glance;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Recipient;
import org.caravanmta.mime.DecodedText;
import org.caravanmta.queue.selector.Judged;
import org.caravanmta.queue.selector.NumberField;
import org.caravanmta.queue.selector.TextField;
import org.caravanmta.queue.spi.Codecs;

/// A queued message as selectors see it.
///
/// @param now when it is judged
record JudgedEntry(QueueEntry entry, Codecs codecs, Instant now) implements Judged {
  private static final String NULL_SENDER = "<>";

  @Override
  public Optional<List<String>> texts(TextField field) {
    return switch (field) {
      case ID -> Optional.of(entry.id().stream().toList());
      case SENDER ->
          Optional.of(
              entry.id().isEmpty()
                  ? List.of()
                  : entry.sender().isEmpty()
                      ? List.of(NULL_SENDER)
                      : forms(entry.sender()).toList());
      case QUEUE -> Optional.of(List.of(entry.queue()));
      case TRANSPORT -> transport();
      case NEXT_HOP -> destination(Destination::nextHop);
      case RECIPIENT ->
          recipients()
              .map(all -> each(all, isAside() ? JudgedEntry::address : JudgedEntry::addresses));
      case DOMAIN ->
          recipients().map(all -> each(all, one -> Stream.of(one.address().domain().key())));
      case REASON -> recipients().map(this::reasons);
      case FILTER -> custody(Custody::filter);
      case CLIENT ->
          recipients()
              .map(_ -> entry.glance().map(Glance::envelope).map(Envelope::client))
              .map(client -> client.map(JudgedEntry::names).orElse(List.of()));
      case SUBJECT ->
          recipients()
              .map(_ -> entry.mail(codecs).flatMap(mail -> mail.headers().first("Subject")))
              .map(subject -> subject.map(it -> DecodedText.of(it.value())).stream().toList());
    };
  }

  @Override
  public OptionalLong number(NumberField field) {
    return switch (field) {
      case AGE ->
          entry
              .arrived()
              .map(arrived -> OptionalLong.of(Duration.between(arrived, now).toMillis()))
              .orElse(OptionalLong.empty());
      case DETAINED ->
          entry
              .custody()
              .map(at -> OptionalLong.of(Duration.between(at.since(), now).toMillis()))
              .orElse(OptionalLong.empty());
      case ATTEMPTS ->
          entry.id().isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(isAside() ? 0 : entry.attempt());
      case SIZE ->
          entry.glance().map(seen -> OptionalLong.of(seen.size())).orElse(OptionalLong.empty());
    };
  }

  /// What lies in the quarantine is seen as its index has it, so that verbs and lists mean the
  /// same: what it went through before is not known there.
  private boolean isAside() {
    return Queues.isQuarantine(entry.queue());
  }

  private Optional<List<String>> transport() {
    String queue = entry.queue();
    if (Queues.isDelivery(queue)) {
      return Optional.of(List.of(Queues.transport(queue)));
    }
    return Queues.isWaiting(queue)
        ? Optional.of(List.of(Queues.transportOfLine(queue)))
        : destination(Destination::transport);
  }

  private Optional<List<String>> destination(Function<Destination, String> what) {
    return recipients()
        .map(_ -> isAside() ? List.of() : entry.destination().stream().map(what).toList());
  }

  /// Absent when the bytes are out of reach; none when they are not mail.
  private Optional<List<Recipient>> recipients() {
    return entry.bytes().isEmpty() && entry.taken()
        ? Optional.empty()
        : Optional.of(
            entry.glance().map(Glance::envelope).map(e -> e.recipients()).orElse(List.of()));
  }

  private List<String> reasons(List<Recipient> all) {
    if (isAside()) {
      return entry.custody().map(Custody::why).stream().toList();
    }
    var reasons = new ArrayList<>(each(all, JudgedEntry::reason));
    entry.why().ifPresent(reasons::add);
    entry.custody().map(Custody::why).ifPresent(reasons::add);
    return reasons;
  }

  private Optional<List<String>> custody(Function<Custody, String> what) {
    return recipients().map(_ -> entry.custody().stream().map(what).toList());
  }

  private static List<String> names(Client client) {
    return List.of(client.name(), Literals.text(client.address()));
  }

  private static Stream<String> address(Recipient recipient) {
    return forms(recipient.address().toString());
  }

  private static Stream<String> addresses(Recipient recipient) {
    return recipient.original().equals(recipient.address())
        ? address(recipient)
        : Stream.of(recipient.address(), recipient.original())
            .flatMap(each -> forms(each.toString()));
  }

  /// An address as it is written and, where its domain has another form, with that of ASCII.
  private static Stream<String> forms(String address) {
    int at = address.lastIndexOf('@') + 1;
    String domain = address.substring(at);
    return Ascii.is(domain)
        ? Stream.of(address)
        : Stream.of(address, address.substring(0, at) + Idn.ascii(domain));
  }

  private static Stream<String> reason(Recipient recipient) {
    return recipient.last().stream().map(last -> last.status() + " " + last.text());
  }

  private interface Of {
    Stream<String> texts(Recipient recipient);
  }

  private static List<String> each(List<Recipient> all, Of of) {
    return all.stream().flatMap(of::texts).distinct().toList();
  }
}
