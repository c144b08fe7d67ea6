package org.caravanmta;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import org.caravanmta.address.Networks;
import org.caravanmta.config.Settings;
import org.caravanmta.smtp.server.ClientLimits;
import org.caravanmta.smtp.server.Intermediaries;
import org.caravanmta.smtp.server.Service;
import org.caravanmta.smtp.server.Sessions;
import org.caravanmta.smtp.server.Usage;

/// Who may come in (RFC 5321 §3.1): how many sessions at a time, how much each client may have of
/// them, and who may come in another's name, as the settings say it.
final class Visitors {
  private Visitors() {}

  static Sessions sessions(Settings settings, InstantSource clock) {
    var limits = settings.limits();
    var exempt = new ArrayList<>(limits.exempt().networks());
    if (limits.exemptOwn()) {
      exempt.addAll(settings.networks().own().networks());
    }
    return new Sessions(
        settings.smtp().sessionLimit(),
        new Usage(
            new ClientLimits(
                limits.connectionCount(),
                limits.connectionRate(),
                limits.messageRate(),
                limits.recipientRate(),
                limits.ipv4Prefix(),
                limits.ipv6Prefix(),
                new Networks(exempt)),
            clock));
  }

  static Intermediaries intermediaries(Settings settings) {
    var listeners = settings.listeners();
    return new Intermediaries(
        settings.smtp().xclientHosts(),
        settings.smtp().xforwardHosts(),
        Map.of(
            Service.SMTP, listeners.smtp().proxies(),
            Service.SUBMISSION, listeners.submission().proxies(),
            Service.SUBMISSIONS, listeners.submissions().proxies(),
            Service.REINJECTION, listeners.reinjection().proxies()));
  }
}
