package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whom Postfix asks about a client and a recipient when it is to do what Caravan does: the DNS
/// list of {@link Zone}, and a policy service in place of the greylist.
record Asked(Zone zone, PolicyServer policy) implements AutoCloseable {
  private static final String ADDRESS = "127.0.0.77";

  static Asked start() throws IOException {
    return new Asked(Zone.at(ADDRESS), new PolicyServer());
  }

  /// The restrictions that ask, for `main.cf`.
  String restrictions() {
    return """
    smtpd_recipient_restrictions = reject_rbl_client %s,
        check_policy_service inet:127.0.0.1:%d
    """
        .formatted(Zone.NAME, policy.port());
  }

  /// Where a process of Postfix that lives in its queue directory finds its name server.
  void nameServer(Path queue) throws IOException {
    Path etc = Files.createDirectories(queue.resolve("etc"));
    Files.writeString(etc.resolve("resolv.conf"), "nameserver " + ADDRESS + "\n");
  }

  @Override
  public void close() throws IOException {
    zone.close();
    policy.close();
  }
}
