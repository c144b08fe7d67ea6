package org.caravanmta.state;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// What lies in the quarantine, to be found without looking at the messages. The truth is the
/// queue; the index follows it.
public interface QuarantineIndex {
  /// Of a server without a database: it can never be asked.
  QuarantineIndex NONE =
      new QuarantineIndex() {
        @Override
        public void remember(Quarantined entry) throws StateUnavailable {
          throw none();
        }

        @Override
        public void forget(Set<String> parts) throws StateUnavailable {
          throw none();
        }

        @Override
        public void replace(Quarantined before, Optional<Quarantined> after)
            throws StateUnavailable {
          throw none();
        }

        @Override
        public List<Quarantined> of(String id) throws StateUnavailable {
          throw none();
        }

        @Override
        public long count() throws StateUnavailable {
          throw none();
        }

        @Override
        public Map<String, String> parts() throws StateUnavailable {
          throw none();
        }

        @Override
        public void each(Consumer<Quarantined> use) throws StateUnavailable {
          throw none();
        }

        private static StateUnavailable none() {
          return StateStore.unavailable(new SQLException("there is no database"));
        }
      };

  /// Remembers an entry, in place of what is known of the same part.
  void remember(Quarantined entry) throws StateUnavailable;

  /// Forgets entries.
  ///
  /// @param parts as {@link Quarantined#part} has them
  void forget(Set<String> parts) throws StateUnavailable;

  /// Puts an entry in the place of another, or nothing. A digest that has told of the one has told
  /// of the other.
  void replace(Quarantined before, Optional<Quarantined> after) throws StateUnavailable;

  /// The entries of a message, one for each part.
  List<Quarantined> of(String id) throws StateUnavailable;

  /// How many entries there are.
  long count() throws StateUnavailable;

  /// The keys of all entries, each with the id of its message.
  Map<String, String> parts() throws StateUnavailable;

  /// Passes on every entry, the oldest first, some at a time: there may be more than fit into
  /// memory.
  void each(Consumer<Quarantined> use) throws StateUnavailable;
}
