package org.caravanmta.reception.session;

import java.util.List;
import java.util.Map;
import org.caravanmta.address.Networks;

/// Who may stand between a client and us and say whom it speaks for: by XCLIENT and XFORWARD,
/// Postfix's extensions of SMTP (RFC 5321 §2.2), or by the PROXY protocol of a load balancer.
///
/// @param xclient whose word on the client counts as the connection's
/// @param xforward whose word on the client is written to the log
/// @param proxies whose connections to a listener begin with a PROXY header; a listener that is
///   absent has none
public record Intermediaries(Networks xclient, Networks xforward, Map<Service, Networks> proxies) {
  private static final Networks NOBODY = new Networks(List.of());

  public static final Intermediaries NONE = new Intermediaries(NOBODY, NOBODY, Map.of());

  public Intermediaries {
    proxies = Map.copyOf(proxies);
  }

  public Networks proxies(Service service) {
    return proxies.getOrDefault(service, NOBODY);
  }
}
