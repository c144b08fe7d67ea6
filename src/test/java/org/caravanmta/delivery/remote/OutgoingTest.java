package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.message.Reason;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.SmtpDialogue;
import org.caravanmta.smtp.client.TestServer;
import org.caravanmta.smtp.client.Transfer;
import org.caravanmta.smtp.client.Unreachable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How long servers are waited for at each step, by the settings: all other steps have minutes.
@Timeout(90)
class OutgoingTest {
  private final TestServer server = TestServer.start();

  @TempDir Path directory;

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "outgoing.timeouts.mail, MAIL, sending MAIL FROM",
    "outgoing.timeouts.recipient, RCPT, sending RCPT TO",
    "outgoing.timeouts.data, DATA, sending DATA command",
    "data-timeout, ., sending end of data -- message may be sent more than once",
    "command-timeout, MAIL, sending MAIL FROM",
    "command-timeout, RCPT, sending RCPT TO",
    "command-timeout, DATA, sending DATA command",
  })
  void aStepThatHangsEnds(String setting, String command, String stage) throws Exception {
    server.offering("SIZE").on(command, TestServer.SILENCE);
    try (SmtpDialogue dialogue =
        SmtpDialogue.open(peer(), Protocol.SMTP, caller(setting), Approach.PLAIN)) {
      assertThat(transfer(dialogue).attempts())
          .containsExactly(
              new Attempt.Deferred(
                  Reason.of(
                      "4.4.2",
                      "conversation with mx.example[127.0.0.1] timed out while " + stage)));
    }
  }

  /// What a server says to XFORWARD matters to nobody, but it must say something.
  @Test
  void soDoesXforward() throws Exception {
    server.offering("XFORWARD NAME ADDR PROTO HELO SOURCE IDENT").on("XFORWARD", "SILENCE");
    SmtpCaller caller = caller("outgoing.timeouts.xforward").withXforward(true);
    try (SmtpDialogue dialogue = SmtpDialogue.open(peer(), Protocol.SMTP, caller, Approach.PLAIN)) {
      assertThat(transfer(dialogue).attempts())
          .singleElement()
          .isInstanceOfSatisfying(
              Attempt.Deferred.class,
              deferred ->
                  assertThat(deferred.reason().text())
                      .startsWith("conversation with mx.example[127.0.0.1] timed out while"));
    }
    assertThat(server.commands()).noneMatch(command -> command.startsWith("MAIL"));
  }

  @ParameterizedTest
  @CsvSource({"outgoing.timeouts.hello", "command-timeout"})
  void soDoesTheReplyToEhlo(String setting) throws Exception {
    server.on("EHLO", TestServer.SILENCE);
    SmtpCaller caller = caller(setting);
    assertThatThrownBy(() -> SmtpDialogue.open(peer(), Protocol.SMTP, caller, Approach.PLAIN))
        .isInstanceOfSatisfying(
            Unreachable.class,
            why ->
                assertThat(why.reason())
                    .isEqualTo(
                        Reason.of(
                            "4.4.2",
                            "conversation with mx.example[127.0.0.1] timed out while performing"
                                + " the EHLO handshake")));
  }

  private static Transfer transfer(SmtpDialogue dialogue) {
    return dialogue.transfer(
        Letters.to("a@ex.example"),
        stored -> {
          throw new IOException("nothing is stored");
        });
  }

  private Peer peer() {
    return new Peer("mx.example", server.address());
  }

  private SmtpCaller caller(String setting) throws Exception {
    var settings =
        SettingsFile.read(
            Optional.empty(), List.of("delivery." + setting + "=1s"), Optional.of(directory));
    RemoteSettings remote = settings.delivery().remote();
    return new SmtpCaller("relay.example", remote.connection(), remote.outgoing().caller());
  }
}
