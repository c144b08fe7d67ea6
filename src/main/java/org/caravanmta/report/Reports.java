package org.caravanmta.report;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.Events;
import org.caravanmta.event.ReportEvent;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Content;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Handover;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Printable;
import org.caravanmta.message.QueueIds;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.message.Verp;
import org.caravanmta.retry.WaitingTimes;

/// Makes a notice into a message to the sender: a delivery status notification (RFC 3464) of three
/// parts, what happened in words, the same for programs, and the message or its header section.
public final class Reports {
  private static final Client REPORTER =
      new Client(ClientHost.here(), Greeting.NONE, Entrance.by("report"));

  private final String hostname;
  private final Domain origin;
  private final ReportSettings own;
  private final WaitingTimes times;
  private final QueueIds ids;
  private final Bodies bodies;
  private final InstantSource clock;
  private final Postmaster postmaster;
  private final Templates templates;

  /// @param postmaster who else is told
  /// @param templates the operator's words
  /// @param origin whose MAILER-DAEMON writes them (postfix `myorigin`)
  /// @param times how long a message is tried
  public Reports(
      String hostname,
      Domain origin,
      ReportSettings own,
      WaitingTimes times,
      QueueIds ids,
      Bodies bodies,
      InstantSource clock,
      Postmaster postmaster,
      Templates templates) {
    this.postmaster = postmaster;
    this.templates = templates;
    this.hostname = hostname;
    this.origin = origin;
    this.own = own;
    this.times = times;
    this.ids = ids;
    this.bodies = bodies;
    this.clock = clock;
  }

  /// The reports for `routing`: about a message with the null reverse path there is none to its
  /// sender, and about one to the postmaster none at all.
  @HandsOver(Queues.ROUTING)
  public Handover compose(Notice notice) {
    Optional<Verp> verp = notice.mail().envelope().parameters().verp();
    return verp.isPresent()
        ? Handover.of(notice.parts().stream().flatMap(part -> each(part, verp.get())).toList())
        : told(notice);
  }

  /// One for each recipient, to the reverse path with that recipient in it.
  private Stream<Task> each(Notice part, Verp verp) {
    return part.mail().recipients().stream()
        .map(recipient -> new Notice(part.action(), part.mail().to(recipient, verp)))
        .flatMap(one -> told(one).all().stream());
  }

  private Handover told(Notice notice) {
    return switch (notice.mail().reversePath()) {
      case ReversePath.Null() -> {
        Optional<Address> told = postmaster.of(Postmaster.Concern.DOUBLE_BOUNCE);
        if (notice.action() == Notice.Action.FAILED && told.isPresent()) {
          yield Handover.of(
              List.of(
                  new Task(
                      Queues.ROUTING, copy(notice, Postmaster.Concern.DOUBLE_BOUNCE, told.get()))));
        }
        Events.tell(new ReportEvent.Unreported(notice.mail()));
        yield Handover.of(List.of());
      }
      case ReversePath path when postmaster.wrote(path) -> {
        if (notice.action() == Notice.Action.FAILED) {
          Events.tell(new ReportEvent.Undeliverable(notice.mail()));
        }
        yield Handover.of(List.of());
      }
      case ReversePath.Mailbox(Address sender) -> {
        var tasks = new ArrayList<Task>();
        tasks.add(new Task(Queues.ROUTING, report(notice, sender)));
        concern(notice)
            .flatMap(
                concern ->
                    postmaster
                        .of(concern)
                        .map(told -> new Task(Queues.ROUTING, copy(notice, concern, told))))
            .ifPresent(tasks::add);
        yield Handover.of(tasks);
      }
    };
  }

  private static Optional<Postmaster.Concern> concern(Notice notice) {
    return switch (notice.action()) {
      case FAILED -> Optional.of(Postmaster.Concern.BOUNCE);
      case DELAYED -> Optional.of(Postmaster.Concern.DELAY);
      case DELIVERED, RELAYED, EXPANDED, VERIFIED -> Optional.empty();
    };
  }

  private Mail copy(Notice notice, Postmaster.Concern concern, Address told) {
    String id = ids.next();
    Events.tell(new ReportEvent.PostmasterTold(id, notice.mail(), told));
    return letter(
        notice,
        id,
        ReversePath.of(postmaster.sender()),
        told,
        templates.field(notice.action(), "Postmaster-Subject").orElse(concern.subject()),
        Printable.lines(ReportWording.told(notice)),
        concern == Postmaster.Concern.DOUBLE_BOUNCE
            ? ReturnedPart.of(notice, own.sizeLimit().bytes(), bodies)
            : ReturnedPart.headers(notice.mail(), own.sizeLimit().bytes()));
  }

  private Mail report(Notice notice, Address sender) {
    String id = ids.next();
    Events.tell(new ReportEvent.Reported(notice, id, messageId(id), sender));
    return letter(
        notice,
        id,
        ReversePath.NULL,
        sender,
        templates.field(notice.action(), "Subject").orElse(ReportWording.subject(notice.action())),
        Printable.lines(ReportWording.text(notice, hostname, "postmaster@" + origin, templates)),
        ReturnedPart.of(notice, own.sizeLimit().bytes(), bodies));
  }

