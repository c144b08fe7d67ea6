package org.caravanmta.state;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;

/// The database of what must be remembered, opened when it is first needed: most servers never have
/// a message in the quarantine.
public final class StateOnDemand implements AutoCloseable {
  private final Supplier<StateStore> opening;
  private Optional<StateStore> opened = Optional.empty();
  private boolean closed;

  /// @param opening throws an `IllegalArgumentException` if it cannot be opened
  public StateOnDemand(Supplier<StateStore> opening) {
    this.opening = opening;
  }

  /// The database that settings name, or one embedded in `directory`.
  public static StateOnDemand of(StateSettings settings, Path directory) {
    return new StateOnDemand(
        () ->
            settings
                .url()
                .map(url -> StateStore.open(url, settings.user(), settings.password().text()))
                .orElseGet(() -> StateStore.embedded(directory)));
  }

  /// The database, opened now at the latest.
  ///
  /// @throws IllegalArgumentException if it cannot be opened
  public synchronized StateStore store() {
    if (closed) {
      throw new IllegalStateException("the database is closed");
    }
    if (opened.isEmpty()) {
      opened = Optional.of(opening.get());
    }
    return opened.get();
  }

  /// Has it watched, if it is open by now.
  ///
  /// @see StateStore#watch
  public synchronized void watch() {
    if (isOpen()) {
      opened.ifPresent(StateStore::watch);
    }
  }

  /// Whether it has been needed.
  public synchronized boolean isOpen() {
    return opened.isPresent() && !closed;
  }

  Connection connection() throws SQLException {
    try {
      return store().connection();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new SQLException(e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    opened.ifPresent(StateStore::close);
  }
}
