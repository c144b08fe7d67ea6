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
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Xtext;

/// The part of a report that programs read: `message/delivery-status` (RFC 3464 §2), one group of
/// fields about the message and one about each recipient. With addresses beyond ASCII it is
/// `message/global-delivery-status`, and those are of type `utf-8` (RFC 6533 §3).
final class StatusPart {
  static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private StatusPart() {}

  /// @param lifetime how long a message is tried
  /// @param global whether it may have characters beyond ASCII
  static String of(Notice notice, String hostname, Duration lifetime, boolean global) {
    Envelope envelope = notice.mail().envelope();
    var part = new StringBuilder();
    field(part, "Reporting-MTA", "dns; " + hostname);
    envelope
        .parameters()
        .envid()
        .ifPresent(envid -> field(part, "Original-Envelope-Id", Xtext.decode(envid)));
    field(part, "X-Caravan-Queue-ID", envelope.id());
    field(part, "X-Caravan-Sender", typed(envelope.reversePath().toString(), "; "));
    field(part, "Arrival-Date", DATE.format(envelope.arrived()));
    for (Notice told : notice.parts()) {
      for (Recipient recipient : told.mail().recipients()) {
        part.append("\r\n");
        about(part, recipient, told.action(), global);
        if (told.action() == Notice.Action.DELAYED) {
          // RFC 3464 §2.3.9
          field(part, "Will-Retry-Until", DATE.format(envelope.arrived().plus(lifetime)));
        }
      }
    }
    return part.toString();
  }

  private static void about(
      StringBuilder part, Recipient recipient, Notice.Action action, boolean global) {
    field(part, "Final-Recipient", typed(recipient.address().toString(), "; "));
    field(
        part,
        "Original-Recipient",
        recipient
            .orcpt()
            .flatMap(OriginalRecipient::parse)
            .map(original -> original.reported(global))
            .orElseGet(() -> typed(recipient.original().toString(), ";")));
    field(part, "Action", word(action, recipient));
    recipient
        .last()
        .ifPresent(
            reason -> {
              field(part, "Status", reason.status().toString());
              reason.remote().ifPresent(remote -> field(part, "Remote-MTA", "dns; " + remote));
              field(
                  part,
                  "Diagnostic-Code",
                  reason
                      .reply()
                      .map(reply -> "smtp; " + reply)
                      .orElse("X-Caravan; " + reason.text()));
            });
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

  private static String typed(String address, String separator) {
    return (Ascii.is(address) ? "rfc822" : "utf-8") + separator + address;
  }

  /// Long values are folded at spaces (RFC 5322 §2.2.3); what would break the line is replaced.
  private static void field(StringBuilder part, String name, String value) {
    int column = name.length() + 1;
    part.append(name).append(':');
    for (String word : Printable.text(value).strip().split(" +")) {
      if (column > name.length() + 1 && column + 1 + word.length() > 78) {
        part.append("\r\n   ");
        column = 3;
      }
      part.append(' ').append(word);
      column += 1 + word.length();
    }
    part.append("\r\n");
  }
}
