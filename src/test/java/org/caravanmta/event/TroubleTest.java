package org.caravanmta.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which replies are trouble of which class (postfix `notify_classes`).
class TroubleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "250 | 2.1.5 | Ok                                            | -",
        "221 | 2.0.0 | Bye                                           | -",
        "554 | 5.7.1 | <a@b.example>: Relay access denied            | POLICY",
        "550 | 5.1.1 | <a@b.example>: Recipient address rejected     | POLICY",
        "450 | 4.7.1 | greylisted                                    | POLICY",
        "452 | 4.5.3 | Error: too many recipients                    | POLICY",
        "552 | 5.3.4 | Message size exceeds fixed limit              | POLICY",
        "503 | 5.5.1 | Error: need MAIL command                      | PROTOCOL",
        "500 | 5.5.2 | Error: command not recognized                 | PROTOCOL",
        "501 | -     | Syntax: HELO hostname                         | PROTOCOL",
        "555 | 5.5.4 | Unsupported option: XVERP                     | PROTOCOL",
        "452 | 4.3.1 | Insufficient system storage                   | RESOURCE",
        "451 | 4.3.0 | Error: queue file write error                 | SOFTWARE",
        "451 | 4.3.0 | <a@b.example>: Temporary lookup failure       | DATA",
        "451 | 4.3.5 | Server configuration error                    | DATA",
        "421 | 4.4.2 | mx.example.org Error: timeout exceeded        | -",
        "421 | 4.3.2 | Service not available                         | -",
      })
  void aReplyIsTroubleOfAClass(int code, String status, String text, String trouble) {
    Reply reply = status == null ? Reply.plain(code, text) : Reply.of(code, status, text);
    assertThat(reply.status()).isEqualTo(Optional.ofNullable(status).map(Status::of));
    assertThat(Trouble.of(reply)).isEqualTo(Optional.ofNullable(trouble).map(Trouble::valueOf));
  }
}
