package org.caravanmta.queue.admin;

import org.caravanmta.message.Mail;
import org.caravanmta.message.Malformed;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Task;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.Frame;

/// Where the dead go when they are released: mail to routing, a notice to the stage that makes a
/// report of it, each with no faults, or it would soon be dead again.
record Revival(Codecs codecs) {
  /// What neither is stays.
  Drained of(byte[] bytes) {
    try {
      return switch (codecs.decode(bytes)) {
        case Mail mail -> sent(new Task(Queues.ROUTING, faultless(mail)));
        case Notice notice -> sent(new Task(Queues.REPORT, notice.with(faultless(notice.mail()))));
        default -> Drained.LEFT;
      };
    } catch (Malformed e) {
      return Drained.LEFT;
    }
  }

  private Drained sent(Task task) {
    return new Drained.Sent(Frame.of(task, codecs, true));
  }

  private static Mail faultless(Mail mail) {
    Progress progress = mail.envelope().progress();
    return mail.with(
        mail.envelope()
            .with(
                new Progress(
                    progress.attempt(), 0, progress.due(), progress.queued(), progress.warned())));
  }
}
