package org.caravanmta.smtp.client;

import java.util.regex.Pattern;
import org.caravanmta.smtp.Reply;

/// Recognizes the reply of a server that takes no more recipients in this transaction (RFC 5321
/// §4.5.3.1.10): 452, or from older servers 552, which is not meant as permanent (§4.5.3.1.9); some
/// say 450 or 451. As a full mailbox has the same codes, the status or the text must say so too.
final class TooManyRecipients {
  private static final Pattern TEXT =
      Pattern.compile(
          "too many|(?:recipient|rcpt)s?\\b.*\\b(?:limit|exceed|maximum)"
              + "|(?:limit|exceed|maximum).*\\b(?:recipient|rcpt)",
          Pattern.CASE_INSENSITIVE);

  private TooManyRecipients() {}

  /// Whether a server that has taken at least one recipient means this by its reply.
  static boolean isMeantBy(Reply reply) {
    boolean code =
        switch (reply.code()) {
          case 450, 451, 452, 552 -> true;
          default -> false;
        };
    return code
        && (reply.status().filter(s -> s.subject() == 5 && s.detail() == 3).isPresent()
            || TEXT.matcher(String.join(" ", reply.lines())).find());
  }
}
