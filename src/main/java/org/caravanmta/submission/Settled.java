package org.caravanmta.submission;

import java.util.List;
import org.caravanmta.event.Events;
import org.caravanmta.event.SubmissionEvent;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Task;
import org.caravanmta.smtp.Reply;

/// What is to become of a collected message: the route's last steps put the tasks on their queues
/// (RFC 5321 §6.1), and once none is left, the message is no longer ours to keep.
///
/// @param all those that no queue has yet
/// @param carriesContent whether a task has the stored content under the name it was stored by
/// @param done whether the file may go when there are none; if not, it is tried again later
/// @param why it is, otherwise empty
record Settled(List<Task> all, boolean carriesContent, boolean done, String why)
    implements Handover {
  Settled {
    all = List.copyOf(all);
  }

  static Settled nothing() {
    return new Settled(List.of(), false, true, "");
  }

  static Settled later(Mail mail, Reply reply) {
    Events.tell(new SubmissionEvent.Postponed(mail, reply));
    return new Settled(List.of(), false, false, reply.toString());
  }

  @Override
  public List<Task> tasks(String name) {
    return Handover.matching(all, name);
  }

  @Override
  public Handover kept(String name) {
    List<Task> kept = tasks(name);
    return new Settled(
        all.stream().filter(task -> !kept.contains(task)).toList(), carriesContent, done, why);
  }

  boolean kept() {
    return done && all.isEmpty();
  }
}
