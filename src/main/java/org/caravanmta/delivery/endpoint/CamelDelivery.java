package org.caravanmta.delivery.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.schedule.Admission;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Step;
import org.caravanmta.message.Destination;
import org.caravanmta.message.EndpointUri;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Transport;
import org.caravanmta.smtp.Attempt;

/// The transport `camel`: gives a message to the Camel endpoint whose URI is the next hop. What its
/// failures mean is the operator's rule ({@link FailureRule}); a URI that makes no endpoint, and an
/// endpoint that does not answer in time, defer (RFC 3463 §3.4, §3.5). One that cannot be reached
/// is left alone for a while ({@link Destinations}).
///
/// An endpoint that answers too late, or not to us, may have the message: it gets it again.
public final class CamelDelivery implements AutoCloseable {
  private static final Destination NOWHERE = new Destination.Endpoint("");
  private static final String QUEUE = Queues.delivery(Transport.CAMEL.key());
  private static final String DELIVERED = "delivered to the endpoint";

  private final Duration timeout;
  private final List<FailureRule> rules;
  private final OpenEndpoints open;
  private final MailText text;
  private final EndpointDelivery outcome;
  private final Destinations turns;
  private final InstantSource clock;

  CamelDelivery(
      CamelSettings settings,
      Endpoints endpoints,
      MailText text,
      Destinations turns,
      InstantSource clock) {
    this.timeout = settings.timeout();
    this.rules = settings.failures().stream().map(FailureRule::parse).toList();
    this.open = new OpenEndpoints(endpoints, settings.endpoints(), settings.concurrency());
    this.text = text;
    this.turns = turns;
    this.outcome = new EndpointDelivery(clock);
    this.clock = clock;
  }

  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    Instant begun = clock.instant();
    Destination given = mail.envelope().destination().orElse(NOWHERE);
    if (!(given.by(Transport.CAMEL) instanceof Destination.Endpoint(String uri))) {
      throw new IllegalStateException(given.toString());
    }
    String relay = EndpointUri.shown(uri);
    Headway headway = Headway.current();
    headway.with(() -> relay);
    return switch (headway.await(Step.TURN, Duration.ZERO, () -> turns.await(given.nextHop()))) {
      case Admission.Suspended(Reason reason) ->
          outcome.all(mail, new Attempt.Deferred(reason), relay, begun);
      case Admission.Crowded _ -> outcome.all(mail, busy(), relay, begun).untried();
      case Admission.Turn turn -> {
        try (turn) {
          yield inTurn(mail, uri, turn, begun);
        }
      }
    };
  }

  private TaskOutcome inTurn(Mail mail, String uri, Admission.Turn turn, Instant begun) {
    String relay = EndpointUri.shown(uri);
    OpenEndpoint endpoint = open.take(uri);
    Headway headway = Headway.current();
    boolean begins = false;
    try (var seat = new Seated(headway.await(Step.TURN, Duration.ZERO, turn::seat))) {
      begins = seat.found() && headway.await(Step.TURN, timeout, () -> endpoint.enter(timeout));
      if (!begins) {
        if (seat.found()) {
          turn.failed(Reason.of("4.4.2", "the endpoint does not end what it has begun"));
        }
        return outcome.all(mail, busy(), relay, begun).untried();
      }
      if (turns.isSuspended(mail)) {
        // while it waited: the queue has it wait on
        begins = false;
        endpoint.leave();
        return outcome.all(mail, busy(), relay, begun).untried();
      }
      EndpointAnswer answer = attempt(mail, endpoint, relay);
      tell(turn, answer);
      return outcome.all(mail, answer.attempt(), relay, begun);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return outcome.all(mail, deferred("4.3.2", "the server ends"), relay, begun);
    } finally {
      if (!begins) {
        open.give(endpoint);
      }
    }
  }

  /// The place of a task among all that are at work, if it has one.
  private record Seated(Optional<Admission.Seat> seat) implements AutoCloseable {
    boolean found() {
      return seat.isPresent();
    }

    @Override
    public void close() {
      seat.ifPresent(Admission.Seat::close);
    }
  }

  private static void tell(Admission.Turn turn, EndpointAnswer answer) {
    switch (answer.contact()) {
      case REACHED -> turn.reached();
      case MISSED -> {
        if (answer.attempt() instanceof Attempt.Deferred(Reason reason)) {
          turn.failed(reason);
        }
      }
      case UNKNOWN -> {}
    }
  }

  @Override
  public void close() {
    open.close();
  }

  /// Endpoints that are open.
  int open() {
    return open.size();
  }

  private EndpointAnswer attempt(Mail mail, OpenEndpoint endpoint, String relay)
      throws InterruptedException {
    // its place is free before the outcome is known: who waits for the one may count on the other
    var sending =
        new FutureTask<>(
            () -> {
              try {
                return sent(mail, endpoint, relay);
              } finally {
                endpoint.leave();
                open.give(endpoint);
              }
            });
    Thread sender = Thread.ofVirtual().name(QUEUE + " sends " + mail.id()).start(sending);
    return Headway.current().await(Step.ENDPOINT, timeout, () -> answer(sending, sender, endpoint));
  }

  private EndpointAnswer answer(
      FutureTask<EndpointAnswer> sending, Thread sender, OpenEndpoint endpoint)
      throws InterruptedException {
    try {
      return sending.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      sender.interrupt();
      return EndpointAnswer.missed(
          deferred("4.4.2", "no answer from the endpoint in " + timeout.toSeconds() + " s"));
    } catch (ExecutionException e) {
      return meaning(e.getCause() == null ? e : e.getCause(), endpoint);
    } catch (InterruptedException e) {
      sender.interrupt();
      throw e;
    }
  }

  private EndpointAnswer sent(Mail mail, OpenEndpoint endpoint, String relay) throws Exception {
    Exchange answered;
    try (var message = OutgoingMessage.of(mail, QUEUE, text, endpoint.uri())) {
      answered = endpoint.send(message);
    }
    if (answered.getException() != null) {
      return meaning(answered.getException(), endpoint);
    }
    if (answered.isRollbackOnly()) {
      return EndpointAnswer.reached(deferred("4.3.0", "the endpoint's route rolls back"));
    }
    Integer status = answered.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    if (status == null) {
      return EndpointAnswer.reached(new Attempt.Delivered(DELIVERED, relay));
    }
    return status / 100 == 2
        ? EndpointAnswer.reached(new Attempt.Delivered("HTTP " + status, relay))
        : FailureRule.meaning(
            rules, EndpointFailure.of(status, EndpointUri.scheme(endpoint.uri())));
  }

  /// What the operator has to mend is never a bounce, whatever the rules say.
  private EndpointAnswer meaning(Throwable failure, OpenEndpoint endpoint) {
    return switch (failure) {
      case UnusableEndpoint e ->
          EndpointAnswer.unknown(deferred("4.3.5", String.valueOf(e.getMessage())));
      case LinkageError e ->
          EndpointAnswer.unknown(
              deferred(
                  "4.3.5",
                  EndpointDelivery.line(
                      "a class is not there, or does not fit: " + e.getMessage())));
      case Unopened e ->
          EndpointAnswer.missed(
              meaning(e.getCause() == null ? e : e.getCause(), endpoint).attempt());
      default ->
          FailureRule.meaning(
              rules,
              EndpointFailure.of(failure, EndpointUri.scheme(endpoint.uri()), endpoint.secrets()));
    };
  }

  private Attempt busy() {
    return deferred("4.3.2", "the endpoint is busy with other messages");
  }

  private static Attempt deferred(String status, String why) {
    return new Attempt.Deferred(Reason.of(status, why));
  }
}
