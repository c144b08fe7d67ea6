package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A fact about a client that is added later is not forgotten where all of them belong.
class EveryFactTest {
  /// What the field has no word for (RFC 5321 §4.4), or what is nobody's business.
  private static final Set<String> NOT_IN_THE_FIELD =
      Set.of(
          "host.port",
          "host.reverse",
          "host.own",
          "loggedIn.user",
          "loggedIn.method",
          "entrance.listener",
          "entrance.server");

  @ParameterizedTest
  @MethodSource("org.caravanmta.message.EveryFact#names")
  void everyFactTravelsWithItsMail(String fact) throws Exception {
    Client other = EveryFact.without(fact);
    assertThat(other).isNotEqualTo(EveryFact.FULL);
    var codec = new MailCodec();
    for (Client client : Set.of(EveryFact.FULL, other)) {
      Mail mail = from(client);
      assertThat(Wire.decode(codec, Wire.encode(codec, mail)).envelope())
          .isEqualTo(mail.envelope());
    }
  }

  @ParameterizedTest
  @MethodSource("org.caravanmta.message.EveryFact#names")
  void theTraceFieldSaysWhatItHasAWordFor(String fact) throws Exception {
    boolean said = !received(EveryFact.without(fact)).equals(received(EveryFact.FULL));
    assertThat(said).isEqualTo(!NOT_IN_THE_FIELD.contains(fact));
  }

  @ParameterizedTest
  @EnumSource
  void thePurposeTravels(Purpose purpose) {
    var posted = new Client(ClientHost.here(), Greeting.NONE, Entrance.by(Entrance.POSTED));
    Mail mail = from(posted);
    mail = mail.with(mail.envelope().with(purpose));
    var codec = new MailCodec();
    Mail read = Wire.decode(codec, Wire.encode(codec, mail));
    assertThat(read.envelope()).isEqualTo(mail.envelope());
    assertThat(read.envelope().client().isPosted()).isTrue();
  }

  @Test
  void aPurposeStandsWhereTheProgramBeforeHadIt() {
    var codec = new MailCodec();
    for (String word : Set.of("watched", "verification")) {
      // what the program before wrote: the purpose as the listener
      var before = new Client(ClientHost.here(), Greeting.NONE, Entrance.by(word));
      Envelope read = Wire.decode(codec, Wire.encode(codec, from(before))).envelope();
      assertThat(read.purpose()).hasToString(word.toUpperCase(java.util.Locale.ROOT));
      assertThat(read.client().listener()).isEqualTo(Entrance.POSTED);
    }
  }

  private static String received(Client client) {
    return ReceivedField.of(from(client).envelope(), "mx.ex.example").value();
  }

  private static Mail from(Client client) {
    Mail mail = Letters.to("ann@ex.example");
    Envelope e = mail.envelope();
    return mail.with(
        Envelope.of(e.id(), e.reversePath(), e.recipients(), client, e.parameters(), e.arrived()));
  }
}
