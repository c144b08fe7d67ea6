package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.caravanmta.message.Client;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.EveryFact;
import org.caravanmta.message.Mail;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a content filter is told by XFORWARD of the client that a message is from.
class XforwardTest {
  private static final Set<String> OFFERED =
      Set.of("NAME", "ADDR", "PORT", "PROTO", "HELO", "IDENT", "SOURCE");

  /// What Postfix has no attribute for. Whether the client is ours is said by SOURCE, and a client
  /// that has logged in is.
  private static final Set<String> UNSAID =
      Set.of(
          "host.reverse",
          "host.own",
          "secured.agreed",
          "secured.certificate",
          "loggedIn.user",
          "loggedIn.method",
          "entrance.listener",
          "entrance.server");

  @ParameterizedTest
  @MethodSource("org.caravanmta.message.EveryFact#names")
  void theFilterHearsWhatItHasAWordFor(String fact) throws Exception {
    boolean said = !commands(EveryFact.without(fact)).equals(commands(EveryFact.FULL));
    assertThat(said).isEqualTo(!UNSAID.contains(fact));
  }

  private static List<String> commands(Client client) {
    Mail mail = Letters.to("ann@ex.example");
    Envelope e = mail.envelope();
    return Xforward.commands(
        mail.with(
            Envelope.of(
                e.id(), e.reversePath(), e.recipients(), client, e.parameters(), e.arrived())),
        OFFERED);
  }
}
