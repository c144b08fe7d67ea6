package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.caravanmta.Ports;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGTERM: who is in the middle of a message may finish it, who is idle is told, who hangs is not
/// waited for, and the exit code is 0. SIGHUP ends nothing.
class EndTest {
  @TempDir Path directory;

  @Test
  void aMessageInTheMiddleIsFinishedAndAnIdleClientIsTold() throws Exception {
    var mute =
        TestServer.start()
            .offering("XFORWARD NAME ADDR PROTO HELO IDENT SOURCE")
            .on("MAIL", TestServer.SILENCE);
    var caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "delivery.relayhost=" + mute.nextHop(),
            "--set",
            "delivery.outgoing.xforward=true");
    // what other servers take for "read your settings again", and a terminal for "I have gone"
    new ProcessBuilder("kill", "-HUP", String.valueOf(caravan.pid())).start().waitFor();
    await().until(() -> caravan.says("SIGHUP is ignored"));
    try (mute;
        var busy = Talk.to(caravan.smtp);
        var idle = Talk.to(caravan.smtp);
        var hanging = Talk.to(caravan.smtp)) {
      hanging.say("MAIL FROM:<bob@caravan.test>");
      hanging.say("RCPT TO:<far@far.example>");
      hanging.say("DATA");
      assertThat(hanging.data("for a server that hangs\r\n".getBytes(StandardCharsets.US_ASCII)))
          .startsWith("250");
      await().until(() -> mute.commands().stream().anyMatch(c -> c.startsWith("MAIL")));
      assertThat(mute.commands())
          .as("a next hop that is told whom mail is from")
          .anyMatch(command -> command.matches("XFORWARD .*ADDR=127\\.0\\.0\\.1 .*"));
      hanging.say("MAIL FROM:<bob@caravan.test>");
      hanging.say("RCPT TO:<alice@caravan.test>");
      hanging.say("DATA");
      busy.say("MAIL FROM:<bob@caravan.test>");
      busy.say("RCPT TO:<alice@caravan.test>");
      busy.say("DATA");
      busy.raw().write("Subject: half\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      busy.raw().flush();
      long begun = System.nanoTime();
      var end = Thread.ofVirtual().start(() -> terminate(caravan));

      assertThat(idle.reply()).startsWith("421 4.3.2");
      assertThat(busy.data("the other half\r\n".getBytes(StandardCharsets.US_ASCII)))
          .startsWith("250 2.0.0 Ok");
      end.join();
      assertThat(caravan.exit()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    }
    try (var again = Server.on(caravan.smtp, caravan.submission, caravan.data, "-Xmx256m")) {
      await().until(() -> again.maildir("alice").size() == 1);
      assertThat(again.ask("queue", "list")).contains("far@far.example");
    }
  }

  @Test
  void twoCannotShareADataDirectory() throws Exception {
    try (var first = Server.start(directory.resolve("var"));
        var second = Server.launch(Ports.free(), Ports.free(), first.data, "-Xmx128m")) {
      assertThat(second.exit()).isEqualTo(2);
      assertThat(second.lines())
          .singleElement()
          .asString()
          .contains("another Caravan is running in " + first.data);
      assertThat(first.alive()).isTrue();
      try (var talk = Talk.to(first.smtp)) {
        assertThat(talk.say("NOOP")).startsWith("250");
      }
    }
  }

  private static void terminate(Server caravan) {
    try {
      caravan.terminate();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
