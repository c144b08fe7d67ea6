package org.caravanmta.suspension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.Letters;
import org.caravanmta.suspension.Suspension.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuspensionsTest {
  private static final Instant AT = Instant.parse("2026-11-29T12:00:00.123Z");

  @TempDir Path directory;
  private Suspensions suspensions;

  @BeforeEach
  void open() throws IOException {
    suspensions = Suspensions.open(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "TRANSPORT, smtp, true",
    "TRANSPORT, SM*, true",
    "TRANSPORT, lmtp, false",
    "NEXT_HOP, hub.example, true",
    "NEXT_HOP, HUB.*, true",
    "NEXT_HOP, smtp, false",
    "DOMAIN, a.example.org, true",
    "DOMAIN, *.Example.ORG, true",
    "DOMAIN, example.org, false",
    "DOMAIN, hub.example, false"
  })
  void whatIsCoveredIsTold(Kind kind, String pattern, boolean covered) throws Exception {
    add(kind, pattern, "");
    assertThat(suspensions.covering(Destination.of("smtp", "hub.example"), to("ann@a.example.org")))
        .matches(found -> found.isPresent() == covered);
  }

  @Test
  void aDomainMayBeWrittenInEitherForm() throws Exception {
    add(Kind.DOMAIN, "münchen.example", "");
    assertThat(hop("hub.example", "ann@xn--mnchen-3ya.example")).isTrue();
    assertThat(suspensions.remove(Kind.DOMAIN, Kind.DOMAIN.pattern("xn--mnchen-3ya.example")))
        .hasSize(1);
  }

  @Test
  void mailIsHeldWhenOneOfItsRecipientsIsCovered() throws Exception {
    add(Kind.DOMAIN, "b.example", "");
    assertThat(hop("hub.example", "ann@a.example", "bob@b.example")).isTrue();
    assertThat(hop("hub.example", "ann@a.example")).isFalse();
  }

  @Test
  void whatIsSuspendedIsSoAfterARestartInJustItsForm() throws Exception {
    add(Kind.TRANSPORT, "smtp", "line\tdown\u001b[1m\n");
    add(Kind.NEXT_HOP, "[192.0.2.1]:25", "");
    add(Kind.TRANSPORT, "SMTP", "still down, so…");
    assertThat(Suspensions.open(directory).all())
        .isEqualTo(suspensions.all())
        .extracting(Suspension::told)
        .containsExactly(
            "delivery to next-hop [192.0.2.1]:25 suspended by ann",
            "delivery to transport SMTP suspended by ann: still down, so…");
    assertThat(suspensions.all().getFirst().since()).isEqualTo(AT);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("suspensions");
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("suspensions"))))
        .isEqualTo("rw-------");
  }

  @Test
  void theReasonIsOneLine() {
    assertThat(Suspension.of(Kind.TRANSPORT, "smtp", "line\tdown\u001b[1m\n", "ann", AT).reason())
        .isEqualTo("line?down?[1m");
  }

  @Test
  void whatIsNamedIsResumedAndAPatternResumesAllThatItFits() throws Exception {
    add(Kind.NEXT_HOP, "a.example", "");
    add(Kind.NEXT_HOP, "b.example", "");
    add(Kind.NEXT_HOP, "*.example", "");
    add(Kind.TRANSPORT, "smtp", "");
    assertThat(resume(Kind.NEXT_HOP, "*.example")).containsExactly("next-hop *.example");
    assertThat(resume(Kind.NEXT_HOP, "c.example")).isEmpty();
    assertThat(resume(Kind.NEXT_HOP, "*"))
        .containsExactly("next-hop a.example", "next-hop b.example");
    assertThat(Suspensions.open(directory).all())
        .extracting(Suspension::name)
        .containsExactly("transport smtp");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TRANSPORT\tsmtp\tdown\tann",
        "TRANSPORT\t \tdown\tann\t1",
        "ROUTE\tsmtp\tdown\tann\t1",
        "TRANSPORT\tsmtp\tdown\tann\t",
        "TRANSPORT\tsmtp\tdown\tann\tnow",
        "TRANSPORT\tsmtp\tdown\tann\t1\tmore",
        ""
      })
  void aListThatCannotBeReadIsNamedByLineAndKept(String line) throws Exception {
    Path file = directory.resolve("suspensions");
    String text = "NEXT_HOP\ta.example\t\tann\t1\n" + line + "\n";
    Files.writeString(file, text);
    assertThatThrownBy(() -> Suspensions.open(directory))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.toAbsolutePath() + ":2: \"")
        .hasMessageContaining("mend the line, or delete it")
        .hasNoCause();
    assertThat(file).hasContent(text);
  }

  @Test
  void aListThatIsNotTextIsNamed() throws Exception {
    Path file = directory.resolve("suspensions");
    Files.write(file, "TRANSPORT\tsm\u00e4tp".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Suspensions.open(directory))
        .hasMessage(file.toAbsolutePath() + ": the list of what is suspended: it is not in UTF-8");
  }

  @Test
  void aListThatCannotBeWrittenStaysInForceAsItWas() throws Exception {
    add(Kind.TRANSPORT, "smtp", "");
    Files.createDirectories(directory.resolve("suspensions.new/taken"));
    assertThatThrownBy(() -> add(Kind.TRANSPORT, "lmtp", "")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> resume(Kind.TRANSPORT, "smtp")).isInstanceOf(IOException.class);
    assertThat(suspensions.all()).extracting(Suspension::name).containsExactly("transport smtp");
    assertThat(Suspensions.open(directory).all()).isEqualTo(suspensions.all());
  }

  private void add(Kind kind, String pattern, String reason) throws IOException {
    suspensions.add(Suspension.of(kind, pattern, reason, "ann", AT.plusNanos(5)));
  }

  private List<String> resume(Kind kind, String pattern) throws IOException {
    return suspensions.remove(kind, kind.pattern(pattern)).stream().map(Suspension::name).toList();
  }

  private boolean hop(String nextHop, String... recipients) {
    Mail mail = Letters.letter("4dK1");
    return suspensions.hold(
        mail.with(mail.envelope().with(Destination.of("smtp", nextHop)))
            .with(Stream.of(recipients).map(SuspensionsTest::to).toList()));
  }

  private static Recipient to(String address) {
    return Recipient.of(Address.parse(address));
  }
}
