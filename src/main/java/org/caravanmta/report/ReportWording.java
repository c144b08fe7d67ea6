package org.caravanmta.report;

import java.util.EnumSet;
import java.util.stream.Collectors;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Recipient;

/// What a report says to a human: subject and first part (RFC 3464 §2, first body part).
final class ReportWording {
  private static final int WIDTH = 79;

  private ReportWording() {}

  /// What one may say of a message to somebody who has not sent it.
  static String told(Notice notice) {
    var text = new StringBuilder();
    for (Notice told : notice.parts()) {
      text.append(lines(told));
    }
    return text.substring(1).replace("\n", "\r\n");
  }

  static String subject(Notice.Action action) {
    return switch (action) {
      case FAILED -> "Undelivered Mail Returned to Sender";
      case DELAYED -> "Delayed Mail (still being retried)";
      case VERIFIED -> "Mail Delivery Status Report";
      case DELIVERED, RELAYED, EXPANDED -> "Successful Mail Delivery Report";
    };
  }

  /// Lines end with CRLF.
  static String text(Notice notice, String hostname, String postmaster, Templates templates) {
    var text = new StringBuilder();
    if (templates.of(notice.action()).isEmpty()) {
      text.append("This is the mail system at ").append(hostname).append(".\n\n");
    }
    var said = EnumSet.noneOf(Templates.Kind.class);
    for (Notice told : notice.parts()) {
      text.append(said.isEmpty() ? "" : "\n");
      boolean first = said.add(Templates.Kind.of(told.action()));
      text.append(
          templates
              .of(told.action())
              .map(template -> first ? template.text() : "")
              .orElseGet(() -> explanation(told.action(), postmaster)));
      text.append(lines(told));
    }
    return text.toString().replace("\n", "\r\n");
  }

  /// Each recipient and why, after an empty line.
  private static String lines(Notice told) {
    return told.mail().recipients().stream()
        .map(recipient -> "\n" + wrapped(line(recipient)))
        .collect(Collectors.joining());
  }

  private static String explanation(Notice.Action action, String postmaster) {
    return switch (action) {
      case FAILED ->
          """
          Your message could not be delivered to the recipients below. Beside each
          address stands the reason; what a server said is quoted. It is not being
          tried again: please check the address, or send the message once more when
          the reason is gone.

          If you need help, write to <%s> and send this report along.
          """
              .formatted(postmaster);
      case DELAYED ->
          """
          Your message has not yet been delivered to the recipients below. You need
          not do anything: it is tried again, and you will be told if it fails.
          """;
      case DELIVERED ->
          """
          You asked to be told: your message has been delivered to the recipients
          below.
          """;
      case RELAYED ->
          """
          You asked to be told: your message has been handed to the next mail server
          for the recipients below. That server does not report, so that you will
          hear no more unless it fails.
          """;
      case EXPANDED ->
          """
          You asked to be told: your message has been passed on to those whom the
          recipients below stand for.
          """;
      case VERIFIED ->
          """
          You asked who could be written to. Nothing has been sent: beside each address
          stands what would become of mail for it. Servers elsewhere have not been asked.
          """;
    };
  }

  private static String line(Recipient recipient) {
    String address = "<" + recipient.address() + ">";
    String origin =
        recipient.original().equals(recipient.address())
            ? ""
            : " (expanded from <" + recipient.original() + ">)";
    return address + origin + ": " + recipient.last().map(r -> r.text()).orElse("no reason known");
  }

  /// Breaks between words at 79 characters; further lines are indented by four.
  private static String wrapped(String text) {
    var lines = new StringBuilder();
    int column = 0;
    for (String word : text.strip().split("\\s+")) {
      if (column > 0 && column + 1 + word.length() > WIDTH) {
        lines.append("\n    ");
        column = 4;
      } else if (column > 0) {
        lines.append(' ');
        column++;
      }
      lines.append(word);
      column += word.length();
    }
    return lines.append('\n').toString();
  }
}
