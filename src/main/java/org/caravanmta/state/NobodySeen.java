package org.caravanmta.state;

import java.time.Instant;
import java.util.Optional;

/// Stands where the greylist is not enabled and asks nobody.
public final class NobodySeen implements Triplets, ReturningClients {
  public static final NobodySeen HERE = new NobodySeen();

  private NobodySeen() {}

  @Override
  public Optional<Sighting> find(Triplet triplet, Instant now) {
    return Optional.empty();
  }

  @Override
  public boolean remember(Triplet triplet, Sighting sighting) {
    return true;
  }

  @Override
  public int forgetExpired(Instant now, int most) {
    return 0;
  }

  @Override
  public ReturningClients returns() {
    return this;
  }

  @Override
  public Optional<ReturningClients.Known> find(String network, Instant now) {
    return Optional.empty();
  }

  @Override
  public void count(String network, Instant now, Instant expires) {}

  @Override
  public void keep(String network, Instant expires) {}
}
