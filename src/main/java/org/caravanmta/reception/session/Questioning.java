package org.caravanmta.reception.session;

import java.util.function.Consumer;
import java.util.function.Function;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.reception.limits.Holding;
import org.jspecify.annotations.Nullable;

/// The questions of one session to the route (RFC 5321 §3.3), one at a time. The first, about the
/// connection, is put before the client has said anything; the dialogue goes on meanwhile, until a
/// command needs the answer.
final class Questioning implements SessionState.UnderWay {
  /// Bytes of memory that a question takes without texts of the client.
  private static final int LITTLE = 2048;

  private final Carrier carrier;
  // what takes the answer to the present question
  private @Nullable Consumer<Object> outstanding;
  // the verdict on the connection; null until it is known
  private @Nullable Verdict welcome;
  // what waits for that verdict
  private @Nullable Consumer<Verdict> waiting;

  Questioning(Carrier carrier) {
    this.carrier = carrier;
  }

  /// Puts the question about the connection, again when the session begins anew with another
  /// client.
  ///
  /// @param read takes the route's answer, and gives the verdict in it
  void connected(Case.Connection question, Function<Object, Verdict> read) {
    welcome = null;
    ask(
        question,
        body -> {
          Verdict verdict = read.apply(body);
          Consumer<Verdict> next = waiting;
          welcome = verdict;
          waiting = null;
          if (next != null) {
            next.accept(verdict);
          }
        });
  }

  /// Goes on with the verdict on the connection, at once if it is known.
  void whenWelcome(Consumer<Verdict> then) {
    if (welcome == null) {
      waiting = then;
    } else {
      then.accept(welcome);
    }
  }

  /// Puts a question, whether there is memory for it or not.
  ///
  /// @param then takes the route's answer
  void ask(Case question, Consumer<Object> then) {
    Holding holding = new Holding(carrier.holding().budget());
    holding.count(Holding.What.QUESTION, LITTLE);
    ask(new RouteQuestion(question, holding), then);
  }

  /// Puts a question, if there is memory for it.
  ///
  /// @param bytes of memory that its texts take until it is answered
  /// @param then takes the route's answer
  /// @return whether there was memory
  boolean ask(Case question, int bytes, Consumer<Object> then) {
    Holding holding = new Holding(carrier.holding().budget());
    boolean room = holding.grow(Holding.What.QUESTION, LITTLE + bytes);
    if (room) {
      ask(new RouteQuestion(question, holding), then);
    }
    return room;
  }

  private void ask(RouteQuestion question, Consumer<Object> then) {
    outstanding = then;
    carrier.ask(question);
  }

  /// Takes the route's answer to the present question.
  void answer(Object body) {
    Consumer<Object> then = outstanding;
    outstanding = null;
    if (then != null) {
      then.accept(body);
    }
  }

  /// Whether the dialogue cannot go on without an answer.
  boolean pending() {
    return waiting != null || outstanding != null && welcome != null;
  }

  /// Forgets what waits for the verdict on the connection.
  @Override
  public void forget() {
    waiting = null;
  }
}
