package org.caravanmta;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.camel.impl.DefaultCamelContext;
import org.caravanmta.check.Attachments;
import org.caravanmta.check.Checks;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Verdict;
import org.caravanmta.rewrite.AutomaticCopies;
import org.caravanmta.rewrite.Canonical;
import org.caravanmta.rewrite.Completion;
import org.caravanmta.rewrite.Masquerade;
import org.caravanmta.rewrite.StandardForm;
import org.caravanmta.rewrite.VirtualAliases;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.share.Shares;
import org.caravanmta.state.Memory;

/// Whatever a message is, the steps between its last line and the reply end in a verdict, and none
/// of them breaks.
class BeforeTheReplyTest {
  private static final String SEED =
      "Received: from a.example (a.example [192.0.2.1])\r\n\tby mx.ex.com id 4XyZ\r\n"
          + "Return-Path: <a@b>\r\nFrom: \"Ann (the) \\\"great\\\"\" <joe@h.ex.com>, x\r\n"
          + "To: group: a@b.org, <@r1,@r2:c@d.org>;, u%site, site!user, \"q q\"@ex.com\r\n"
          + "Cc: =?utf-8?Q?B=C3=A4r?= <list@[192.0.2.1]> (comment (nested)), undisclosed:;\r\n"
          + "Resent-From: boss@ex.com\r\nResent-To: sales@ex.com,\r\n ann@ex.com.\r\n"
          + "Bcc: x@y\r\nSubject: viagra\r\nX-Spam: maybe\r\nMIME-Version: 1.0\r\n"
          + "Content-Type: multipart/mixed; boundary=b\r\n\r\nbegin\r\n--b\r\n"
          + "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\nFrom: z@h.ex.com\r\n\r\n"
          + "secret word\r\n--b\r\nX-Part: 1\r\n\r\n\u00e4\u00f6 gone\r\n--b--\r\n";

  private static final List<String> PIECES =
      List.of(
          "",
          "\r\n",
          "\r",
          "\n",
          "\0",
          "\"",
          "\\",
          "(",
          ")",
          "<",
          ">",
          "@",
          ",",
          ";",
          ":",
          "[",
          "]",
          "%",
          "!",
          ".",
          "..",
          "=?",
          "?=",
          " ",
          "\t",
          "\u00ff",
          "\u00c3\u00a4",
          "\u00e2\u0080\u00a8",
          "\r\n\r\n",
          "\r\n ",
          "\r\nTo: ",
          "\r\nFrom:",
          "\r\nX-Spam: yes",
          "<>",
          "a@b",
          "@",
          "(".repeat(600),
          "\"".repeat(99),
          "<".repeat(300),
          "--b",
          "--b--",
          "x".repeat(3000),
          "Content-Type: multipart/mixed; boundary=b\r\n",
          "Content-Transfer-Encoding: base64\r\n");

  private static final Map<String, UnaryOperator<Case>> STEPS = new LinkedHashMap<>();

  @BeforeContainer
  static void allSteps() throws Exception {
    Path directory = Files.createTempDirectory("before");
    directory.toFile().deleteOnExit();
    Settings settings =
        SettingsFile.read(
            Optional.empty(),
            List.of(
                "hostname=mx.ex.com",
                "domains.own=[ex.com]",
                "rewriting.canonical=['inline:{@h.ex.com=@ex.com}','regexp:{ {/^(.*)@b$/ $1@c.org}"
                    + " }']",
                "rewriting.sender-canonical=['inline:{x=y}']",
                "rewriting.masquerade-domains=[ex.com]",
                "rewriting.sender-bcc=['inline:{boss@ex.com=log}']",
                "rewriting.recipient-bcc=['inline:{sales@ex.com=log}']",
                "rewriting.virtual-aliases=['inline:{info@ex.com=ann}','pcre:{ {/^(.*)-odd@/ $1}"
                    + " }']",
                "checks.header=['pcre:{ {/^Subject: (.*)/ REPLACE Subject: $1 $1} {/^X-(.*)/"
                    + " PREPEND Y-$1} {/^Resent-(.*)/ IGNORE} {/^From: (.*)/ BCC $1} {/^To: (.*)/"
                    + " WARN $1} }']",
                "checks.body=['pcre:{ {/secret (.*)/ REPLACE gone $1} {/^begin(.*)/ PREPEND $1}"
                    + " {/gone/ IGNORE} }']",
                "checks.strip-characters=\\0",
                "checks.strict=[nesting]",
                "checks.attachments=['pcre:{ {/^(name|entry):.*\\.exe$/ REJECT} }']"),
            Optional.of(directory));
    Map<String, Object> beans =
        new Stages(
                settings,
                ContentStore.at(directory),
                Memory.NONE,
                new DefaultCamelContext(),
                Set.of("local", "virtual", "smtp"),
                Set.of(),
                () -> true,
                Optional.empty(),
                _ -> (_, _) -> new byte[0],
                _ -> false,
                Shares.WHOLE,
                InstantSource.system())
            .beans();
    STEPS.put("standardForm", ((StandardForm) at(beans, "standardForm"))::rewrite);
    STEPS.put("senderCanonical", ((Canonical) at(beans, "senderCanonical"))::rewrite);
    STEPS.put("recipientCanonical", ((Canonical) at(beans, "recipientCanonical"))::rewrite);
    STEPS.put("canonical", ((Canonical) at(beans, "canonical"))::rewrite);
    STEPS.put("masquerade", ((Masquerade) at(beans, "masquerade"))::rewrite);
    STEPS.put("completion", ((Completion) at(beans, "completion"))::rewrite);
    STEPS.put("automaticCopies", ((AutomaticCopies) at(beans, "automaticCopies"))::rewrite);
    STEPS.put("virtualAliases", ((VirtualAliases) at(beans, "virtualAliases"))::rewrite);
    STEPS.put("checks", ((Checks) at(beans, "checks"))::check);
    STEPS.put("attachments", ((Attachments) at(beans, "attachments"))::check);
  }

