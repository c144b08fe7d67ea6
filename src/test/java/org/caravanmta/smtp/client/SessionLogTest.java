package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.config.Secret;
import org.caravanmta.message.Bodies;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Somebody hears of a server that does not keep to SMTP, and of no other.
class SessionLogTest {
  private static final Bodies NOTHING_STORED =
      _ -> {
        throw new IOException("nothing is stored");
      };

  private final TestServer server = TestServer.start();
  private final List<String> told = new ArrayList<>();
  private final SmtpCaller caller =
      new SmtpCaller(
              "relay.example", Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5))
          .telling(Optional.of((_, lines) -> told.addAll(lines)));

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "RCPT, 501 5.5.2 what, true",
    "MAIL, 503 not now, true",
    "MAIL, 555 no such option, true",
    "DATA, 500 what, true",
    "., 000 hm, true",
    "RCPT, 550 5.1.1 no such user, false",
    "RCPT, 451 later, false",
    "EHLO, 502 not known, false",
    "., 554 5.7.1 spam, false"
  })
  void codesThatSayThatTheProtocolIsBroken(String verb, String reply, boolean odd)
      throws Unreachable {
    server.on(verb, reply);

    transfer();

    assertThat(told.stream().anyMatch(line -> line.startsWith("In:  " + reply))).isEqualTo(odd);
    assertThat(told.isEmpty()).isNotEqualTo(odd);
  }

  @Test
  void aLineThatIsNotAReplyIsShownInItsPlace() throws Unreachable {
    server.on("RCPT", "hello there\n250 ok");

    transfer();

    assertThat(told)
        .containsSubsequence("Out: RCPT TO:<a@ex.example>", "In:  hello there", "In:  250 ok");
    assertThat(told).noneMatch(line -> line.contains("Subject"));
  }

  @Test
  void noPartOfALoginIsShown() {
    var log = new SessionLog(Optional.of((_, lines) -> told.addAll(lines)));
    log.hide(new Secret("pa55word"));
    log.hide("YW5u");
    log.said("AUTH PLAIN AGFubgBwYTU1d29yZA==");
    log.heard(Reply.plain(504, "what is AGFubg"), Optional.empty());
    log.said("AUTH LOGIN");
    log.heard(Reply.plain(334, "VXNlcm5hbWU6"), Optional.empty());
    log.said("YW5u");
    log.heard(Reply.plain(334, "UGFzc3dvcmQ6"), Optional.empty());
    log.said("cGE1NXdvcmQ=");
    log.heard(Reply.plain(501, "YW5u, pa55word: what?"), Optional.of("pa55word"));
    log.said("QUIT");
    log.end(new Peer("mx.example", new InetSocketAddress("127.0.0.1", 25)));

    assertThat(told)
        .containsExactly(
            "Out: AUTH PLAIN (hidden)",
            "In:  504 what is AGFubg",
            "Out: AUTH LOGIN",
            "In:  334 VXNlcm5hbWU6",
            "Out: (hidden)",
            "In:  334 UGFzc3dvcmQ6",
            "Out: (hidden)",
            "In:  (secret)",
            "In:  501 (secret), (secret): what?",
            "Out: QUIT");
  }

  private void transfer() throws Unreachable {
    var peer = new Peer("mx.example", server.address());
    try (SmtpDialogue dialogue = SmtpDialogue.open(peer, Protocol.SMTP, caller, Approach.PLAIN)) {
      var _ = dialogue.transfer(Letters.to("a@ex.example"), NOTHING_STORED);
    }
  }
}
