package org.caravanmta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
            "  next hop: [192.0.2.25]");
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
        .endsWith("  transport: filter", "  next hop: lmtp:[127.0.0.1]:10024");
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
    return new Main(
            () -> {
              throw new AssertionError("no server is needed");
            })
        .commandLine(new PrintWriter(out), new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }
}
