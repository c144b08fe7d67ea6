package org.caravanmta.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadersTest {
  private static final byte[] SECTION =
      "Received: one\r\n\tby two\r\nSubject : hello\r\nX-Odd:\r\nsubject: again\r\n"
          .getBytes(UTF_8);

  @Test
  void splitsFieldsAndKeepsTheirContinuationLines() {
    var headers = Headers.parse(SECTION);

    assertThat(headers.fields())
        .extracting(Headers.Field::name)
        .containsExactly("Received", "Subject", "X-Odd", "subject");
    assertThat(headers.first("received").orElseThrow().text())
        .isEqualTo("Received: one\r\n\tby two");
    assertThat(headers.all("Subject"))
        .extracting(Headers.Field::value)
        .containsExactly("hello", "again");
  }

  @Test
  void anEditLeavesTheOtherFieldsTheirBytes() {
    var edited =
        Headers.parse(SECTION)
            .without(field -> field.is("X-Odd"))
            .prepend(Headers.Field.of("Received", "zero"));

    assertThat(edited)
        .hasToString(
            "Received: zero\r\nReceived: one\r\n\tby two\r\nSubject : hello\r\nsubject: again\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "'A: 1\\r\\n\\r\\nbody', 6",
    "'A: 1\\r\\n b\\r\\n\\r\\n', 10",
    "'A: 1\\r\\nno field here\\r\\n', 6",
    "'\\r\\nbody', 0",
    "'body without fields\\r\\n', 0",
    "' starts with space\\r\\n', 0",
    "'A: 1\\r\\n', -1",
    "'A: 1\\r\\nB', -1",
  })
  void theSectionEndsAtTheFirstLineThatIsNoField(String message, int end) {
    byte[] bytes = message.replace("\\r", "\r").replace("\\n", "\n").getBytes(UTF_8);

    assertThat(Headers.end(bytes, 0, bytes.length))
        .isEqualTo(end < 0 ? OptionalInt.empty() : OptionalInt.of(end));
  }

  @Test
  void aValueCannotStartAnotherField() {
    assertThatThrownBy(() -> Headers.Field.of("Subject", "x\r\nBcc: spy@example.org"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Headers.Field.of("Subject", "x\r\n\ty").text()).isEqualTo("Subject: x\r\n\ty");
  }

  @Test
  void bytesThatAreNoUtf8AreStillText() {
    var field = Headers.parse("Subject: caf\u00e9\r\n".getBytes(ISO_8859_1)).fields().getFirst();

    assertThat(field.value()).isEqualTo("caf\u00e9");
    assertThat(field.raw()).hasSize("Subject: cafe\r\n".length());
  }

  @Property
  void fieldsPutTogetherAgainAreTheSection(@ForAll("sections") String section) {
    var headers = Headers.parse(section.getBytes(UTF_8));

    assertThat(Headers.of(headers.fields()).bytes()).isEqualTo(section.getBytes(UTF_8));
  }

  @Provide
  Arbitrary<String> sections() {
    var line = Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(30);
    var field = line.map(text -> "X-A: " + text + "\r\n");
    var folded = line.map(text -> "X-B: a\r\n\t" + text + "\r\n");
    return Arbitraries.oneOf(List.of(field, folded))
        .list()
        .ofMaxSize(8)
        .map(l -> String.join("", l));
  }
}
