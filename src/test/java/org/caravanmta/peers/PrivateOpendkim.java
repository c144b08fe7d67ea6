package org.caravanmta.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Debian's opendkim: it signs mail of a domain from 127.0.0.1 (RFC 6376), and verifies all other,
/// which it says in `Authentication-Results` (RFC 8601).
public final class PrivateOpendkim implements AutoCloseable {
  /// The selector of all keys here.
  public static final String SELECTOR = "sel";

  private final RunningProgram program;

  private PrivateOpendkim(RunningProgram program) {
    this.program = program;
  }

  /// Makes a key: `DIRECTORY/sel.private`.
  ///
  /// @return its record of the DNS, as a line of a master file (RFC 1035 §5)
  public static String key(Path directory, String domain) throws Exception {
    Files.createDirectories(directory);
    Program.run(
        Program.installed("opendkim-genkey", "opendkim-tools"),
        "-b",
        "2048",
        "-d",
        domain,
        "-s",
        SELECTOR,
        "-D",
        directory.toString());
    return Files.readString(directory.resolve(SELECTOR + ".txt"));
  }

  /// @param where for its files
  /// @param domain whose mail it signs
  /// @param key from {@link #key}
  /// @param resolver the address of a name server at port 53
  public static PrivateOpendkim start(
      Path where, int port, String domain, Path key, String resolver) throws IOException {
    String opendkim = Program.installed("opendkim", "opendkim");
    Path directory = RunningProgram.directory(where);
    Path settings =
        Files.writeString(
            directory.resolve("opendkim.conf"),
            """
            Syslog no
            Background no
            Mode sv
            Domain %s
            Selector %s
            KeyFile %s
            Canonicalization simple/simple
            RequireSafeKeys no
            Socket inet:%d@127.0.0.1
            Nameservers %s
            InternalHosts 127.0.0.1
            AuthservID mx.caravan.test
            AlwaysAddARHeader yes
            """
                .formatted(domain, SELECTOR, key.resolve(SELECTOR + ".private"), port, resolver));
    return new PrivateOpendkim(
        RunningProgram.start(directory, opendkim, "-f", "-x", settings.toString())
            .listening("127.0.0.1", port));
  }

  @Override
  public void close() {
    program.close();
  }
}
