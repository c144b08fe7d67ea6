package org.caravanmta.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.Set;
import org.caravanmta.message.Destination;
import org.caravanmta.message.NamedTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransportsTest {
  private final Transports transports =
      new Transports(
          Set.of("smtp", "lmtp", "local", "virtual", "error", "discard", "pipe", "slow", "camel"),
          Set.of(),
          Set.of("maildrop"),
          TransportsTest::endpoint);

  @ParameterizedTest
  @CsvSource({
    "smtp, smtp:x",
    "SMTP, smtp:x",
    "Lmtp, lmtp:x",
    "relay, smtp:x",
    "RELAY, smtp:x",
    "slow, slow:x",
    "maildrop, pipe:maildrop:x"
  })
  void aTransportHasItsNameInPostfix(String name, String found) {
    assertThat(
            transports
                .find(new NamedTransport(name, "x"))
                .map(to -> to.transport() + ":" + to.nextHop()))
        .hasValue(found);
  }

  @Test
  void relayMayBeATransportOfItsOwn() {
    assertThat(
            new Transports(Set.of("smtp", "relay"), Set.of(), Set.of(), _ -> {})
                .find(new NamedTransport("relay", "x")))
        .hasValue(Destination.of("relay", "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":[mx.example.org]:25",
        "smtp",
        "smtp:",
        "smtp:example.org",
        "SMTP:[192.0.2.1]",
        "relay:[mx.example.org]:submission",
        "smtp:[10.0.0.1]:smtps",
        "lmtp:unix:/run/lmtp",
        "lmtp:inet:localhost:24",
        "error:5.7.1 go away: please",
        "retry:4.3.2 later",
        "ERROR:no",
        "discard:",
        "discard",
        "maildrop:",
        "maildrop:any thing",
        "slow:whatever it takes",
        "smtp:[$1]",
        "smtp:${1}.example.org:$2"
      })
  void whatMailWouldTakeIsAnEntry(String entry) {
    transports.expectEntry(entry);
  }

  @ParameterizedTest
  @CsvSource({
    "nosuch:[10.0.0.1], there is no transport nosuch",
    "smtp2, there is no transport smtp2",
    "smtp:[10.0.0.1]:70000, is not a port",
    "smtp:[10.0.0.1]:nosuchport, is not a port",
    "smtp:unix:/x, lmtp only",
    "lmtp:unixx:/x, is not a port",
    "lmtp:nonsense:/x/y, is not a port",
    "'relay:[a],[b', is not a next hop"
  })
  void whatMailWouldWaitForForEverIsRefused(String entry, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> transports.expectEntry(entry))
        .withMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "DUNNO", "[mx.example.org]:587", "example.org", "$1.example.org"})
  void aSendersRelayHostIsANextHop(String value) {
    Transports.expectRelayhost(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dunno", "DUNNO", "smtp", "slow:", "relay:[mx.example.org]"})
  void aSendersTransportIsOneThatThereIs(String value) {
    transports.expectSenders(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"smtp:[mx.example.org]", "unix:/x", "[mx.example.org]:0"})
  void whatIsNoneIsRefused(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> Transports.expectRelayhost(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "camel:kafka:tickets?brokers=a:1",
        "Camel:file:/var/x?fileName=${header.CaravanId}"
      })
  void anEndpointIsOneThatCanBeMade(String entry) {
    assertThatNoException().isThrownBy(() -> transports.expectEntry(entry));
    assertThatNoException().isThrownBy(() -> transports.expectSenders(entry));
    assertThatNoException().isThrownBy(() -> transports.expect(entry));
  }

  @ParameterizedTest
  @ValueSource(strings = {"camel", "camel:", "camel:nonsense:x"})
  void whyAnEndpointCannotBeMadeIsSaid(String entry) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> transports.expectEntry(entry))
        .withMessage("not an endpoint");
  }

  /// A sender's address would choose the file, or worse: Camel evaluates what is in a URI.
  @ParameterizedTest
  @ValueSource(strings = {"camel:file:/var/$1", "CAMEL:file:/var/${1}/x", "camel:$(1)"})
  void aSenderDoesNotChooseAnEndpoint(String entry) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> transports.expectSenders(entry))
        .withMessageContaining("senders are strangers");
  }

  private static void endpoint(String uri) {
    if (!uri.matches("(kafka|file):.+")) {
      throw new IllegalArgumentException("not an endpoint");
    }
  }
}
