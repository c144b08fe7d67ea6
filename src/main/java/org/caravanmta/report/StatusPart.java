package org.caravanmta.report;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.caravanmta.address.Ascii;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Notice;
import org.caravanmta.message.OriginalRecipient;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Xtext;

/// The part of a report that programs read: `message/delivery-status` (RFC 3464 §2), one group of
/// fields about the message and one about each recipient. With addresses beyond ASCII it is
/// `message/global-delivery-status`, and those are of type `utf-8` (RFC 6533 §3).
final class StatusPart {
  static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final StringBuilder text = new StringBuilder();
  private final boolean global;

  private StatusPart(boolean global) {
    this.global = global;
  }

  /// @param lifetime how long a message is tried
  /// @param global whether it may have characters beyond ASCII
  static String of(Notice notice, String hostname, Duration lifetime, boolean global) {
    var part = new StatusPart(global);
    part.about(notice.mail().envelope(), hostname);
    for (Notice told : notice.parts()) {
      for (Recipient recipient : told.mail().recipients()) {
        part.text.append("\r\n");
        part.about(recipient, told.action());
        if (told.action() == Notice.Action.DELAYED) {
          // RFC 3464 §2.3.9
          part.field(
              "Will-Retry-Until", DATE.format(notice.mail().envelope().arrived().plus(lifetime)));
        }
      }
    }
    return part.text.toString();
  }

  private void about(Envelope envelope, String hostname) {
    field("Reporting-MTA", "dns; " + hostname);
    envelope
        .parameters()
        .envid()
        .ifPresent(envid -> field("Original-Envelope-Id", Xtext.decode(envid)));
    field("X-Caravan-Queue-ID", envelope.id());
    field("X-Caravan-Sender", typed(envelope.reversePath().toString(), "; "));
    field("Arrival-Date", DATE.format(envelope.arrived()));
  }

  private void about(Recipient recipient, Notice.Action action) {
    field("Final-Recipient", typed(recipient.address().toString(), "; "));
    field(
        "Original-Recipient",
        recipient
            .orcpt()
            .flatMap(OriginalRecipient::parse)
            .map(original -> original.reported(global))
            .orElseGet(() -> typed(recipient.original().toString(), ";")));
    field("Action", word(action, recipient));
    recipient
        .last()
        .ifPresent(
            reason -> {
              field("Status", reason.status().toString());
              reason.remote().ifPresent(remote -> field("Remote-MTA", "dns; " + remote));
              field("Diagnostic-Code", diagnostic(reason));
            });
  }

  /// What has been said, and by whom (RFC 3464 §2.3.6): `smtp` is a server's reply, word for word,
  /// and never one of ours.
  private static String diagnostic(Reason reason) {
    return reason
        .reply()
        .map(said -> (reason.remote().isPresent() ? "smtp; " : "x-unix; ") + said)
        .orElse("X-Caravan; " + reason.text());
  }

  /// RFC 3464 §2.3.3; of a verification, postfix's words.
  private static String word(Notice.Action action, Recipient recipient) {
    return switch (action) {
      case FAILED, DELAYED, DELIVERED, RELAYED, EXPANDED -> action.name().toLowerCase(Locale.ROOT);
      case VERIFIED ->
          recipient.last().filter(reason -> reason.status().isSuccess()).isPresent()
              ? "deliverable"
              : "undeliverable";
    };
  }

  /// An address with its type. Beyond ASCII it is of type `utf-8`, in characters of ASCII where the
  /// part has only those (RFC 6533 §3).
  private String typed(String address, String separator) {
    if (Ascii.is(address)) {
      return "rfc822" + separator + address;
    }
    String[] written = new OriginalRecipient("utf-8", address).reported(global).split(";", 2);
    return written[0] + separator + written[1];
  }

  /// Long values are folded at spaces (RFC 5322 §2.2.3); what would break the line is replaced, and
  /// where the part is of ASCII only, what is not (RFC 3464 §2.1).
  private void field(String name, String value) {
    int column = name.length() + 1;
    String shown = Printable.text(value).strip();
    text.append(name).append(':');
    for (String word : (global ? shown : Printable.ascii(shown)).split(" +")) {
      if (column > name.length() + 1 && column + 1 + word.length() > 78) {
        text.append("\r\n   ");
        column = 3;
      }
      text.append(' ').append(word);
      column += 1 + word.length();
    }
    text.append("\r\n");
  }
}
