package org.caravanmta.event;

import java.time.Duration;
import java.util.Locale;
import org.caravanmta.message.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of the quarantine.
final class QuarantineLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.quarantine");

  private QuarantineLines() {}

  static void write(QuarantineEvent event) {
    switch (event) {
      case QuarantineEvent.Freed(String id, String by) ->
          LOG.info("{}: released from the quarantine by {}", id, Printable.text(by));
      case QuarantineEvent.Dropped(String id, String by) ->
          LOG.info("{}: deleted from the quarantine by {}", id, Printable.text(by));
      case QuarantineEvent.Cleared(String id, String filter, String by) ->
          LOG.info(
              "{}: released from the quarantine: {} passes it now, asked by {}",
              id,
              Printable.text(filter),
              Printable.text(by));
      case QuarantineEvent.Remained(String id, String filter, String why, String by) ->
          LOG.info(
              "{}: stays in the quarantine: {}: {}; asked by {}",
              id,
              Printable.text(filter),
              Printable.text(why),
              Printable.text(by));
      case QuarantineEvent.Digested(long messages, long rejected, long letters) ->
          LOG.info(
              "quarantine: {} digests were sent of {} new{} messages",
              letters,
              messages,
              rejected == 0 ? "" : " and " + rejected + " rejected");
      case QuarantineEvent.Lapsed(String id, Duration keep) ->
          LOG.info("{}: deleted from the quarantine after {}", id, days(keep));
      case QuarantineEvent.Blocked(String sender, String recipient, String by) ->
          LOG.info(
              "sender {}: blocked for {} by {}",
              Printable.text(sender),
              Printable.text(whom(recipient)),
              Printable.text(by));
      case QuarantineEvent.Unblocked(String sender, String recipient, String by) ->
          LOG.info(
              "sender {}: no longer blocked for {} by {}",
              Printable.text(sender),
              Printable.text(whom(recipient)),
              Printable.text(by));
    }
  }

  private static String whom(String recipient) {
    return recipient.isEmpty() ? "everybody" : recipient;
  }

  private static String days(Duration keep) {
    return keep.toDays() > 0 && keep.equals(Duration.ofDays(keep.toDays()))
        ? keep.toDays() + "d"
        : keep.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
