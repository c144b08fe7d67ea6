package org.caravanmta.peers;

import static org.caravanmta.peers.Program.installed;
import static org.caravanmta.peers.Program.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.caravanmta.Ports;
import org.junit.jupiter.api.Assumptions;

/// An OpenSMTPD as the server that mail is delivered to: STARTTLS, TLS at once, and a port for
/// submission where TLS and the login `ann`, password `pencil`, are needed. It gives what it takes
/// to another server in the clear. Its spool has a place of its own on the machine, so that there
/// is one at a time. `.ci/unpack-peers` puts it below `target`. Needs root.
public final class PrivateOpensmtpd implements AutoCloseable {
  private static final Path PROGRAM = Path.of("target/peers/opensmtpd/usr/sbin/smtpd");

  /// STARTTLS is offered.
  public final int port;

  /// TLS at once.
  public final int smtps;

  /// STARTTLS and a login are needed.
  public final int submission;

  private final RunningProgram program;

  private PrivateOpensmtpd(int port, int smtps, int submission, RunningProgram program) {
    this.port = port;
    this.smtps = smtps;
    this.submission = submission;
    this.program = program;
  }

  /// Skips the test where there is none.
  ///
  /// @param onward the port of the server that gets what it takes
  public static PrivateOpensmtpd start(Path where, String hostname, Identity identity, int onward)
      throws Exception {
    if (!Files.isExecutable(PROGRAM) || !System.getProperty("user.name").equals("root")) {
      System.out.println(
          "SKIPPED: OpenSMTPD is not here, or not started by root; .ci/unpack-peers");
      Assumptions.abort("no OpenSMTPD");
    }
    Path home = RunningProgram.directory(where);
    int port = Ports.free();
    int smtps = Ports.free();
    int submission = Ports.free();
    String hash = run(installed("openssl", "openssl"), "passwd", "-6", "pencil").strip();
    Files.writeString(home.resolve("credentials"), "ann " + hash + "\n");
    Path settings =
        Files.writeString(
            home.resolve("smtpd.conf"),
            """
            pki it cert "%2$s"
            pki it key "%3$s"
            table credentials file:%4$s/credentials
            listen on 127.0.0.1 port %5$d tls pki it hostname %1$s
            listen on 127.0.0.1 port %6$d smtps pki it hostname %1$s
            listen on 127.0.0.1 port %7$d tls-require pki it auth <credentials> hostname %1$s
            action onward relay host "smtp://127.0.0.1:%8$d"
            match from any for any action onward
            """
                .formatted(
                    hostname,
                    identity.chain(),
                    identity.key(),
                    home,
                    port,
                    smtps,
                    submission,
                    onward));
    identityIsPrivate(identity);
    return new PrivateOpensmtpd(
        port,
        smtps,
        submission,
        RunningProgram.start(home, PROGRAM.toString(), "-d", "-f", settings.toString())
            .listening("127.0.0.1", submission));
  }

  /// It refuses a key that others can read.
  private static void identityIsPrivate(Identity identity) throws IOException {
    Files.setPosixFilePermissions(
        identity.key(), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
  }

  /// A line for each session, its TLS and its login, and for each message it has taken.
  public String log() throws IOException {
    return program.output();
  }

  @Override
  public void close() {
    program.close();
  }
}
