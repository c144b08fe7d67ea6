package org.caravanmta;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.camel.Turnstile;
import org.caravanmta.retry.Retry;
import org.caravanmta.suspension.Suspension;
import org.caravanmta.suspension.Suspensions;

/// Stands before every stage that delivers: recipients whose destination the operator has suspended
/// wait, and the rest of their task goes on.
record SuspendedDeliveries(Suspensions suspensions, Retry retry) implements Turnstile {
  @Override
  public Optional<Handover> instead(String stage, Object body) {
    if (suspensions.all().isEmpty() || !Queues.isDelivery(stage) || !(body instanceof Mail mail)) {
      return Optional.empty();
    }
    Destination destination =
        mail.envelope()
            .destination()
            .orElseGet(() -> new Destination.Other(Queues.transport(stage), ""));
    Map<Recipient, String> waiting = new LinkedHashMap<>();
    var rest = new ArrayList<Recipient>();
    for (Recipient recipient : mail.recipients()) {
      suspensions
          .covering(destination, recipient)
          .map(Suspension::told)
          .ifPresentOrElse(why -> waiting.put(recipient, why), () -> rest.add(recipient));
    }
    return waiting.isEmpty() ? Optional.empty() : Optional.of(retry.suspended(mail, waiting, rest));
  }
}
