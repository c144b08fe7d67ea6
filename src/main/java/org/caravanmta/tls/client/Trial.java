package org.caravanmta.tls.client;

import java.util.Optional;
import org.caravanmta.address.Idn;

/// What a domain asks of the TLS of its servers without wanting mail held up for it: a policy that
/// it tries out (RFC 8461 §5.1). The domain may be told how its servers do (RFC 8460).
///
/// @param host the name that the server is to prove, an A-label
/// @param against what stands against it whatever it proves; absent if nothing does
public record Trial(String host, Optional<Shortcoming> against) {
  public Trial {
    host = Idn.ascii(host);
  }

  /// Of a server that only has to prove its name.
  public static Trial of(String host) {
    return new Trial(host, Optional.empty());
  }

  /// Of a server that falls short as soon as it is called.
  public static Trial failed(String host, TlsProblem problem, String why) {
    return new Trial(host, Optional.of(new Shortcoming(problem, why)));
  }
}
