package org.caravanmta.smtp.client;

import java.util.regex.Pattern;
import org.caravanmta.smtp.Reply;

/// A server that has taken as many recipients as it takes in one transaction (RFC 5321
/// §4.5.3.1.10): 452, or 552 by an error of older servers, not meant for good (§4.5.3.1.9). A full
/// mailbox has the same codes, so that status or text must say it too.
final class RecipientLimit {
  private static final Pattern SAYING =
      Pattern.compile(
          "too many|(?:recipient|rcpt)s?\\b.*\\b(?:limit|exceed|maximum)"
              + "|(?:limit|exceed|maximum).*\\b(?:recipient|rcpt)",
          Pattern.CASE_INSENSITIVE);

  private RecipientLimit() {}

  /// Whether that is what a server means that has taken at least one recipient.
  static boolean isMeantBy(Reply reply) {
    boolean code =
        switch (reply.code()) {
          case 450, 451, 452, 552 -> true;
          default -> false;
        };
    return code
        && (reply.status().filter(s -> s.subject() == 5 && s.detail() == 3).isPresent()
            || SAYING.matcher(String.join(" ", reply.lines())).find());
  }
}
