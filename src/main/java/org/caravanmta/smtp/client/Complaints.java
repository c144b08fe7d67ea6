package org.caravanmta.smtp.client;

import java.util.List;

/// Who hears of sessions in which a server did not keep to SMTP, or says that we did not (RFC 5321
/// §4.2).
@FunctionalInterface
public interface Complaints {
  /// Such a session is over. Called on the thread that ends it.
  ///
  /// @param transcript what was said in it, a line each, without content and logins
  void about(Peer peer, List<String> transcript);
}
