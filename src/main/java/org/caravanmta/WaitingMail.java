package org.caravanmta;

import java.util.Optional;
import java.util.function.Consumer;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.reception.session.QueueRun;

/// The mail that waits in the lanes for domains whose servers may ask for it (ETRN, RFC 1985): made
/// due now by the operator's own verb.
final class WaitingMail implements QueueRun {
  private final DomainList domains;
  private final Consumer<String> revive;
  private final Optional<QueueAdmin> queues;

  /// @param revive has a destination that could not be reached tried again
  /// @param queues absent where nothing is to run
  WaitingMail(DomainList domains, Consumer<String> revive, Optional<QueueAdmin> queues) {
    this.domains = domains;
    this.revive = revive;
    this.queues = queues;
  }

  @Override
  public boolean serves(Domain domain) {
    return domains.contains(domain);
  }

  @Override
  public void start(Domain domain) throws Exception {
    QueueAdmin admin =
        queues.orElseThrow(() -> new IllegalStateException("there are no queues here"));
    revive.accept(domain.key());
    admin.flush(QueueAdmin.Target.waitingFor(domain));
  }
}
