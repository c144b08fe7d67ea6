package org.caravanmta.event;

import org.caravanmta.message.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of TLS with servers (postfix `smtp_tls_loglevel` 1).
final class TlsLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.delivery.tls");

  private TlsLines() {}

  static void write(TlsEvent event) {
    switch (event) {
      case TlsEvent.Established(var session, var channel) ->
          LOG.info(
              "{} TLS connection established to {}: {}",
              channel.proof().trust(),
              session.relay(),
              channel);
      case TlsEvent.Unencrypted _ -> {}
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
}
