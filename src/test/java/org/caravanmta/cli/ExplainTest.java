package org.caravanmta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.peers.FilterRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void anAddressIsFollowedToItsNextHop() throws IOException {
    Path virtual = file("virtual", "# who is who\nsales@caravan.test  ann, bob@far.example\n");
    Path transport = file("transport", "far.example  smtp:[192.0.2.25]\n");

    assertThat(
            explain(
                "address",
                "--set",
                "rewriting.virtual-aliases=[\"texthash:" + virtual + "\"]",
                "--set",
                "routing.transport=[\"texthash:" + transport + "\"]",
                "sales+x@caravan.test"))
        .isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "standardForm",
            "  nothing changes",
            "senderCanonical",
            "  nothing changes",
            "recipientCanonical",
            "  nothing changes",
            "canonical",
            "  nothing changes",
            "masquerade",
            "  nothing changes",
            "completion",
            "  nothing changes",
            "automaticCopies",
            "  nothing changes",
            "virtualAliases",
            "  sales@caravan.test",
            "    texthash:" + virtual + ", line 2: ann, bob@far.example",
            "  recipients sales+x@caravan.test to ann+x@caravan.test, bob+x@far.example",
            "<ann+x@caravan.test>",
            "  class: own (domains.own)",
            "  transport: local",
            "  next hop: caravan.test",
            "<bob+x@far.example>",
            "  class: elsewhere",
            "  far.example",
            "    texthash:" + transport + ", line 1: smtp:[192.0.2.25]",
            "  transport: smtp",
            "  next hop: [192.0.2.25]",
            "  to [192.0.2.25] at most 20 connections: delivery.concurrency=20",
            "  to [192.0.2.25] at most 100 messages on a connection:"
                + " delivery.scheduling.messages-per-connection=100");
  }

  @Test
  void theLimitsOfADestinationAreSaidWithWhatSetsThemTheSmallestFirst() throws IOException {
    Path shaping =
        file(
            "shaping",
            "far.example concurrency=7 rate=600/m\n"
                + "mx:*.provider.example connections=4 rate=2/s messages-per-connection=20\n");
    try (var dns =
        ZoneServer.start(
            "far.example. MX 10 mx.provider.example.\nfar.example. MX 20 mx.far.example.\n", ".")) {
      assertThat(
              explain(
                  "address",
                  "--set",
                  "delivery.scheduling.shaping=[\"" + shaping + "\"]",
                  "--set",
                  "dns.servers=['" + dns.address() + "']",
                  "ann@far.example"))
          .isZero();
    }
    String provider = ", " + shaping + ":2 (mx:*.provider.example)";
    String together = " for all destinations of these servers together: ";
    assertThat(out.toString().lines().filter(line -> line.startsWith("  to ")))
        .containsExactly(
            "  to far.example at most 2/s" + together + "rate=2/s" + provider,
            "  to far.example at most 600/m: rate=600/m, " + shaping + ":1 (far.example)",
            "  to far.example at most 4 connections" + together + "connections=4" + provider,
            "  to far.example at most 7 connections: concurrency=7, "
                + shaping
                + ":1 (far.example)",
            "  to far.example at most 20 messages on a connection: messages-per-connection=20"
                + provider);
  }

  @Test
  void whoIsRefusedIsToldSoInADialogueWithTheLineThatDecided() throws IOException {
    Path clients = file("clients", "192.0.2.0/24 OK\n198.51.100.0/24 REJECT go away\n");
    Path helo = file("helo", "# names\nspam.example  450 4.7.1 later\n");
    Path routes = Files.createDirectories(directory.resolve("routes"));
    try (var all = Files.list(Path.of("routes"))) {
      for (Path route : all.filter(Files::isRegularFile).toList()) {
        Files.writeString(
            routes.resolve(route.getFileName()),
            Files.readString(route)
                .replace(
                    "        - bean: { ref: smtpdHeloRestrictions }\n",
                    "        - bean: { ref: \"checkClientAccess cidr:"
                        + clients
                        + "\" }\n        - bean: { ref: smtpdHeloRestrictions }\n"
                        + "        - bean: { ref: \"checkHeloAccess texthash:"
                        + helo
                        + "\" }\n"
                        + "        - bean: { ref: \"checkPolicyService inet:127.0.0.1:1\" }\n"));
      }
    }
    String far = "--client=198.51.100.7";
    assertThat(from(routes, far, "--sender", "a@far.example", "alice@caravan.test")).isZero();
    assertThat(out.toString().lines())
        .containsSubsequence(
            "S: 220 mx.caravan.test ESMTP",
            "C: EHLO localhost",
            "C: MAIL FROM:<a@far.example>",
            "S: 250 2.1.0 Ok",
            "C: RCPT TO:<alice@caravan.test>",
            "  checkClientAccess cidr:" + clients,
            "    198.51.100.7",
            "      cidr:" + clients + ", line 2: REJECT go away",
            "S: 554 5.7.1 <unknown[198.51.100.7]>: Client host rejected: go away")
        .doesNotContain("standardForm");

    out.getBuffer().setLength(0);
    from(routes, "--client=192.0.2.7", "--helo=spam.example", "alice@caravan.test");
    assertThat(out.toString().lines())
        .containsSubsequence(
            "C: EHLO spam.example",
            "      texthash:" + helo + ", line 2: 450 4.7.1 later",
            "S: 450 4.7.1 <spam.example>: Helo command rejected: later");

    out.getBuffer().setLength(0);
    from(routes, "--client=192.0.2.7", "bob@elsewhere.example");
    assertThat(out.toString().lines())
        .contains("  checkPolicyService inet:127.0.0.1:1", "    is not asked: it might remember")
        .endsWith("S: 554 5.7.1 <bob@elsewhere.example>: Relay access denied");

    // nobody is let in by being looked at
    for (int i = 0; i < 2; i++) {
      out.getBuffer().setLength(0);
      from(routes, "--client=192.0.2.7", "--set=greylist.enabled=true", "alice@caravan.test");
      assertThat(out.toString().lines())
          .contains("  greylist")
          .endsWith("S: 450 4.2.0 <alice@caravan.test>: Recipient address rejected: Greylisted");
    }

    out.getBuffer().setLength(0);
    from(routes, "nobody@caravan.test");
    assertThat(out.toString())
        .contains("S: 550 5.1.1 <nobody@caravan.test>: Recipient address rejected: User unknown");

    out.getBuffer().setLength(0);
    from(routes, "--client=192.0.2.7", "--login=ann", "bob@elsewhere.example");
    assertThat(out.toString().lines())
        .containsSubsequence(
            "C: AUTH … as ann", "S: 250 2.1.5 Ok", "standardForm", "  transport: smtp");

    out.getBuffer().setLength(0);
    from(routes, "alice@caravan.test", "nobody@caravan.test");
    assertThat(out.toString().lines())
        .contains("C: RCPT TO:<nobody@caravan.test>", "<alice@caravan.test>", "  transport: local")
        .doesNotContain("C: RCPT TO:<alice@caravan.test>", "<nobody@caravan.test>");
  }

  private int from(Path routes, String... args) {
    var all = new ArrayList<>(List.of("explain", "address"));
    all.addAll(List.of(args));
    all.addAll(List.of("--routes", routes.toString(), "--data", directory.toString()));
    all.addAll(List.of("--set", "hostname=mx.caravan.test", "--set", "dnsbl.zones=[]"));
    all.addAll(List.of("--set", "smtp.client-name-lookup=false"));
    return caravan(all);
  }

  @Test
  void aMessageShowsTheRuleThatRefusesIt() throws IOException {
    Path rules = file("body", "/nothing/ OK\n/buy\\s+now/ REJECT no sales\n");
    Path mail = file("mail.eml", "From: joe\nSubject: hello\n\nplease buy  now\n");

    assertThat(
            explain(
                "message",
                mail.toString(),
                "--set",
                "hostname=mx.caravan.test",
                "--set",
                "checks.header=[\"pcre:{ {/^Subject: (.*)/ REPLACE Subject: [out] $1} }\"]",
                "--set",
                "checks.body=[\"pcre:" + rules + "\"]",
                "--to",
                "alice"))
        .isZero();

    assertThat(out.toString().lines().filter(line -> !line.startsWith("  + Date:")))
        .containsExactly(
            "standardForm",
            "  - From: joe",
            "  + From: joe@caravan.test",
            "senderCanonical",
            "  nothing changes",
            "recipientCanonical",
            "  nothing changes",
            "canonical",
            "  nothing changes",
            "masquerade",
            "  nothing changes",
            "completion",
            "  + Message-Id: <explain@mx.caravan.test>",
            "automaticCopies",
            "  nothing changes",
            "virtualAliases",
            "  nothing changes",
            "checks",
            "  Subject: hello",
            "    pcre:{ {/^Subject: (.*)/ REPLACE Subject: [out] $1} }, entry 1: REPLACE Subject:"
                + " [out] hello",
            "  please buy  now",
            "    pcre:" + rules + ", line 2: REJECT no sales",
            "  verdict: 550 5.7.1 no sales");
  }

  @Test
  void aMessageShowsTheContentFilterItGoesTo() throws IOException {
    Path mail = file("mail.eml", "From: joe@far.example\nSubject: hello\n\nhello\n");

    assertThat(
            explain(
                "message",
                mail.toString(),
                "--set",
                "routing.content-filter=smtp:[127.0.0.1]:10025",
                "--set",
                "checks.header=[\"pcre:{ {/^Subject:/ FILTER lmtp:[127.0.0.1]:10024} }\"]",
                "--to",
                "alice"))
        .isZero();

    assertThat(out.toString().lines())
        .startsWith("contentFilter", "  content filter smtp:[127.0.0.1]:10025")
        .contains("  content filter lmtp:[127.0.0.1]:10024")
        .endsWith(
            "  transport: filter",
            "  next hop: lmtp:[127.0.0.1]:10024",
            "  to [127.0.0.1]:10024 at most 20 connections: delivery.concurrency=20",
            "  to [127.0.0.1]:10024 at most 100 messages on a connection:"
                + " delivery.scheduling.messages-per-connection=100");
  }

  @Test
  void theContentFiltersAreNamedThatWouldSeeAMessageAndNoneIsAsked() throws IOException {
    Path routes =
        FilterRoutes.in(
            directory.resolve("routes"),
            """
            - bean: { ref: "milter inet:127.0.0.1:8891" }
            - filter:
                simple: ${header.trusted} == true
                steps:
                  - bean: { ref: "milter inet:127.0.0.1:8892" }
            - filter:
                simple: ${header.trusted} == false
                steps:
                  - bean: { ref: "clamd inet:127.0.0.1:3310" }
                  - bean: { ref: "through filter.late" }
            """);
    FilterRoutes.after(
        routes,
        "filter.late",
        "settle: individual, window: 20",
        """
        - bean: { ref: "spamd inet:127.0.0.1:783" }
        - filter:
            simple: ${body.size} < 1000
            steps:
              - bean: { ref: "rspamd http://127.0.0.1:11333" }
        """);
    Path mail = file("mail.eml", "From: joe@far.example\nSubject: hello\n\nhello\n");

    assertThat(
            caravan(
                List.of(
                    "explain",
                    "message",
                    mail.toString(),
                    "--client",
                    "192.0.2.9",
                    "--to",
                    "alice@caravan.test",
                    "--routes",
                    routes.toString(),
                    "--data",
                    directory.toString())))
        .isZero();

    assertThat(out.toString())
        .contains(
            """
            content filters, before the queue
              milter inet:127.0.0.1:8891
                is not asked: it would be shown a message that nobody has sent
              clamd inet:127.0.0.1:3310
                is not asked: it would be shown a message that nobody has sent
              through filter.late
                content filter filter.late:
            content filters, after the queue, filter.late
              spamd inet:127.0.0.1:783
              rspamd http://127.0.0.1:11333, where its condition holds
            <alice@caravan.test>
            """);

    out.getBuffer().setLength(0);
    from(routes, "alice@caravan.test", "--set", "routing.content-filter=filter.late:");
    assertThat(out.toString().lines())
        .contains("  content filter filter.late:", "content filters, after the queue, filter.late")
        .endsWith("  class: own (domains.own)", "  transport: local", "  next hop: caravan.test");
  }

  @Test
  void aMessageThatIsTakenIsFollowedToItsRecipients() throws IOException {
    Path mail = file("mail.eml", "From: a@b.example\nX-Old: \u001b[2J\n\none\ntwo\n");

    assertThat(
            explain(
                "message",
                mail.toString(),
                "--client",
                "192.0.2.9",
                "--from",
                "a@b.example",
                "--set",
                "checks.header=[\"regexp:{ {/^X-Old/ IGNORE} }\"]",
                "--set",
                "checks.body=[\"regexp:{ {/^two/ IGNORE} }\"]",
                "--to",
                "alice@caravan.test"))
        .isZero();

    assertThat(out.toString().lines())
        .contains(
            "  - X-Old: ?[2J",
            "  body changes, 10 bytes to 5",
            "attachments",
            "<alice@caravan.test>",
            "  transport: local");
  }

  @Test
  void whatCannotBeUnderstoodIsSaidInOneLine() {
    assertThat(explain("address", "a@b@c.example")).isEqualTo(2);
    assertThat(err.toString().lines()).singleElement().asString().startsWith("caravan: ");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private int explain(String... args) {
    var all = new ArrayList<>(List.of("explain"));
    all.addAll(List.of(args));
    all.addAll(List.of("--routes", "routes", "--data", directory.toString()));
    return caravan(all);
  }

  private int caravan(List<String> all) {
    return new Main(
            () -> {
              throw new AssertionError("no server is needed");
            })
        .commandLine(new PrintWriter(out), new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }
}
