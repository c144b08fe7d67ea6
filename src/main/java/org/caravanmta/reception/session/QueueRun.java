package org.caravanmta.reception.session;

import org.caravanmta.address.Domain;

/// The start of deliveries to a domain whose mail waits in the queue, when a server of that domain
/// asks for it (ETRN, RFC 1985; postfix `fast_flush_domains`).
public interface QueueRun {
  /// Whether queue runs are started for this domain. Asked on an event loop: it must not wait.
  boolean serves(Domain domain);

  /// Makes the mail that waits for the domain due now. May wait.
  ///
  /// @throws Exception when the queues cannot be reached
  void start(Domain domain) throws Exception;
}
