package org.caravanmta.policy;

import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
import org.caravanmta.event.Events;
import org.caravanmta.event.StageEvent;

/// A fault of our own in a step that rewrites or checks a message before the reply to it. It lies
/// in what the message says, so the next attempt would meet it, too: a 451 would keep the message
/// away forever, a 5yz would return somebody's mail for our fault, and to go on would let through
/// what nobody has looked at. So it is taken and held, for the operator to look at.
public final class Fault {

  private Fault() {}

  /// Takes a step.
  ///
  /// @param name of the step, for the log
  /// @throws UncheckedIOException if a disk is at fault, not the message
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