  private Mail letter(
      Notice notice,
      String id,
      ReversePath from,
      Address to,
      String subject,
      String words,
      ReturnedPart returned) {
    Instant now = clock.instant();
    String boundary = id + "." + now.getEpochSecond() + "/" + hostname;
    boolean global = notice.parts().stream().anyMatch(told -> isGlobal(told.mail()));
    String status = StatusPart.of(notice, hostname, times.lifetime(), global);
    boolean eightBit = returned.eightBit() || !Ascii.is(words) || !Ascii.is(status);
    return new Mail(
        envelope(id, from, to, now, eightBit, global),
        headers(id, from(notice), subject, to, now, boundary, eightBit),
        new Content.Inline(body(boundary, words, status, returned, global)));
  }

  private String messageId(String id) {
    return "<" + id + "@" + hostname + ">";
  }

  /// Of a template, with the origin where it names nobody's domain.
  private String from(Notice notice) {
    String usual = "Mail Delivery System <MAILER-DAEMON@" + origin + ">";
    return templates
        .field(notice.action(), "From")
        .map(from -> from.contains("@") ? from : from.replaceFirst("MAILER-DAEMON", "$0@" + origin))
        .filter(from -> from.contains("@"))
        .orElse(usual);
  }

  private static Envelope envelope(
      String id, ReversePath from, Address to, Instant now, boolean eightBit, boolean global) {
    var body =
        eightBit ? Optional.of(MailOptions.Body.EIGHTBITMIME) : Optional.<MailOptions.Body>empty();
    return Envelope.of(
        id,
        from,
        List.of(Recipient.of(to)),
        REPORTER,
        new MailOptions(body, global, Optional.empty(), Optional.empty()),
        now);
  }

  private Headers headers(
      String id,
      String from,
      String subject,
      Address to,
      Instant now,
      String boundary,
      boolean eightBit) {
    var fields =
        new ArrayList<>(
            List.of(
                Headers.Field.of("Date", StatusPart.DATE.format(now)),
                Headers.Field.of("From", from),
                Headers.Field.of("Subject", subject),
                Headers.Field.of("To", to.toString()),
                Headers.Field.of("Auto-Submitted", "auto-replied"),
                Headers.Field.of("MIME-Version", "1.0"),
                Headers.Field.of(
                    "Content-Type",
                    "multipart/report; report-type=delivery-status;\r\n\tboundary=\""
                        + boundary
                        + "\""),
                Headers.Field.of("Message-ID", messageId(id))));
    fields.add(Headers.Field.of("Content-Transfer-Encoding", encoding(eightBit)));
    return Headers.of(fields);
  }

  private static byte[] body(
      String boundary, String words, String status, ReturnedPart returned, boolean global) {
    var body = new ByteArrayOutputStream();
    text(body, "This is a MIME-encapsulated message.\r\n");
    part(body, boundary, "Notification", "text/plain; charset=utf-8", !Ascii.is(words));
    text(body, words);
    part(
        body,
        boundary,
        "Delivery report",
        // RFC 3464 §2.1 has it in seven bits, which only RFC 6533 §3 can need more than
        global ? "message/global-delivery-status" : "message/delivery-status",
        !Ascii.is(status));
    text(body, status);
    part(
        body,
        boundary,
        returned.whole() ? "Undelivered Message" : "Undelivered Message Headers",
        type(returned.whole(), global),
        returned.eightBit());
    body.writeBytes(returned.bytes());
    text(body, "\r\n--" + boundary + "--\r\n");
    return body.toByteArray();
  }

  /// RFC 3462 §2, RFC 6533 §5, §6.
  private static String type(boolean whole, boolean global) {
    if (whole) {
      return global ? "message/global" : "message/rfc822";
    }
    return global ? "message/global-headers" : "text/rfc822-headers";
  }

  /// Whether a message, and so what tells of it, may have characters beyond ASCII where others have
  /// none (RFC 6533).
  private static boolean isGlobal(Mail mail) {
    return mail.envelope().parameters().smtputf8()
        || !mail.envelope().isAscii()
        || mail.recipients().stream().anyMatch(recipient -> !recipient.original().isAscii());
  }

  private static void part(
      ByteArrayOutputStream body,
      String boundary,
      String description,
      String type,
      boolean eightBit) {
    text(body, "\r\n--" + boundary + "\r\n");
    text(body, "Content-Description: " + description + "\r\nContent-Type: " + type + "\r\n");
    text(body, "Content-Transfer-Encoding: " + encoding(eightBit) + "\r\n\r\n");
  }

  /// RFC 2045 §6.1.
  private static String encoding(boolean eightBit) {
    return eightBit ? "8bit" : "7bit";
  }

  private static void text(ByteArrayOutputStream body, String text) {
    body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
