package org.caravanmta.policy;

import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
import org.caravanmta.event.Events;
import org.caravanmta.event.StageEvent;

/// A bug of ours in a step that rewrites or checks a message before the reply to it. The content of
/// the message causes it, so the next attempt would fail too: 451 would keep the message out
/// forever, 5yz would return mail because of our bug, and to go on would let through what nobody
/// has checked. So the message is accepted and held, for the operator to look at.
public final class Fault {

  private Fault() {}

  /// Applies a step, and holds the message if the step breaks.
  ///
  /// @param name the name of the step, for the log
  /// @throws UncheckedIOException if a disk has failed, which is not the message's fault
  /// @throws RuntimeException from the step, if the case is not a message
  public static Case held(String name, Case c, UnaryOperator<Case> step) {
    try {
      return step.apply(c);
    } catch (UncheckedIOException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      if (c instanceof Case.Message message) {
        Events.tell(new StageEvent.Broke(message.mail().id(), name, e));
        return message.decided(new Verdict.Hold("a fault in " + name));
      }
      throw e;
    }
  }
}
