package org.caravanmta.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.caravanmta.peers.PrivatePostfix;

/// The settings of a Postfix of a test's own that applies checks to mail for anybody, and gives it
/// to a server.
final class CheckingPostfix {
  private CheckingPostfix() {}

  /// @param relayhost the port of the server that it gives mail to
  /// @param settings further lines of `main.cf`
  static PrivatePostfix start(Path directory, int relayhost, List<String> settings)
      throws IOException {
    return PrivatePostfix.start(
        directory,
        """
        meta_directory = /etc/postfix
        myhostname = mx.caravan.test
        mydestination =
        alias_maps =
        mynetworks = 127.0.0.0/8
        smtpd_peername_lookup = no
        smtpd_client_connection_count_limit = 0
        local_header_rewrite_clients =
        relayhost = [127.0.0.1]:%d
        %s
        """
            .formatted(relayhost, String.join("\n", settings)));
  }

  /// Why no such server can run here; empty when one can.
  static Stream<String> missing() {
    return Stream.of("/usr/sbin/postfix", "/usr/lib/postfix/postfix-pcre.so")
        .filter(file -> !Files.exists(Path.of(file)));
  }
}
