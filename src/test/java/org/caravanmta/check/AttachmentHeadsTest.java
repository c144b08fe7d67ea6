package org.caravanmta.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.caravanmta.check.Attachments.Otherwise;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.policy.Verdict;
import org.caravanmta.table.TableNames;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever some mail reader may find in the header section of a part is found, or the message is
/// held: the table `attachments/heads.txt`.
class AttachmentHeadsTest {
  private static final String PROGRAMS =
      "pcre:{ {/^(name|entry):.*\\.(exe|js)$/ REJECT no programs} }";
  private static final Pattern BYTE = Pattern.compile("<([0-9A-F]{2})>");

  private final HandClock clock = new HandClock();

  @ParameterizedTest
  @MethodSource("heads")
  void ofAPart(String head, String expected) {
    String body = "--=b\r\n\r\nhello\r\n--=b\r\n" + head + "\r\n\r\nanM=\r\n--=b--\r\n";
    Mail mail =
        Cases.mail(Cases.own(), "Content-Type: multipart/mixed; boundary=\"=b\"\r\n", "u@b.org")
            .with(new Content.Inline(body.getBytes(StandardCharsets.ISO_8859_1)));
    assertThat(became(mail)).as(head).isEqualTo(expected);
  }

  private String became(Mail mail) {
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

  static Stream<Arguments> heads() throws IOException {
    String text;
    try (InputStream in =
        Objects.requireNonNull(
            AttachmentHeadsTest.class.getResourceAsStream("/attachments/heads.txt"))) {
      text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
    var heads = new ArrayList<Arguments>();
    for (String block : text.split("\n\n")) {
      List<String> lines =
          Arrays.stream(block.split("\n")).filter(line -> !line.startsWith("#")).toList();
      if (lines.isEmpty()) {
        continue;
      }
      assertThat(lines.getLast()).startsWith("=> ");
      heads.add(
          Arguments.of(
              BYTE.matcher(String.join("\r\n", lines.subList(0, lines.size() - 1)))
                  .replaceAll(AttachmentHeadsTest::single),
              lines.getLast().substring(3)));
    }
    return heads.stream();
  }

  private static String single(MatchResult hexadecimal) {
    return String.valueOf((char) Integer.parseInt(hexadecimal.group(1), 16));
  }
}
