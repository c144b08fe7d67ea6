package org.caravanmta.queue.reader;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.ContentClaims;
import org.caravanmta.queue.spi.QueueFigures;
import org.caravanmta.queue.spi.QueueLook;
import org.caravanmta.queue.spi.Topology;

/// What the readers and the senders of one Caravan share.
///
/// @param at the broker; absent where routes are put together to be looked at, and not to run
/// @param topology the queues there are
/// @param claims gets back the stored content of what is settled
/// @param solitude where what the process may have ended on is processed again
/// @param gates who says which messages may begin
/// @param answerers the stages here that answer questions
public record QueueRuntime(
    Optional<Broker> at,
    Topology topology,
    Codecs codecs,
    ContentClaims claims,
    InstantSource clock,
    QueueFigures figures,
    HeldLanes lanes,
    Solitude solitude,
    Gates gates,
    Answerers answerers) {
  public static QueueRuntime of(
      Optional<Broker> at,
      Codecs codecs,
      ContentClaims claims,
      InstantSource clock,
      MeterRegistry registry) {
    var figures =
        new QueueFigures(
            queue -> at.map(broker -> broker.look(queue)).orElse(QueueLook.UNKNOWN),
            registry,
            clock);
    return new QueueRuntime(
        at,
        new Topology(figures::add),
        codecs,
        claims,
        clock,
        figures,
        new HeldLanes(clock, () -> at.map(Broker::untaken).orElse(0L)),
        new Solitude(),
        new Gates(),
        new Answerers());
  }

  /// @throws IllegalStateException if there is none: nothing here was to run
  public Broker broker() {
    return at.orElseThrow(
        () -> new IllegalStateException("these routes were put together to be looked at only"));
  }
}
