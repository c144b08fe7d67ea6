package org.caravanmta.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.caravanmta.address.Address;
import org.caravanmta.message.Mail;
import org.junit.jupiter.api.Test;

/// What restrictions order for a message.
class MessageActionTest {
  /// As Postfix has it: above `Received`, and the first above the second.
  @Test
  void fieldsStandOnTopInTheOrderInWhichTheyWereOrdered() {
    Mail mail =
        MessageAction.apply(
            List.of(
                new MessageAction.Prepend("X-One: client"),
                new MessageAction.Prepend("X-Two: sender"),
                new MessageAction.Bcc(Address.of("copy", "ex.example")),
                new MessageAction.Prepend("X-One: recipient")),
            Cases.mail(Cases.own(), "Received: by us\r\nSubject: s\r\n", "bob@ex.example"));

    assertThat(new String(mail.headers().bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "X-One: client\r\nX-Two: sender\r\nX-One: recipient\r\n"
                + "Received: by us\r\nSubject: s\r\n");
    assertThat(mail.recipients()).hasSize(2);
  }
}
