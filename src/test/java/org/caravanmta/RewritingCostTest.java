package org.caravanmta;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.camel.impl.DefaultCamelContext;
import org.caravanmta.check.Attachments;
import org.caravanmta.check.Checks;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What rewriting and checks cost of CPU for a message of 4 KiB, with ten small tables; printed,
/// for no machine is like another.
class RewritingCostTest {
  private static final int MESSAGES = 10_000;
  private static final String HEADERS =
      "Received: from a.example (a.example [192.0.2.1])\r\n\tby mx.ex.com (Caravan) with ESMTP id"
          + " 4XyZ\r\n\tfor <info@ex.com>; Sun, 1 Mar 2026 12:00:00 +0000 (UTC)\r\n"
          + "From: Ann <joe@h.ex.com>\r\nTo: info@ex.com, \"B, C\" <b@far.example>\r\n"
          + "Cc: list@ex.com\r\nSubject: a report\r\nDate: Sun, 1 Mar 2026 12:00:00 +0000\r\n"
          + "Message-ID: <1@a.example>\r\nMIME-Version: 1.0\r\n"
          + "Content-Type: multipart/mixed; boundary=b\r\n";

  @TempDir Path directory;

  @Test
  void tenSmallTables() throws Exception {
    Files.writeString(
        directory.resolve("virtual"), "info@ex.com ann, bob\nlist@ex.com x@far.org\n");
    String virtual = "texthash:" + directory.resolve("virtual");
    Settings settings =
        SettingsFile.read(
            Optional.empty(),
            List.of(
                "hostname=mx.ex.com",
                "domains.own=[ex.com]",
                "rewriting.canonical=['inline:{joe=Joe.Doe@ex.com}']",
                "rewriting.sender-canonical=['inline:{x=y}']",
                "rewriting.recipient-canonical=['inline:{@old.org=@ex.com}']",
                "rewriting.masquerade-domains=[ex.com]",
                "rewriting.sender-bcc=['inline:{boss@ex.com=log}']",
                "rewriting.recipient-bcc=['inline:{sales@ex.com=log}']",
                "rewriting.virtual-aliases=['" + virtual + "','pcre:{ {/^odd-.*@ex/ ann} }']",
                "checks.header=['pcre:{ {/^Subject:.*viagra/ REJECT} {/^X-Spam: yes/ HOLD} }']",
                "checks.body=['regexp:{ {/^begin 644/ REJECT} {/secret word/ HOLD} }']",
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
    List<UnaryOperator<Case>> steps =
        List.of(
            ((StandardForm) at(beans, "standardForm"))::rewrite,
            ((Canonical) at(beans, "senderCanonical"))::rewrite,
            ((Canonical) at(beans, "recipientCanonical"))::rewrite,
            ((Canonical) at(beans, "canonical"))::rewrite,
            ((Masquerade) at(beans, "masquerade"))::rewrite,
            ((Completion) at(beans, "completion"))::rewrite,
            ((AutomaticCopies) at(beans, "automaticCopies"))::rewrite,
            ((VirtualAliases) at(beans, "virtualAliases"))::rewrite,
            ((Checks) at(beans, "checks"))::check,
            ((Attachments) at(beans, "attachments"))::check);
    String body =
        "--b\r\n\r\n"
            + ("x".repeat(70) + "\r\n").repeat(45)
            + "--b\r\nContent-Type: image/png;"
            + " name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + "iVBORw0KGgo=\r\n--b--\r\n";
    Mail mail =
        Cases.mail(Cases.own(), HEADERS, "info@ex.com")
            .with(new Content.Inline(body.getBytes(StandardCharsets.US_ASCII)));
    run(steps, mail, MESSAGES);
    long whole = spent(steps, mail);
    long rewriting = spent(steps.subList(0, 8), mail);
    long checks = spent(steps.subList(8, 9), mail);
    System.out.printf(
        "rewriting, checks and attachments of a message of %d bytes: %d us of CPU; rewriting alone"
            + " %d, checks alone %d%n",
        mail.size(), whole, rewriting, checks);
    Case.Message last = run(steps, mail, 1);
    assertThat(last.open()).isTrue();
    assertThat(last.mail().recipients()).hasSize(2);
    assertThat(last.mail().headers().first("From").orElseThrow().value())
        .isEqualTo("Ann <joe@ex.com>");
  }

  /// Microseconds of this thread for one message.
  private static long spent(List<UnaryOperator<Case>> steps, Mail mail) {
    long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    run(steps, mail, MESSAGES);
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun)
        / 1000
        / MESSAGES;
  }

  private static Case.Message run(List<UnaryOperator<Case>> steps, Mail mail, int times) {
    Case c = new Case.Message(mail);
    for (int i = 0; i < times; i++) {
      c = new Case.Message(mail);
      for (UnaryOperator<Case> step : steps) {
        c = step.apply(c);
      }
    }
    return (Case.Message) c;
  }

  private static Object at(Map<String, Object> beans, String name) {
    return java.util.Objects.requireNonNull(beans.get(name));
  }
}
