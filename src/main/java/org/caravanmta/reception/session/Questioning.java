package org.caravanmta.reception.session;

import java.util.function.Consumer;
import java.util.function.Function;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.reception.limits.Holding;
import org.jspecify.annotations.Nullable;

/// The questions of one session to the route, one at a time. The first, about the connection, is
/// put before the client has said anything; the dialogue goes on until something needs its answer.
final class Questioning implements SessionState.UnderWay {
  /// Bytes of a question that brings nothing of the client's along.
  private static final int LITTLE = 2048;

  private final Carrier carrier;
  private @Nullable Consumer<Object> outstanding;
  // of the question about the connection; null until it is answered
  private @Nullable Verdict welcome;
  // what needs the answer to that question
  private @Nullable Consumer<Verdict> waiting;

  Questioning(Carrier carrier) {
    this.carrier = carrier;
  }

  /// Puts the first question, again when the session begins anew with another client.
  ///
  /// @param read the verdict in what the route says
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

  /// Goes on once the question about the connection is answered, at once if it is.
  void whenWelcome(Consumer<Verdict> then) {
    if (welcome == null) {
      waiting = then;
    } else {
      then.accept(welcome);
    }
  }

  void ask(Case question, Consumer<Object> then) {
    Holding holding = new Holding(carrier.holding().budget());
    holding.count(Holding.What.QUESTION, LITTLE);
    ask(new RouteQuestion(question, holding), then);
  }

  /// Puts a question that takes so many bytes of memory while it is out.
  ///
  /// @return whether there is room for it; if not, it is not put
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

  /// Takes what the route says.
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

  /// Nothing needs the answer about the connection any more.
  @Override
  public void forget() {
    waiting = null;
  }
}
