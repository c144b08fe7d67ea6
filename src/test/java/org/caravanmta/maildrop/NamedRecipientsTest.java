package org.caravanmta.maildrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.caravanmta.message.Headers;
import org.junit.jupiter.api.Test;

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
  void aGroupMayBeEmptyAndAnAddressMayNot() {
    assertThat(of("To: undisclosed-recipients:;\r\nCc:\r\n")).isEmpty();
    assertThatThrownBy(() -> of("To: ann bob\r\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"ann bob\" is not an address");
  }

  private static List<String> of(String section) {
    return NamedRecipients.of(Headers.parse(section.getBytes(StandardCharsets.UTF_8)));
  }
}
