package org.caravanmta.state;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// What lies in the quarantine, to be found without looking at the messages. The truth is the
/// queue; the index follows it. The nodes of a cluster share one: each sees the entries of all, and
/// notes and forgets those of its own queue only. Blocking.
public interface QuarantineIndex {
  /// Of a server without a database: it can never be asked.
  QuarantineIndex NONE =
      new QuarantineIndex() {
        @Override
        public String node() {
          return "";
        }

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

        @Override
        public long adopt(String from, Set<String> ids, String to) throws StateUnavailable {
          throw none();
        }

        @Override
        public long forgetBefore(Instant then) throws StateUnavailable {
          throw none();
        }

        private static StateUnavailable none() {
          return StateStore.unavailable(new SQLException("there is no database"));
        }
      };

  /// The node of a cluster that this is; empty outside a cluster.
  String node();

  /// Remembers an entry as one of this node, in place of what is known of the same part, whosever
  /// that was.
  void remember(Quarantined entry) throws StateUnavailable;

  /// Forgets entries of this node; those of others stay.
  ///
  /// @param parts as {@link Quarantined#part} has them
  void forget(Set<String> parts) throws StateUnavailable;

  /// Puts an entry in the place of another, or nothing. A digest that has told of the one has told
  /// of the other.
  void replace(Quarantined before, Optional<Quarantined> after) throws StateUnavailable;

  /// The entries of a message, one for each part, of all nodes.
  List<Quarantined> of(String id) throws StateUnavailable;

  /// How many entries of this node there are.
  long count() throws StateUnavailable;

  /// The keys of the entries of this node, each with the id of its message.
  Map<String, String> parts() throws StateUnavailable;

  /// Passes on every entry of all nodes, the oldest first, some at a time: there may be more than
  /// fit into memory.
  void each(Consumer<Quarantined> use) throws StateUnavailable;

  /// Makes entries of one node those of another that has taken over the mail. The mail must be on
  /// the queue of the other by then. Whatever digests have told of stays told.
  ///
  /// @param ids of the messages
  /// @return how many entries
  long adopt(String from, Set<String> ids, String to) throws StateUnavailable;

  /// Forgets entries of any node that were set aside before then: of a node that has never come
  /// back.
  ///
  /// @return how many
  long forgetBefore(Instant then) throws StateUnavailable;
}
