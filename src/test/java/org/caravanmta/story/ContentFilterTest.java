package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.caravanmta.Ports;
import org.caravanmta.reception.TlsPeer;
import org.caravanmta.tls.server.SelfSigned;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Content filters after the queue (postfix `FILTER_README`): a program that takes each message and
/// gives it back.
@Execution(ExecutionMode.CONCURRENT)
class ContentFilterTest {
  @TempDir Path directory;

  private int usual;
  private int other;
  private int reinjection;

  @BeforeEach
  void choosePorts() throws IOException {
    usual = Ports.free();
    other = Ports.free();
    reinjection = Ports.free();
  }

  private Server start(String... more) throws Exception {
    var settings = new ArrayList<String>();
    for (String setting : more) {
      settings.addAll(List.of("--set", setting));
    }
    settings.addAll(0, usual());
    return Server.start(directory.resolve("var"), settings.toArray(String[]::new));
  }

  private List<String> usual() {
    return List.of(
        "--set",
        "routing.content-filter=smtp:[127.0.0.1]:" + usual,
        "--set",
        "listeners.reinjection.enabled=true",
        "--set",
        "listeners.reinjection.address=127.0.0.1:" + reinjection,
        "--set",
        "smtp.xforward-hosts=[127.0.0.0/8]",
        "--set",
        "rewriting.virtual-aliases=['inline:{team@caravan.test=alice@caravan.test}']",
        "--set",
        "rewriting.always-bcc=bob@caravan.test",
        "--set",
        "checks.header=['pcre:{ {/^X-First:/ FILTER smtp:[127.0.0.1]:9}"
            + " {/^X-Second:/ FILTER smtp:[127.0.0.1]:"
            + other
            + "} {/^X-Elsewhere:/ REDIRECT alice@caravan.test}"
            + " {/^X-Drop:/ FILTER discard:dropped} {/^X-Nowhere:/ FILTER scanner:x} }']",
        "--set",
        "queue.lanes=[1s, 2s]",
        "--set",
        "delivery.suspension=1s");
  }

  /// Aliases are expanded once, one copy is made, and no message goes round.
  @Test
  void everyMessageGoesThroughTheFilterOnce() throws Exception {
    try (var filter = FilterProgram.start("usual", usual, reinjection);
        var second = FilterProgram.start("other", other, reinjection);
        var caravan = start();
        var talk = Talk.to(caravan.smtp)) {
      assertThat(talk.send("ann@far.example", "team@caravan.test", "Subject: x\r\n\r\nhello\r\n"))
          .startsWith("250 2.0.0 Ok");

      await().until(() -> caravan.maildir("alice").size() == 1);
      await().until(() -> caravan.maildir("bob").size() == 1);
      assertThat(filter.seen)
          .singleElement()
          .satisfies(
              seen -> {
                assertThat(seen.sender()).isEqualTo("ann@far.example");
                assertThat(seen.recipients())
                    .containsExactlyInAnyOrder("alice@caravan.test", "bob@caravan.test");
              });
      // the log after the filter knows whose message it is
      String told = filter.seen.getFirst().client();
      assertThat(told).contains(" ADDR=127.0.0.1").contains(" SOURCE=LOCAL");
      String id = told.replaceFirst(".* IDENT=(\\S+).*", "$1");
      assertThat(caravan.says("orig_queue_id=" + id)).isTrue();
      String stored = Files.readString(caravan.maildir("alice").getFirst());
      assertThat(stored).contains("\nX-Filtered: usual\n").endsWith("\n\nhello\n");
      assertThat(stored.lines().filter(line -> line.startsWith("Received:"))).hasSize(2);

      assertThat(
              talk.send(
                  "ann@far.example",
                  "team@caravan.test",
                  "X-Second: 1\r\nX-First: 1\r\nX-Second: 2\r\n\r\nto the last one named\r\n"))
          .startsWith("250 2.0.0 Ok");
      await().until(() -> caravan.maildir("alice").size() == 2);
      assertThat(second.seen).hasSize(1);
      assertThat(filter.seen).hasSize(1);

      // REDIRECT goes before FILTER, whichever came first, and before the usual filter
      talk.send("ann@far.example", "bob@caravan.test", "X-Elsewhere: 1\r\nX-First: 1\r\n\r\nx\r\n");
      await().until(() -> caravan.maildir("alice").size() == 3);
      assertThat(second.seen).hasSize(1);
      assertThat(filter.seen).hasSize(1);

      // any transport can be a filter; one that has no queue has the message wait
      talk.send("ann@far.example", "bob@caravan.test", "X-Drop: 1\r\n\r\nx\r\n");
      await().until(() -> caravan.says("dsn=2.0.0, status=sent (dropped)"));
      talk.send("ann@far.example", "bob@caravan.test", "X-Nowhere: 1\r\n\r\nx\r\n");
      await().until(() -> caravan.says("no transport named scanner"));

      // what the filter refuses is reported, and the report goes through no filter
      talk.send("alice@caravan.test", "team@caravan.test", "X-Virus: yes\r\n\r\nx\r\n");
      await().until(() -> caravan.maildir("alice").size() == 4);
      assertThat(newest(caravan, "alice")).contains("554 5.7.1 infected");
      assertThat(filter.seen).hasSize(2);
    }
  }