  @Property(tries = 3_000)
  void noStepBreaks(@ForAll("messages") byte[] message) {
    int end = Headers.end(message, 0, message.length).orElse(0);
    Headers headers = Headers.parse(Arrays.copyOf(message, end));
    Mail mail =
        Cases.mail(Cases.own(), "Subject: x\r\n", "info@ex.com", "sales@ex.com")
            .with(headers)
            .with(new Content.Inline(Arrays.copyOfRange(message, end, message.length)));
    Case c = new Case.Message(mail);
    for (Map.Entry<String, UnaryOperator<Case>> step : STEPS.entrySet()) {
      c = step.getValue().apply(c);
      assertThat(((Case.Message) c).verdict())
          .as("%s of %s", step.getKey(), new String(message, ISO_8859_1))
          .isNotInstanceOf(Verdict.Defer.class)
          .satisfies(
              verdict -> {
                if (verdict instanceof Verdict.Hold(String why, _)) {
                  assertThat(why).doesNotContain("a fault");
                }
              });
    }
  }

  /// Nothing can be done with a message without a header section: what a fault of ours is like.
  @Example
  @SuppressWarnings("NullAway")
  void aMessageThatAStepBreaksOnIsHeld() {
    Mail whole = Cases.mail(Cases.own(), "Subject: x\r\n", "info@ex.com", "sales@ex.com");
    var broken = new Case.Message(new Mail(whole.envelope(), null, whole.content()));
    var held = new ArrayList<String>();
    for (Map.Entry<String, UnaryOperator<Case>> step : STEPS.entrySet()) {
      Verdict verdict = ((Case.Message) step.getValue().apply(broken)).verdict();
      if (verdict instanceof Verdict.Hold) {
        held.add(step.getKey());
      } else {
        assertThat(verdict).as(step.getKey()).isInstanceOf(Verdict.Undecided.class);
      }
    }
    assertThat(held).contains("standardForm", "canonical", "completion", "checks", "attachments");
  }

  @Provide
  Arbitrary<byte[]> messages() {
    Arbitrary<Double> place = Arbitraries.doubles().between(0, 1);
    Arbitrary<UnaryOperator<String>> insert =
        Combinators.combine(place, Arbitraries.of(PIECES))
            .as((at, piece) -> text -> part(text, 0, at) + piece + part(text, at, 1));
    Arbitrary<UnaryOperator<String>> cut =
        Combinators.combine(place, place)
            .as(
                (from, length) ->
                    text -> part(text, 0, from) + part(text, Math.min(1, from + length / 8), 1));
    return Arbitraries.oneOf(insert, insert, cut)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .map(
            mutations -> {
              String text = SEED;
              for (UnaryOperator<String> mutation : new ArrayList<>(mutations)) {
                text = mutation.apply(text);
              }
              return text.getBytes(ISO_8859_1);
            });
  }

  private static String part(String text, double from, double to) {
    return text.substring((int) (text.length() * from), (int) (text.length() * to));
  }

  private static Object at(Map<String, Object> beans, String name) {
    return Objects.requireNonNull(beans.get(name));
  }
}
