package org.caravanmta.queue.camel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultConsumer;
import org.caravanmta.event.Events;
import org.caravanmta.event.StageEvent;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Malformed;
import org.caravanmta.message.PutBack;
import org.caravanmta.message.Task;
import org.caravanmta.message.Unsettled;
import org.caravanmta.queue.reader.QueueRuntime;
import org.caravanmta.queue.reader.QueueStage;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;

/// A route, as the stage that takes messages from its queue.
final class RouteStage implements QueueStage {
  /// The exchange property with the body as it was taken, for the failure route.
  static final String CONSUMED = "consumed";

  /// More than mail passes that is forwarded from user to user, three stages each time, before
  /// `Delivered-To` ends the loop; a route that feeds itself gets here in a second.
  static final int MOST_PASSAGES = 500;

  private final DefaultConsumer consumer;
  private final StageOptions options;
  private final ContextQueues context;
  private final QueueRuntime queues;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean showsEnvelope;

  /// @param consumer whose exchanges are taken along the route
  RouteStage(DefaultConsumer consumer, StageOptions options, ContextQueues context) {
    this.consumer = consumer;
    this.options = options;
    this.context = context;
    this.queues = context.runtime();
  }

  /// @param shows whether steps of the route are not made for mail, and want it as headers and body
  void showEnvelope(boolean shows) {
    showsEnvelope = shows;
  }

  @Override
  public Outcome pass(Received received) {
    if (received.passages() >= MOST_PASSAGES && !options.held()) {
      return dead(
          received,
          "has been through " + MOST_PASSAGES + " stages without a wait: a route feeds itself");
    }
    Object body;
    try {
      body = queues.codecs().decode(received.bytes());
    } catch (Malformed.Newer e) {
      Events.tell(
          new StageEvent.LeftForNewer(
              received.id(), received.queue(), String.valueOf(e.getMessage())));
      return new Outcome(1, List.of(received.left(e)), List.of());
    } catch (Malformed e) {
      return dead(received, String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      return dead(received, "cannot be decoded: " + e);
    }
    Optional<List<Frame>> instead;
    try {
      instead = instead(body);
    } catch (RuntimeException | Error e) {
      return dead(received, "what is suspended cannot be told: " + e);
    }
    if (instead.isPresent()) {
      return outcome(received, instead.get());
    }
    var settlement = new Settlement();
    Run run;
    List<Frame> frames;
    try {
      run = run(body, settlement);
    } finally {
      frames = settlement.close();
    }
    if (run.failure().filter(this::isOfTheEnd).isPresent()) {
      return putBack(received);
    }
    if (run.failure().isPresent()) {
      return dead(received, "the stage broke: " + run.failure().get());
    }
    if (run.body() instanceof PutBack) {
      return putBack(received);
    }
    if (run.body() instanceof Unsettled) {
      return dead(received, "the route ends before it settles what the attempt came to: retry");
    }
    if (frames.isEmpty() && !(run.body() instanceof Handover)) {
      Events.tell(new StageEvent.WayEnded(received.id(), received.queue()));
    }
    return untaken(run.body(), frames)
        .map(task -> dead(received, "the route has no step for artemis:" + task.queue()))
        .orElseGet(() -> outcome(received, frames));
  }

  /// The same messages, on the queue they came from.
  private static Outcome putBack(Received received) {
    List<Received> all = received.all();
    return new Outcome(
        all.size(), all.stream().map(each -> each.on(each.queue())).toList(), List.of());
  }

  /// Whether a route was broken off since the server ends: that says nothing of the message.
  private boolean isOfTheEnd(Throwable failure) {
    return failure instanceof RejectedExecutionException
        && consumer.getEndpoint().getCamelContext().getShutdownStrategy().isForceShutdown();
  }

  /// What a message that may not go through the route becomes.
  private Optional<List<Frame>> instead(Object body) {
    return context
        .turnstile()
        .instead(options.name(), body)
        .map(
            handover ->
                handover.all().stream()
                    .map(task -> Frame.of(task, queues.codecs(), true))
                    .toList());
  }

  /// A task that was to be handed over and that no step has taken: the route forgets it.
  private static Optional<Task> untaken(Object body, List<Frame> frames) {
    return body instanceof Handover handover
        ? handover.all().stream()
            .filter(task -> frames.stream().noneMatch(sent -> sent.queue().equals(task.queue())))
            .findFirst()
        : Optional.empty();
  }

  @Override
  public byte[] answer(byte[] question) throws Unanswerable {
    try {
      var run = run(queues.codecs().decode(question), null);
      if (run.failure().isPresent()) {
        throw new Unanswerable(run.failure().get());
      }
      return queues.codecs().encode(run.body());
    } catch (RuntimeException e) {
      throw new Unanswerable(e);
    }
  }

  @Override
  public Outcome givenUp(Received received, String why) {
    return dead(received, why);
  }

  int inFlight() {
    return inFlight.get();
  }

  private record Run(Object body, Optional<Throwable> failure) {}

  private Run run(Object body, @Nullable Settlement settlement) {
    Exchange exchange = consumer.createExchange(false);
    inFlight.incrementAndGet();
    try {
      exchange.getMessage().setBody(body);
      exchange.setProperty(CONSUMED, body);
      if (showsEnvelope) {
        queues
            .codecs()
            .mail(body)
            .ifPresent(
                mail -> exchange.getMessage().setHeaders(EnvelopeHeaders.of(mail, options.name())));
      }
      if (settlement != null) {
        exchange.setProperty(Settlement.PROPERTY, settlement);
      }
      try {
        consumer.getProcessor().process(exchange);
      } catch (Exception | Error e) {
        return new Run(body, Optional.of(e));
      }
      if (exchange.isRollbackOnly()) {
        return new Run(body, Optional.of(new IllegalStateException("the route rolls back")));
      }
      return new Run(exchange.getMessage().getBody(), Optional.ofNullable(exchange.getException()));
    } finally {
      inFlight.decrementAndGet();
      consumer.releaseExchange(exchange, false);
    }
  }

  private Outcome dead(Received received, String why) {
    Events.tell(new StageEvent.Dead(received.id(), received.queue(), why));
    queues.figures().dead();
    return outcome(received, List.of(received.dead(why)));
  }

  private Outcome outcome(Received received, List<Frame> frames) {
    int passages = options.held() ? 0 : received.passages() + 1;
    var sent = new ArrayList<Frame>(frames.size());
    for (Frame frame : frames) {
      sent.add(frame.from(received.queue(), passages));
    }
    int taken = received.all().size();
    List<String> contents = received.contents();
    if (contents.isEmpty()) {
      return new Outcome(taken, sent, contents);
    }
    var carried =
        frames.stream()
            .flatMap(frame -> frame.content().stream())
            .collect(Collectors.toUnmodifiableSet());
    return new Outcome(
        taken, sent, contents.stream().filter(ref -> !carried.contains(ref)).toList());
  }
}
