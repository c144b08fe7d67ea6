package org.caravanmta.reception.session;

import java.util.List;
import java.util.Map;
import org.caravanmta.address.Networks;

/// The hosts that may stand between a client and us and tell us who it is: by XCLIENT and XFORWARD,
/// extensions of SMTP by Postfix (RFC 5321 §2.2), or by the PROXY protocol of a load balancer.
///
/// @param trusted hosts that may speak for other clients by XCLIENT and XFORWARD
/// @param proxies hosts whose connections to a listener begin with a PROXY header; a listener that
///   is not in the map has none
public record Intermediaries(SmtpSettings.Trusted trusted, Map<Service, Networks> proxies) {
  private static final Networks NOBODY = new Networks(List.of());

  public static final Intermediaries NONE =
      new Intermediaries(new SmtpSettings.Trusted(NOBODY, NOBODY), Map.of());

  public Intermediaries {
    proxies = Map.copyOf(proxies);
  }

  /// The proxies of one listener.
  public Networks proxies(Service service) {
    return proxies.getOrDefault(service, NOBODY);
  }
}
