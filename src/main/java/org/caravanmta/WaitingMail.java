package org.caravanmta;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.reception.session.QueueRun;

/// The mail that waits in the lanes for domains whose servers may ask for it (ETRN, RFC 1985): made
/// due now by the operator's own verb, once the queues are there.
final class WaitingMail implements QueueRun {
  private final DomainList domains;
  private final Consumer<String> revive;
  private final AtomicReference<QueueAdmin> queues = new AtomicReference<>();

  /// @param revive has a destination that could not be reached tried again
  WaitingMail(DomainList domains, Consumer<String> revive) {
    this.domains = domains;
    this.revive = revive;
  }

  void in(QueueAdmin admin) {
    queues.set(admin);
  }

  @Override
  public boolean serves(Domain domain) {
    return domains.contains(domain);
  }

  @Override
  public void start(Domain domain) throws Exception {
    QueueAdmin admin = queues.get();
    if (admin == null) {
      throw new IllegalStateException("the queues are not there yet");
    }
    revive.accept(domain.key());
    admin.flush(QueueAdmin.Target.waitingFor(domain));
  }
}
