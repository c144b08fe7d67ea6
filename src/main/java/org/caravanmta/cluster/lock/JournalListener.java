package org.caravanmta.cluster.lock;

import java.util.Optional;

/// Is told what becomes of the lock on a node's own journal, on the thread that keeps it: whoever
/// waits here lets the lease end.
public interface JournalListener {
  /// It is lost, or will be: nothing may be begun until it is regained.
  void lost();

  /// It is ours again; it is held only when this returns.
  ///
  /// @param taken what another node has made of the journal meanwhile
  void regained(Optional<Taken> taken);
}
