package org.caravanmta.quarantine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Idn;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.selector.Judged;
import org.caravanmta.queue.selector.NumberField;
import org.caravanmta.queue.selector.TextField;
import org.caravanmta.state.Quarantined;

/// An entry of the index as selectors see it: as they see the message on its queue.
///
/// @param now when it is judged
record JudgedQuarantined(Quarantined entry, Instant now) implements Judged {
  @Override
  public Optional<List<String>> texts(TextField field) {
    return Optional.of(
        switch (field) {
          case ID -> List.of(entry.id());
          case SENDER -> entry.sender().isEmpty() ? List.of("<>") : forms(entry.sender()).toList();
          case RECIPIENT -> entry.recipients().stream().flatMap(JudgedQuarantined::forms).toList();
          case DOMAIN -> entry.recipients().stream().map(JudgedQuarantined::domain).toList();
          case QUEUE -> List.of(Queues.QUARANTINED);
          case REASON -> List.of(entry.why());
          case FILTER -> List.of(entry.filter());
          case CLIENT -> client(entry.client());
          case SUBJECT -> List.of(entry.subject());
          case NEXT_HOP, TRANSPORT -> List.of();
        });
  }

  @Override
  public OptionalLong number(NumberField field) {
    return OptionalLong.of(
        switch (field) {
          case AGE -> Duration.between(entry.arrived(), now).toMillis();
          case DETAINED -> Duration.between(entry.since(), now).toMillis();
          case ATTEMPTS -> 0;
          case SIZE -> entry.size();
        });
  }

  /// An address as it is written and, where its domain has another form, with that of ASCII.
  private static Stream<String> forms(String address) {
    String domain = address.substring(address.lastIndexOf('@') + 1);
    return Ascii.is(domain) ? Stream.of(address) : Stream.of(address, ascii(address, domain));
  }

  private static String ascii(String address, String domain) {
    return address.substring(0, address.length() - domain.length()) + Idn.ascii(domain);
  }

  private static String domain(String address) {
    String domain = address.substring(address.lastIndexOf('@') + 1);
    return Ascii.is(domain) ? domain : Idn.ascii(domain);
  }

  /// The name and the address of `name[address]`.
  private static List<String> client(String client) {
    int bracket = client.indexOf('[');
    return bracket < 0 || !client.endsWith("]")
        ? List.of(client)
        : List.of(client.substring(0, bracket), client.substring(bracket + 1, client.length() - 1));
  }
}
