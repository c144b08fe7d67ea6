package org.caravanmta.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Content;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Recipient;
import org.caravanmta.quarantine.QuarantineSettings.Told;
import org.caravanmta.web.WebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Links of digests over HTTP: a look changes nothing, the button does what it says, once.
class LinkPagesTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path directory;
  private Ward ward;
  private WebServer server;

  @BeforeEach
  void open() throws Exception {
    ward = Ward.embedded(directory);
    server =
        new WebServer(
            "quarantine",
            "quarantine.address",
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
            ward.pages(),
            WebServer.PATIENCE);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    ward.close();
  }

  private Mail mail(String id, String subject, String... recipients) {
    return Ward.detained(id, subject, ward.clock.instant(), recipients);
  }

  /// What the digest says that goes out now.
  private List<String> digests(Told told) throws Exception {
    ward.memory().last(ward.clock.instant());
    ward.clock.turn(Duration.ofDays(1));
    String base = "http://127.0.0.1:" + server.address().getPort() + "/quarantine";
    long before = letters().size();
    ward.digests(Ward.settings(told, Optional.of(base))).tick(ward.clock.instant());
    return letters().stream().skip(before).map(LinkPagesTest::text).toList();
  }

  private List<Mail> letters() throws Exception {
    return ward.depot.waiting("routing").stream()
        .map(Mail.class::cast)
        .filter(mail -> mail.id().startsWith("digest"))
        .toList();
  }

  private static String text(Mail letter) {
    return letter.recipients().getFirst().address()
        + "\n"
        + new String(
            Base64.getMimeDecoder().decode(((Content.Inline) letter.content()).bytes()),
            StandardCharsets.UTF_8);
  }

  private static String link(String digest, String word) {
    var found = Pattern.compile("(?m)^" + Pattern.quote(word) + " +(http\\S+)").matcher(digest);
    assertThat(found.find()).as(word + " in " + digest).isTrue();
    return found.group(1);
  }

  private static String of(List<String> digests, String recipient) {
    return digests.stream().filter(it -> it.startsWith(recipient)).findFirst().orElseThrow();
  }

  private static HttpResponse<String> ask(String method, String link) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(link))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private List<String> waiting() throws Exception {
    return ward.depot.waiting("routing").stream()
        .map(Mail.class::cast)
        .filter(mail -> !mail.id().startsWith("digest"))
        .map(mail -> mail.id() + " " + mail.addresses())
        .toList();
  }

  @Test
  void aLookChangesNothingAndTheButtonReleasesOnce() throws Exception {
    ward.put(mail("one", "<b>5 &amp; \"6\"</b>", "kim@own.example"));
    String link = link(digests(Told.RECIPIENTS).getFirst(), "Release:");

    for (String method : List.of("GET", "HEAD", "GET")) {
      HttpResponse<String> looked = ask(method, link);
      assertThat(looked.statusCode()).isEqualTo(200);
      assertThat(looked.headers().map())
          .containsEntry("cache-control", List.of("no-store"))
          .containsEntry("referrer-policy", List.of("no-referrer"));
      assertThat(looked.headers().firstValue("content-security-policy").orElseThrow())
          .startsWith("default-src 'none'; style-src 'sha256-");
    }
    String page = ask("GET", link).body();
    assertThat(page)
        .contains("alice@example.org", "kim@own.example", "5.7.1 looks odd")
        .contains("<form method=\"post\">")
        .contains("&lt;b&gt;5 &amp;amp; &quot;6&quot;&lt;/b&gt;")
        .doesNotContain("<b>", "script");
    assertThat(waiting()).isEmpty();
    for (String method : List.of("PUT", "DELETE", "OPTIONS")) {
      assertThat(ask(method, link).statusCode()).isEqualTo(405);
    }
    assertThat(ward.listed()).containsExactly("one");

    HttpResponse<String> done = ask("POST", link);
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.body())
        .contains("The message is released", "on its way to kim@own.example", "alice@example.org")
        .contains("&lt;b&gt;5 &amp;amp; &quot;6&quot;&lt;/b&gt;")
        .doesNotContain("<b>", "<form");
    assertThat(waiting()).containsExactly("one kim@own.example");
    assertThat(ward.listed()).isEmpty();
    for (String method : List.of("POST", "GET", "POST")) {
      assertThat(ask(method, link).body())
          .contains("It was released or deleted before")
          .doesNotContain("alice@example.org", "<form");
    }
    assertThat(waiting()).hasSize(1);
  }

  @Test
  void whatOneRecipientDoesIsDoneForHimOnly() throws Exception {
    ward.put(mail("one", "x", "kim@own.example", "lee@own.example", "pat@own.example"));
    List<String> digests = digests(Told.RECIPIENTS);
    assertThat(digests).hasSize(3);

    assertThat(ask("POST", link(of(digests, "kim@"), "Release:")).body()).contains("is released");
    assertThat(waiting()).containsExactly("one kim@own.example");
    assertThat(ask("GET", link(of(digests, "kim@"), "Delete:")).body())
        .contains("no longer in the");
    assertThat(ask("POST", link(of(digests, "lee@"), "Delete:")).body()).contains("is deleted");
    assertThat(ask("POST", link(of(digests, "lee@"), "Release:")).body())
        .contains("no longer in the");
    assertThat(ward.listed("--recipient", "pat@own.example")).containsExactly("one");
    assertThat(ward.listed("--recipient", "lee@own.example")).isEmpty();
    assertThat(digests(Told.RECIPIENTS)).as("pat was told").isEmpty();
    assertThat(ask("POST", link(of(digests, "pat@"), "Release:")).body()).contains("is released");
    assertThat(waiting()).containsExactly("one kim@own.example", "one pat@own.example");
    assertThat(ward.index.count()).isZero();
  }

  @Test
  void partsOfAStoredBodyHaveReferencesOfTheirOwn() throws Exception {
    var spool = ward.store.create("big");
    spool.write(new byte[100_000], 0, 100_000);
    Content.Stored stored = spool.finish();
    ward.put(mail("big", "x", "kim@own.example", "lee@own.example").with(stored));
    List<String> digests = digests(Told.RECIPIENTS);

    ask("POST", link(of(digests, "kim@"), "Release:"));
    ask("POST", link(of(digests, "lee@"), "Release:"));
    var refs = new ArrayList<String>();
    for (Object each : ward.depot.waiting("routing")) {
      if (((Mail) each).content() instanceof Content.Stored body) {
        assertThat(ward.store.read(body).readAllBytes()).hasSize(100_000);
        refs.add(body.ref());
      }
    }
    assertThat(refs).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void whatWeHaveNotWrittenIsNotFollowed() throws Exception {
    ward.put(mail("one", "the subject", "kim@own.example"));
    String link = link(digests(Told.RECIPIENTS).getFirst(), "Release:");
    int start = link.lastIndexOf('/') + 1;
    for (int at = start; at < link.length(); at++) {
      for (char other : new char[] {'A', 'B', 'Z', '-', '.'}) {
        if (link.charAt(at) != other) {
          String altered = link.substring(0, at) + other + link.substring(at + 1);
          HttpResponse<String> answer = ask(at % 2 == 0 ? "GET" : "POST", altered);
          assertThat(answer.statusCode()).as(altered).isEqualTo(404);
          assertThat(answer.body()).doesNotContain("the subject", "alice@");
        }
      }
    }
    for (String path : List.of("", "x", "..", ".", "a.b.c", "%00", link.substring(start) + "=")) {
      assertThat(ask("POST", link.substring(0, start) + path).statusCode()).isEqualTo(404);
    }
    assertThat(waiting()).isEmpty();

    ward.clock.turn(Duration.ofDays(29));
    HttpResponse<String> late = ask("POST", link);
    assertThat(late.statusCode()).isEqualTo(200);
    ward.put(mail("two", "the subject", "kim@own.example"));
    String next = link(digests(Told.RECIPIENTS).getFirst(), "Release:");
    ward.clock.turn(Duration.ofDays(29).plusSeconds(1));
    HttpResponse<String> expired = ask("POST", next);
    assertThat(expired.statusCode()).isEqualTo(410);
    assertThat(expired.body()).contains("has expired").doesNotContain("the subject", "alice@");
    assertThat(waiting()).containsExactly("one kim@own.example");
  }

  @Test
  void aRecipientBlocksASenderForHimselfAndThePostmasterForADomain() throws Exception {
    ward.put(mail("one", "x", "kim@own.example", "Lee@OWN.example", "somebody@elsewhere.example"));
    String his = link(of(digests(Told.RECIPIENTS), "kim@"), "Block:");
    assertThat(ask("GET", his).body())
        .contains("Mail from alice@example.org to kim@own.example is refused then.");
    assertThat(ward.blocklist.all()).isEmpty();
    assertThat(ask("POST", his).body()).contains("is refused now");
    assertThat(ask("POST", his).body()).contains("is blocked already");
    assertThat(ward.type("quarantine", "delete", "ALL").status()).isZero();
    assertThat(ask("GET", his).body()).contains("is blocked already");

    ward.put(mail("two", "x", "kim@own.example", "Lee@OWN.example", "somebody@elsewhere.example"));
    String digest = digests(Told.POSTMASTER).getFirst();
    assertThat(digest.split("Block for ")).hasSize(2);
    assertThat(ask("POST", link(digest, "Block for own.example:")).statusCode()).isEqualTo(200);
    assertThat(ward.blocklist.all().stream().map(it -> it.recipient() + " by " + it.author()))
        .containsExactly(
            "kim@own.example by a link of kim@own.example",
            "own.example by a link of the postmaster");
    assertThat(ask("POST", link(digest, "Release:")).body()).contains("is released");
    assertThat(waiting()).hasSize(1);
    assertThat(((Mail) ward.depot.waiting("routing").getLast()).recipients()).hasSize(3);
  }

  @Test
  void theNullSenderIsNotBlocked() throws Exception {
    Mail mail = mail("one", "x", "kim@own.example");
    ward.put(
        mail.with(
            Envelope.of(
                    "one",
                    ReversePath.NULL,
                    List.of(Recipient.of(Address.parse("kim@own.example"))),
                    mail.envelope().client(),
                    MailOptions.NONE,
                    mail.envelope().arrived())
                .with(mail.envelope().passage())));
    assertThat(digests(Told.RECIPIENTS).getFirst()).contains("Release:").doesNotContain("Block");
  }

  @Test
  void ofTwoWhoPressAtTheSameTimeOneIsFaster() throws Exception {
    ward.put(mail("one", "x", "kim@own.example", "lee@own.example"));
    String link = link(of(digests(Told.RECIPIENTS), "kim@"), "Release:");
    var together = new CyclicBarrier(4);
    Callable<Integer> press =
        () -> {
          together.await();
          return ask("POST", link).statusCode();
        };
    try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 4; i++) {
        answers.add(people.submit(press));
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isIn(200, 503);
      }
    }
    assertThat(waiting()).containsExactly("one kim@own.example");
    assertThat(ward.listed("--recipient", "lee@own.example")).containsExactly("one");
  }

  @Test
  void whileTheDatabaseIsAwayItIsSaidSo() throws Exception {
    ward.away = true;
    assertThat(ask("GET", "http://127.0.0.1:" + server.address().getPort() + "/abcd").statusCode())
        .isEqualTo(503);
  }
}
