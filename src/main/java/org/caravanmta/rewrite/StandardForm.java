package org.caravanmta.rewrite;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.Origin;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;

/// Brings addresses into standard form, see {@link Origin}: those of the envelope always, those of
/// the header section for our own clients only (postfix `local_header_rewrite_clients`). What a
/// stranger wrote is not ours to complete, and may be signed.
public final class StandardForm {
  /// Fields whose value is a list of addresses (RFC 5322 §3.6), and what Postfix takes for one.
  private static final Set<String> ADDRESS_FIELDS =
      Set.of(
          "from",
          "sender",
          "reply-to",
          "errors-to",
          "mail-followup-to",
          "return-path",
          "return-receipt-to",
          "disposition-notification-to",
          "to",
          "cc",
          "bcc",
          "apparently-to",
          "resent-from",
          "resent-sender",
          "resent-reply-to",
          "resent-to",
          "resent-cc",
          "resent-bcc");

  private final Origin origin;

  public StandardForm(Origin origin) {
    this.origin = origin;
  }

  public Case rewrite(Case c) {
    return switch (c) {
      case Case.Message message -> message.open() ? message.with(rewritten(message.mail())) : c;
      case Case.Connection _, Case.Rcpt _, Case.Data _ -> c;
    };
  }

  private Mail rewritten(Mail mail) {
    Mail completed =
        mail.with(mail.envelope().with(sender(mail.reversePath())))
            .with(
                mail.recipients().stream()
                    .map(recipient -> recipient.to(origin.complete(recipient.address())))
                    .toList());
    return mail.envelope().client().trusted() ? completed.with(headers(mail.headers())) : completed;
  }

  /// A sender who is our own MAILER-DAEMON is the null reverse path: nobody is to be told of it.
  private ReversePath sender(ReversePath path) {
    return switch (path) {
      case ReversePath.Null() -> path;
      case ReversePath.Mailbox(Address given) -> {
        Address address = origin.complete(given);
        yield address.localPart().equalsIgnoreCase("mailer-daemon")
                && address.domain().equals(origin.domain())
            ? ReversePath.NULL
            : ReversePath.of(address);
      }
    };
  }

  private Headers headers(Headers headers) {
    var fields = new ArrayList<Headers.Field>();
    boolean changed = false;
    for (Headers.Field field : headers.fields()) {
      Headers.Field completed =
          ADDRESS_FIELDS.contains(field.name().toLowerCase(Locale.ROOT)) ? field(field) : field;
      changed |= completed != field;
      fields.add(completed);
    }
    return changed ? Headers.of(fields) : headers;
  }

  /// The same field when no address in it changes.
  private Headers.Field field(Headers.Field field) {
    // one character for each byte, so that bytes of any character set come out as they went in
    var raw = new String(field.raw(), StandardCharsets.ISO_8859_1);
    var before = AddressList.parse(raw.substring(raw.indexOf(':') + 1).strip());
    AddressList after = before.map(this::completed);
    return after.equals(before)
        ? field
        : new Headers.Field(
            field.name(),
            (field.name() + ": " + after.folded(field.name()) + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
  }

  /// What is no address by our grammar stays as it is.
  private String completed(String address) {
    try {
      Address completed = origin.complete(address);
      // an address that already was in standard form keeps its spelling, quotes and all
      return isComplete(address, completed) ? address : completed.toString();
    } catch (IllegalArgumentException e) {
      return address;
    }
  }

  private static boolean isComplete(String text, Address completed) {
    try {
      Address given = Address.parse(text);
      return given.localPart().equals(completed.localPart())
          && given.domain().name().equals(completed.domain().name());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
