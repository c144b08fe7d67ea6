package org.caravanmta.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.message.Client;
import org.caravanmta.message.EveryFact;
import org.caravanmta.policy.LogLines;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the log says of a client, from its connection to a refusal: a fact that is added later is
/// not forgotten.
class ClientInLogTest {
  /// What Postfix's lines have no place for. Whether the client is ours is seen from its address.
  private static final Set<String> UNSAID =
      Set.of("host.port", "host.reverse", "host.own", "entrance.server");

  @ParameterizedTest
  @MethodSource("org.caravanmta.message.EveryFact#names")
  void itsSessionSaysWhatIsKnownOfIt(String fact) throws Exception {
    boolean said = !lines(EveryFact.without(fact)).equals(lines(EveryFact.FULL));
    assertThat(said).isEqualTo(!UNSAID.contains(fact));
  }

  private static List<String> lines(Client client) {
    try (var log = new LogLines("org.caravanmta.reception")) {
      Events.tell(new SessionEvent.Connected(client));
      Events.tell(new SessionEvent.Secured(client));
      Events.tell(new SessionEvent.Begun("4XyZ", client, ""));
      Events.tell(
          new SessionEvent.Refused(
              "RCPT",
              client,
              Optional.of("4XyZ"),
              Optional.empty(),
              Optional.empty(),
              Reply.of(550, "5.1.1", "User unknown")));
      return log.lines();
    }
  }
}