  /// While the filter is down the mail waits, and nobody sees it unfiltered.
  @Test
  void mailWaitsForAFilterThatIsAway() throws Exception {
    try (var caravan = start();
        var talk = Talk.to(caravan.smtp)) {
      String reply = talk.send("ann@far.example", "alice@caravan.test", "Subject: x\r\n\r\nhi\r\n");
      assertThat(reply).startsWith("250 2.0.0 Ok");
      await()
          .until(
              () ->
                  caravan.lines().stream()
                      .anyMatch(
                          line ->
                              line.contains("dsn=4.4.1, status=deferred (connect to 127.0.0.1")));
      assertThat(caravan.maildir("alice")).isEmpty();
      assertThat(caravan.ask("queue", "list")).contains("connect to 127.0.0.1");

      try (var filter = FilterProgram.start("usual", usual, reinjection)) {
        await().until(() -> caravan.maildir("alice").size() == 1);
        assertThat(filter.seen).hasSize(1);
        assertThat(newest(caravan, "alice")).contains("X-Filtered: usual");
      }
    }
  }

  /// RFC 8689 §4.2: a filter that does not know REQUIRETLS does not let the message out in the
  /// clear.
  @Test
  void whatRequiresTlsRequiresItAfterTheFilter() throws Exception {
    var made = SelfSigned.make("localhost", directory.resolve("tls"), Instant.now());
    var arrived = new CopyOnWriteArrayList<ReceivingServer.Message>();
    int relay = Ports.free();
    try (var filter = FilterProgram.start("usual", usual, reinjection);
        var _ =
            ReceivingServer.start(
                "127.0.0.1",
                relay,
                "250 8BITMIME",
                message -> {
                  arrived.add(message);
                  return "250 2.0.0 Ok";
                });
        var caravan =
            start(
                "tls.certificates=[" + made.certificate() + "]",
                "tls.keys=[" + made.key() + "]",
                "rewriting.always-bcc=",
                "delivery.relayhost=[127.0.0.1]:" + relay);
        var peer = TlsPeer.secured(caravan.smtp)) {
      peer.send("EHLO client.example\r\n");
      assertThat(peer.reply()).contains("250-REQUIRETLS");
      for (String parameter : List.of(" REQUIRETLS", "")) {
        String to = parameter.isEmpty() ? "plain@far.example" : "secret@far.example";
        assertThat(peer.ask("MAIL FROM:<ann@caravan.test>" + parameter)).startsWith("250");
        assertThat(peer.ask("RCPT TO:<" + to + ">")).startsWith("250");
        assertThat(peer.ask("DATA")).startsWith("354");
        assertThat(peer.ask("Subject: x\r\n\r\nHi\r\n.")).startsWith("250");
      }
      await()
          .until(
              () ->
                  caravan.lines().stream()
                      .anyMatch(
                          line ->
                              line.contains(
                                      "to=<secret@far.example>, relay=127.0.0.1[127.0.0.1]:"
                                          + relay)
                                  && line.contains("status=deferred (TLS is required")));
      await().until(() -> arrived.size() == 1);
      assertThat(filter.seen).hasSize(2);
      assertThat(arrived.getFirst().recipients()).containsExactly("plain@far.example");
    }
  }

  private static String newest(Server caravan, String user) throws Exception {
    List<Path> all = caravan.maildir(user);
    return Files.readString(all.getLast());
  }
}
