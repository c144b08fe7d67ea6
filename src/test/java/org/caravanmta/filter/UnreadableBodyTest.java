package org.caravanmta.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.caravanmta.filter.clamd.ClamdFilter;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.filter.contract.Playback;
import org.caravanmta.filter.contract.RudeServer;
import org.caravanmta.filter.hooks.HooksFilter;
import org.caravanmta.filter.hooks.HooksService;
import org.caravanmta.filter.hooks.HooksStage;
import org.caravanmta.filter.hooks.HooksTerms;
import org.caravanmta.filter.hooks.QueuedFilter;
import org.caravanmta.filter.hooks.ScriptedService;
import org.caravanmta.filter.icap.IcapFilter;
import org.caravanmta.filter.milter.MacroNames;
import org.caravanmta.filter.milter.MilterFilter;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.caravanmta.filter.proxy.ProxyFilter;
import org.caravanmta.filter.rspamd.RspamdFilter;
import org.caravanmta.filter.rspamd.RspamdTerms;
import org.caravanmta.filter.spamd.SpamdFilter;
import org.caravanmta.filter.spamd.SpamdTerms;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A body of ours that cannot be read: no server of a filter is to blame, and none is waited for.
class UnreadableBodyTest {
  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private static final int LENGTH = 3_000_000;

  @TempDir Path store;

  /// Breaks off.
  private static final class Damaged extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("it is not what was stored");
    }
  }

  private void isNotToBlame(MessageFilter filter) {
    Bodies missing =
        stored -> {
          throw new IOException("there is no " + stored.ref());
        };
    Bodies damaged =
        _ -> new SequenceInputStream(new ByteArrayInputStream(new byte[LENGTH / 2]), new Damaged());
    for (Bodies bodies : new Bodies[] {missing, damaged}) {
      Examined letter = ExaminedLetters.of("Subject: x\r\n", "x\r\n", store);
      Mail mail = letter.mail().with(new Content.Stored("body", LENGTH, 7));
      assertThat(
              filter
                  .examine(
                      new Examined(mail, letter.hostname(), bodies, letter.bodyWriter(), false))
                  .judgement())
          .isInstanceOfSatisfying(
              Judgement.NoAnswer.class,
              none -> {
                assertThat(none.cause()).isEqualTo(Judgement.NoAnswer.Cause.MESSAGE);
                assertThat(none.why()).contains("be read");
              });
    }
  }

  /// Takes everything, and says nothing.
  private static RudeServer silent() throws IOException {
    return new RudeServer("", Integer.MAX_VALUE, false);
  }

  @Test
  void clamd() throws IOException {
    try (var server = silent();
        var filter = new ClamdFilter(server.address(), PATIENCE)) {
      isNotToBlame(filter);
    }
  }

  @Test
  void spamd() throws IOException {
    try (var server = silent();
        var filter =
            new SpamdFilter(
                server.address(),
                PATIENCE,
                new SpamdTerms(
                    SpamdTerms.Command.PROCESS,
                    Long.MAX_VALUE,
                    Optional.empty(),
                    OptionalDouble.empty()))) {
      isNotToBlame(filter);
    }
  }

  @Test
  void rspamd() throws IOException {
    try (var server = silent();
        var filter =
            new RspamdFilter("http://127.0.0.1:" + server.port(), PATIENCE, RspamdTerms.USUAL)) {
      isNotToBlame(filter);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Preview: 10\r\n", "Connection: close\r\n"})
  void icap(String fields) throws IOException {
    String options = "ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\nOptions-TTL: 0\r\n" + fields + "\r\n";
    String more = fields.startsWith("Preview") ? "ICAP/1.0 100 Continue\r\n\r\n" : "";
    try (var server = new RudeServer(options + more, 1, false);
        var filter =
            new IcapFilter("icap://127.0.0.1:" + server.port() + "/x", PATIENCE, Instant::now)) {
      isNotToBlame(filter);
    }
  }

  @Test
  void hooks() throws IOException {
    try (var service = new ScriptedService();
        var filter =
            new HooksFilter(
                new HooksService(
                    service.url(),
                    new HooksTerms(
                        "mx.example.com",
                        Optional.of(ScriptedService.TOKEN),
                        Set.of(HooksStage.DATA),
                        Optional.empty()),
                    PATIENCE,
                    InstantSource.system()))) {
      isNotToBlame(filter);
    }
  }

  @Test
  void queue() {
    isNotToBlame(
        new QueuedFilter(
            (_, _) -> {
              throw new IllegalStateException("it is not asked");
            },
            Duration.ofSeconds(20),
            Long.MAX_VALUE,
            InstantSource.system()));
  }

  @Test
  void milter() throws Exception {
    try (var milter = new ScriptedMilter()) {
      isNotToBlame(
          new Playback(
              new MilterFilter(
                  milter.address(), PATIENCE, MacroNames.USUAL, AnyAnswerTest.house())));
    }
  }

  @Test
  void smtp() {
    try (var server = TestServer.start();
        var filter = new ProxyFilter(ProxyFilter.parse("127.0.0.1:" + server.port()), PATIENCE)) {
      isNotToBlame(filter);
    }
  }
}
