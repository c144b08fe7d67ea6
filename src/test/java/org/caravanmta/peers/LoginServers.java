package org.caravanmta.peers;

import static org.caravanmta.peers.Program.installed;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/// A {@link ReceivingPostfix} that asks a {@link PrivateDovecot} who may log in, both with one
/// certificate of an authority of their own; and what a test starts besides. Needs root.
final class LoginServers implements AutoCloseable {
  /// What they call themselves, and their certificate is for.
  static final String HOST = "mx.peer.test";

  /// For files of the test, in a place that everybody can read.
  final Path directory;

  final Authority authority;

  /// The PEM file of the authority.
  final Path trusted;

  final Identity identity;
  final PrivateDovecot dovecot;
  final ReceivingPostfix postfix;
  private final List<AutoCloseable> open = new ArrayList<>();

  private LoginServers(Path temporary, Optional<URI> introspection) throws Exception {
    directory = RunningProgram.directory(temporary);
    authority = Authority.make(directory.resolve("ca"), "authority");
    trusted = directory.resolve("ca/authority.pem");
    identity = authority.rsa("server", HOST);
    dovecot = kept(PrivateDovecot.start(directory.resolve("dovecot"), identity, introspection));
    postfix =
        kept(
            ReceivingPostfix.start(
                directory.resolve("postfix"), HOST, identity, trusted, dovecot.auth));
  }

  static LoginServers start(Path temporary) throws Exception {
    return start(temporary, Optional.empty());
  }

  /// @param introspection where access tokens are asked about (RFC 7662); absent if there are none
  static LoginServers start(Path temporary, Optional<URI> introspection) throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: these start as root only");
    installed("postfix", "postfix");
    return new LoginServers(temporary, introspection);
  }

  /// Has it closed with these, before what was kept earlier.
  <T extends AutoCloseable> T kept(T server) {
    open.add(server);
    return server;
  }

  @Override
  public void close() throws IOException {
    for (AutoCloseable server : open.reversed()) {
      try {
        server.close();
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
