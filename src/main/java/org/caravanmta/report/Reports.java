package org.caravanmta.report;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.Events;
import org.caravanmta.event.ReportEvent;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Handover;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Printable;
import org.caravanmta.message.QueueIds;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Task;
import org.caravanmta.message.Verp;
import org.caravanmta.retry.OutcomeHearing;
import org.caravanmta.retry.WaitingTimes;

/// Makes a notice into a message to the sender: a delivery status notification (RFC 3464) of three
/// parts, what happened in words, the same for programs, and the message or its header section.
public final class Reports {
  private final String hostname;
  private final Domain origin;
  private final ReportSettings own;
  private final WaitingTimes times;
  private final QueueIds ids;
  private final Bodies bodies;
  private final InstantSource clock;
  private final Postmaster postmaster;
  private final Templates templates;
  private final OutcomeHearing hearing;

  /// @param hearing who hears of reports to senders
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
      Templates templates,
      OutcomeHearing hearing) {
    this.hearing = hearing;
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
        report(notice, sender).ifPresent(report -> tasks.add(new Task(Queues.ROUTING, report)));
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
        new ReportLetter(
            id,
            ReversePath.of(postmaster.sender()),
            told,
            from(notice),
            templates.field(notice.action(), "Postmaster-Subject").orElse(concern.subject()),
            Printable.lines(ReportWording.told(notice)),
            StandardCharsets.UTF_8,
            // nobody has written what it would answer (RFC 3834 §5)
            "auto-generated",
            own.related(notice.mail().headers()),
            notice,
            concern == Postmaster.Concern.DOUBLE_BOUNCE
                ? ReturnedPart.of(notice, own.sizeLimit().bytes(), bodies)
                : ReturnedPart.headers(notice.mail(), own.sizeLimit().bytes())));
  }

  private Optional<Mail> report(Notice notice, Address sender) {
    String id = ids.next();
    Mail written = written(notice, sender, id);
    Optional<Mail> report =
        hearing == OutcomeHearing.NOBODY ? Optional.of(written) : hearing.report(notice, written);
    if (report.isPresent()) {
      Events.tell(
          new ReportEvent.Reported(notice, id, ReportLetter.messageId(id, hostname), sender));
    }
    return report;
  }

  private Mail written(Notice notice, Address sender, String id) {
    return letter(
        new ReportLetter(
            id,
            ReversePath.NULL,
            sender,
            from(notice),
            templates
                .field(notice.action(), "Subject")
                .orElse(ReportWording.subject(notice.action())),
            Printable.lines(
                ReportWording.text(notice, hostname, "postmaster@" + origin, templates)),
            templates.charset(notice.action()),
            "auto-replied",
            own.related(notice.mail().headers()),
            notice,
            ReturnedPart.of(notice, own.sizeLimit().bytes(), bodies)));
  }

  private Mail letter(ReportLetter letter) {
    return letter.mail(hostname, times.lifetime(), clock.instant());
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
}
