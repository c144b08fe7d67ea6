package org.caravanmta.rewrite;

import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.caravanmta.address.AddressClass;
import org.caravanmta.address.AddressTree;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Octets;
import org.caravanmta.message.Headers;

/// The fields of a header section whose value is a list of addresses (RFC 5322 §3.6), and what
/// Postfix takes for one (postfix `ADDRESS_REWRITING_README`). A field in which no address changes
/// keeps its bytes.
final class AddressFields {
  private static final Set<String> SENDERS =
      Set.of(
          "from",
          "sender",
          "reply-to",
          "errors-to",
          "mail-followup-to",
          "return-path",
          "return-receipt-to",
          "disposition-notification-to",
          "resent-from",
          "resent-sender");
  private static final Set<String> RECIPIENTS =
      Set.of(
          "to",
          "cc",
          "bcc",
          "apparently-to",
          // as Postfix has it
          "resent-reply-to",
          "resent-to",
          "resent-cc",
          "resent-bcc");

  /// What a line break is in the text of a comment or a quoted name (RFC 5322 §2.2.3).
  private static final Pattern FOLD = Pattern.compile("\r?\n");

  private AddressFields() {}

  /// Makes another address of one, as it is written in the field, or gives it back as it is.
  @FunctionalInterface
  interface Change {
    String of(String address);
  }

  /// The same section when no address changes.
  static Headers map(Headers headers, Set<AddressClass> classes, Change change) {
    var fields = new ArrayList<Headers.Field>();
    boolean changed = false;
    for (Headers.Field field : headers.fields()) {
      Headers.Field mapped =
          of(field).filter(classes::contains).isPresent() ? field(field, change) : field;
      changed |= mapped != field;
      fields.add(mapped);
    }
    return changed ? Headers.of(fields) : headers;
  }

  private static Optional<AddressClass> of(Headers.Field field) {
    String name = Ascii.lower(field.name());
    return SENDERS.contains(name)
        ? Optional.of(AddressClass.HEADER_SENDER)
        : RECIPIENTS.contains(name) ? Optional.of(AddressClass.HEADER_RECIPIENT) : Optional.empty();
  }

  private static Headers.Field field(Headers.Field field, Change change) {
    // bytes that are not UTF-8 come out as they went in
    String raw = Octets.text(field.raw());
    var before = AddressTree.parseField(unfolded(raw.substring(raw.indexOf(':') + 1)));
    AddressTree after = before.map(change::of);
    return after == before
        ? field
        : new Headers.Field(
            field.name(), Octets.bytes(field.name() + ": " + after.folded(field.name()) + "\r\n"));
  }

  private static String unfolded(String value) {
    return value.indexOf('\n') < 0 ? value : FOLD.matcher(value).replaceAll("");
  }
}
