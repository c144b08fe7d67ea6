package org.caravanmta.event;

import java.util.Locale;
import java.util.stream.Collectors;
import org.caravanmta.address.Address;
import org.caravanmta.log.Form;
import org.caravanmta.log.Program;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of reports.
final class ReportLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.report");

  private ReportLines() {}

  static void write(ReportEvent event) {
    switch (event) {
      case ReportEvent.Reported reported -> reported(reported);
      case ReportEvent.PostmasterTold(String id, Mail about, Address postmaster) ->
          LOG.info("{}: notice about {} to <{}>", id, about.id(), postmaster);
      case ReportEvent.Unreported(Mail mail) ->
          LOG.info("{}: no report: null reverse path", mail.id());
      case ReportEvent.Undeliverable(Mail mail) ->
          LOG.warn("{}: undeliverable postmaster notification discarded", mail.id());
    }
  }

  private static void reported(ReportEvent.Reported reported) {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    Notice notice = reported.notice();
    String id = reported.id();
    String about = notice.mail().id();
    if (Form.isPostfix()) {
      LOG.info(Program.CLEANUP, "{}: message-id={}", id, reported.messageId());
      LOG.info(Program.BOUNCE, "{}: sender {} notification: {}", about, kind(notice), id);
    } else {
      LOG.info(
          "{}: {} of {} to <{}> about {}",
          id,
          notice.action().name().toLowerCase(Locale.ROOT),
          about,
          reported.sender(),
          recipients(notice));
    }
  }

  private static String kind(Notice notice) {
    return switch (notice.action()) {
      case FAILED -> "non-delivery";
      case DELAYED -> "delay";
      case VERIFIED, DELIVERED, RELAYED, EXPANDED -> "delivery status";
    };
  }

  private static String recipients(Notice notice) {
    return notice.parts().stream()
        .flatMap(told -> told.mail().recipients().stream())
        .map(recipient -> "<" + recipient.address() + ">")
        .collect(Collectors.joining(" "));
  }
}
