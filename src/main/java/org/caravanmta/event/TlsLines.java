package org.caravanmta.event;

import org.caravanmta.message.Printable;
import org.caravanmta.tls.client.TlsPolicy.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of TLS with servers (postfix `smtp_tls_loglevel` 1).
final class TlsLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.delivery.tls");

  private TlsLines() {}

  static void write(TlsEvent event) {
    switch (event) {
      case TlsEvent.Established(var session, var channel) -> {
        LOG.info(
            "{} TLS connection established to {}: {}",
            channel.proof().trust(),
            session.relay(),
            channel);
        watched(event);
      }
      case TlsEvent.Unencrypted(var session) -> {
        if (session.policy().origin() == Origin.FALLBACK) {
          LOG.info("{}: talked to in the clear, since TLS with it has failed", session.relay());
        }
        watched(event);
      }
      case TlsEvent.Failed(var session, var problem, var detail, var clear) ->
          LOG.warn(
              clear
                  ? "{}: TLS has failed, tried again in the clear: {} ({})"
                  : "{}: no mail by the policy {}: {} ({})",
              clear
                  ? new Object[] {session.relay(), Printable.text(detail), problem}
                  : new Object[] {
                    session.relay(), session.policy().shown(true), Printable.text(detail), problem
                  });
      case TlsEvent.Forbidden(var session, var problem, var detail) ->
          LOG.warn("{}: not tried: {} ({})", session.relay(), Printable.text(detail), problem);
    }
  }

  /// What a server lacks that nothing is held up for.
  private static void watched(TlsEvent event) {
    event
        .shortcoming()
        .ifPresent(
            lacking ->
                LOG.warn(
                    "{}: not what {} wants by its MTA-STS policy, sent all the same: {} ({})",
                    event.session().relay(),
                    event.session().domain(),
                    Printable.text(lacking.why()),
                    lacking.problem()));
  }
}
