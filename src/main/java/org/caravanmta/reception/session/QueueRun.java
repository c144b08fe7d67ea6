package org.caravanmta.reception.session;

import org.caravanmta.address.Domain;

/// Starts the delivery of mail that waits for a domain, when a server of that domain says it is
/// there again (ETRN, RFC 1985).
public interface QueueRun {
  /// Whether it is done for this domain. Asked on an event loop: it must not wait.
  boolean serves(Domain domain);

  /// Makes what waits for the domain due now. May take its time.
  ///
  /// @throws Exception when the queues cannot be reached
  void start(Domain domain) throws Exception;
}
