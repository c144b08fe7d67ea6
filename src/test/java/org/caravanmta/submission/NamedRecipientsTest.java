package org.caravanmta.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.caravanmta.message.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedRecipientsTest {
  @Test
  void toCcAndBccNameThem() {
    assertThat(
            of(
                "From: joe\r\n"
                    + "To: Ann <ann@a.example>, bob\r\n"
                    + " (the builder)\r\n"
                    + "Cc: friends: \"c d\"@c.example, e@e.example;\r\n"
                    + "to: f\r\n"
                    + "BCC: g@g.example\r\n"))
        .containsExactly(
            "ann@a.example", "bob", "f", "\"c d\"@c.example", "e@e.example", "g@g.example");
  }

  @Test
  void ofAResentMessageOnlyTheResentFieldsDo() {
    assertThat(of("To: ann@a.example\r\nResent-To: bob@b.example\r\nResent-Bcc: c\r\nBcc: d\r\n"))
        .containsExactly("bob@b.example", "c");
    assertThat(of("To: ann@a.example\r\nResent-From: bob@b.example\r\n"))
        .containsExactly("ann@a.example");
  }

  @Test
  void aGroupMayBeEmpty() {
    assertThat(of("To: undisclosed-recipients:;\r\nCc:\r\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a@a.example; b@b.example|a@a.example b@b.example",
        "a@a.example;b@b.example;|a@a.example b@b.example",
        "a@a.example b@b.example   c@c.example|a@a.example b@b.example c@c.example",
        "Ann <a@a.example> <b@b.example>; Carl C. <c@c.example>|a@a.example b@b.example"
            + " c@c.example",
        "a@a.example (Ann) b (Bob) , c|a@a.example b c",
        "team: a@a.example b@b.example; c@c.example|a@a.example b@b.example c@c.example",
        "\"Doe, John\" <j@a.example> \"x y\"@b.example|j@a.example \"x y\"@b.example",
        "<a@a.example>,, ;<b@b.example>|a@a.example b@b.example",
      })
  void aListNeedsNoCommas(String list, String recipients) {
    assertThat(String.join(" ", of("To: " + list + "\r\n"))).isEqualTo(recipients);
  }

  private static List<String> of(String section) {
    return NamedRecipients.of(Headers.parse(section.getBytes(StandardCharsets.UTF_8)));
  }
}
