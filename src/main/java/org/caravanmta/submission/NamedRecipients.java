package org.caravanmta.submission;

import java.util.ArrayList;
import java.util.List;
import org.caravanmta.address.WrittenList;
import org.caravanmta.address.WrittenMember;
import org.caravanmta.message.Headers;

/// Those whom the header section of a message names as its recipients (RFC 5322 §3.6.3; postfix
/// `sendmail -t`): in `To`, `Cc` and `Bcc`, or, when the message is resent, in the `Resent-` fields
/// only (RFC 5322 §3.6.6).
public final class NamedRecipients {
  private static final List<String> FIELDS = List.of("To", "Cc", "Bcc");

  private NamedRecipients() {}

  /// Each as it is written, those of several fields in the order of the fields.
  public static List<String> of(Headers headers) {
    String prefix =
        FIELDS.stream().anyMatch(name -> headers.first("Resent-" + name).isPresent())
            ? "Resent-"
            : "";
    var recipients = new ArrayList<String>();
    for (String name : FIELDS) {
      for (Headers.Field field : headers.all(prefix + name)) {
        recipients.addAll(addresses(field.value()));
      }
    }
    return recipients;
  }

  /// The addresses of one text: `joe, Ann <ann@example.org>`, with commas or without.
  public static List<String> addresses(String text) {
    return WrittenList.parse(text).members().stream().map(WrittenMember::address).toList();
  }
}
