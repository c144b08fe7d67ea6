package org.caravanmta.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.caravanmta.check.Attachments.Otherwise;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.policy.LogLines;
import org.caravanmta.policy.Verdict;
import org.caravanmta.table.TableNames;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of whole messages, `attachments/refused`, `held` and `taken`, where programs are
/// refused and what mail readers do not agree about is held; and of what is made of them.
class AttachmentMessagesTest {
  private static final String PROGRAMS =
      "pcre:{ {/^(name|entry):.*\\.exe$/ REJECT no programs} {/^magic:exe$/ REJECT no programs} }";
  private static final Path MESSAGES = Path.of("src/test/resources/attachments");

  private final HandClock clock = new HandClock();

  @ParameterizedTest
  @MethodSource("messages")
  void become(Path message) throws IOException {
    assertThat(became(Files.readAllBytes(message)))
        .as(message.getFileName().toString())
        .isEqualTo(message.getParent().getFileName().toString());
  }

  /// Whatever it is, our own code does not break on it.
  @Property(tries = 2_000)
  void thereIsAlwaysAVerdict(@ForAll("mutations") byte[] message) {
    try (var log = new LogLines(Attachments.class.getName())) {
      assertThat(became(message)).isIn("refused", "held", "taken");
      assertThat(log.lines()).noneMatch(line -> line.contains("a fault in their reader"));
    }
  }

  @Provide
  Arbitrary<byte[]> mutations() throws IOException {
    List<byte[]> all = new ArrayList<>();
    for (Path message : messages().toList()) {
      all.add(Files.readAllBytes(message));
    }
    return Combinators.combine(Arbitraries.of(all), mutation(all).list().ofMinSize(1).ofMaxSize(6))
        .as(
            (message, mutations) -> {
              String text = new String(message, ISO_8859_1);
              for (Mutation mutation : mutations) {
                text = mutation.of(text);
              }
              return text.getBytes(ISO_8859_1);
            });
  }

  private interface Mutation {
    String of(String text);
  }

  private static Arbitrary<Mutation> mutation(List<byte[]> all) {
    Arbitrary<Double> place = Arbitraries.doubles().between(0, 1);
    Arbitrary<String> pieces =
        Arbitraries.of(
            "",
            "\r\n",
            "\r",
            "\n",
            "\0",
            "\"",
            "\\",
            "(",
            ")",
            ";",
            "=",
            ":",
            "--bb",
            "--bb--",
            "=?",
            "?=",
            "=?utf-8?B?",
            "*0*=",
            "*",
            "%",
            "''",
            " ",
            "\t",
            "\u00ff",
            "boundary=",
            "filename=",
            "name*1=",
            "begin 644 x\r\n",
            "PK\u0003\u0004",
            "PK\u0005\u0006",
            "==",
            "Content-Type: multipart/mixed; boundary=bb\r\n",
            "Content-Type: message/rfc822\r\n",
            "Content-Transfer-Encoding: base64\r\n",
            "Content-Transfer-Encoding: quoted-printable\r\n");
    Arbitrary<Mutation> insert =
        Combinators.combine(place, pieces)
            .as((at, piece) -> text -> part(text, 0, at) + piece + part(text, at, 1));
    Arbitrary<Mutation> cut =
        Combinators.combine(place, place)
            .as(
                (from, length) ->
                    text -> {
                      double to = Math.min(1, from + length / 10);
                      return part(text, 0, from) + part(text, to, 1);
                    });
    Arbitrary<Mutation> flip =
        Combinators.combine(place, Arbitraries.integers().between(0, 255))
            .as(
                (at, value) ->
                    text ->
                        text.isEmpty()
                            ? text
                            : part(text, 0, at)
                                + (char) value.intValue()
                                + text.substring(
                                    Math.min(text.length(), part(text, 0, at).length() + 1)));
    Arbitrary<Mutation> join =
        Combinators.combine(place, place, Arbitraries.of(all))
            .as(
                (at, from, other) ->
                    text -> part(text, 0, at) + part(new String(other, ISO_8859_1), from, 1));
    return Arbitraries.oneOf(insert, insert, cut, flip, join);
  }

  private static String part(String text, double from, double to) {
    return text.substring((int) (text.length() * from), (int) (text.length() * to));
  }

  static Stream<Path> messages() throws IOException {
    try (var files = Files.walk(MESSAGES)) {
      return files.filter(file -> file.toString().endsWith(".eml")).sorted().toList().stream();
    }
  }

  private String became(byte[] message) {
    int end = Headers.end(message, 0, message.length).orElse(0);
    Headers headers = Headers.parse(java.util.Arrays.copyOf(message, end));
    boolean emptyLine =
        end + 1 < message.length && message[end] == '\r' && message[end + 1] == '\n';
    int body = emptyLine ? end + 2 : end;
    Mail mail = Cases.mail(Cases.own(), "Subject: x\r\n", "u@b.org").with(headers);
    mail =
        mail.with(new Content.Inline(java.util.Arrays.copyOfRange(message, body, message.length)));
    var attachments =
        new Attachments(
            Attachments.rules(TableNames.of(PROGRAMS), clock),
            Otherwise.HOLD,
            ContentStore.at(Path.of("nowhere"))::read,
            clock);
    return switch (((Case.Message) attachments.check(new Case.Message(mail))).verdict()) {
      case Verdict.Reject _ -> "refused";
      case Verdict.Hold _ -> "held";
      case Verdict.Undecided _ -> "taken";
      case Verdict other -> other.toString();
    };
  }
}
