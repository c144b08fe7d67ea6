package org.caravanmta.quarantine;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.filter.Refusals;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.state.DigestMemory;
import org.caravanmta.state.Memory;
import org.caravanmta.table.Lookup;

/// Remembers what content filters reject, for the digests of its recipients.
public final class RefusalStage implements Stage {
  private final Optional<RefusalNotes> notes;

  /// @param memory without digests where nothing is to run
  /// @param ours knows whose mail we take: nobody else is told
  public RefusalStage(
      QuarantineSettings own, Memory memory, Function<Address, Lookup> ours, House house) {
    this.notes =
        own.tellsOfRejected()
            ? memory
                .digests()
                .map(DigestMemory::rejected)
                .map(rejected -> new RefusalNotes(rejected, ours, house.clock()))
            : Optional.empty();
  }

  /// Who hears of it.
  public Refusals refusals() {
    return notes.<Refusals>map(told -> told).orElse(Refusals.NONE);
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of();
  }

  @Override
  public void begin() {
    notes.ifPresent(RefusalNotes::begin);
  }

  @Override
  public void close() {
    notes.ifPresent(RefusalNotes::close);
  }
}
