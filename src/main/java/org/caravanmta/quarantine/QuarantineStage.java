package org.caravanmta.quarantine;

import java.util.Map;
import java.util.Optional;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.filter.Filters;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.state.QuarantineIndex;

/// The stage `quarantine`: keeps what content filters set aside.
public final class QuarantineStage implements Stage {
  private final Quarantine quarantine;
  private final Optional<QuarantineVerbs> verbs;
  private final Optional<QuarantineSweep> sweep;

  /// @param queues absent where nothing is to run
  /// @param filters those that routes name
  public QuarantineStage(
      QuarantineSettings own,
      QuarantineIndex index,
      Optional<QueueAdmin> queues,
      Filters filters,
      House house) {
    this.quarantine = new Quarantine(index);
    Optional<Inventory> inventory = queues.map(admin -> new Inventory(admin, index));
    this.verbs =
        queues.map(
            admin ->
                new QuarantineVerbs(
                    admin,
                    inventory.orElseThrow(),
                    new Rescan(admin, filters::known, house.store(), inventory.orElseThrow()),
                    house.clock()));
    this.sweep =
        queues.map(
            admin ->
                new QuarantineSweep(
                    admin,
                    inventory.orElseThrow(),
                    quarantine::wasBehind,
                    own.keep(),
                    house.clock()));
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("quarantine", quarantine);
  }

  /// The operator's verbs; none where nothing runs.
  public Map<String, ControlVerb> verbs() {
    return verbs.map(QuarantineVerbs::all).orElse(Map.of());
  }

  @Override
  public void begin() {
    sweep.ifPresent(QuarantineSweep::start);
  }

  @Override
  public void close() {
    sweep.ifPresent(QuarantineSweep::close);
  }
}
