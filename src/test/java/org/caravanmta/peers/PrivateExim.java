package org.caravanmta.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.caravanmta.Ports;
import org.junit.jupiter.api.Assumptions;

/// An Exim of the test's own as the server that mail is delivered to: STARTTLS, and a login `ann`
/// with the password `pencil`, which it wants where mail is not for `exim.example`. It discards
/// what it takes. `.ci/unpack-peers` puts it below `target`. Needs root.
public final class PrivateExim implements AutoCloseable {
  private static final Path PROGRAM = Path.of("target/peers/exim/usr/sbin/exim4");
  private static final String SETTINGS =
      """
      primary_hostname = %1$s
      spool_directory = %2$s/spool
      log_file_path = %2$s/spool/%%s
      log_selector = +tls_cipher +tls_peerdn +smtp_protocol_error +received_recipients
      keep_environment =
      exim_path = %3$s
      local_interfaces = 127.0.0.1
      daemon_smtp_ports = %4$d
      tls_advertise_hosts = *
      tls_certificate = %2$s/cert.pem
      tls_privatekey = %2$s/cert.key
      auth_advertise_hosts = *
      acl_smtp_rcpt = rcpt
      acl_smtp_data = accept
      begin acl
      rcpt:
        accept domains = exim.example
        accept authenticated = *
        deny message = relay not permitted
      begin routers
      all:
        driver = accept
        transport = nowhere
      begin transports
      nowhere:
        driver = appendfile
        file = /dev/null
        user = Debian-exim
      begin authenticators
      plain:
        driver = plaintext
        public_name = PLAIN
        server_advertise_condition = ${if def:tls_in_cipher}
        server_condition = ${if and{{eq{$auth2}{ann}}{eq{$auth3}{pencil}}}}
        server_set_id = $auth2
        server_prompts = :
      """;

  public final int port;
  private final Path home;
  private final RunningProgram program;

  private PrivateExim(int port, Path home, RunningProgram program) {
    this.port = port;
    this.home = home;
    this.program = program;
  }

  /// Skips the test where there is none.
  public static PrivateExim start(Path where, String hostname, Identity identity)
      throws IOException {
    if (!Files.isExecutable(PROGRAM) || !System.getProperty("user.name").equals("root")) {
      System.out.println("SKIPPED: Exim is not here, or not started by root; .ci/unpack-peers");
      Assumptions.abort("no Exim");
    }
    Path home = RunningProgram.directory(where);
    var its =
        home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("Debian-exim");
    Files.setOwner(Files.createDirectory(home.resolve("spool")), its);
    for (Path file :
        new Path[] {
          Files.copy(identity.chain(), home.resolve("cert.pem")),
          Files.copy(identity.key(), home.resolve("cert.key"))
        }) {
      Files.setOwner(file, its);
    }
    int port = Ports.free();
    Path settings =
        Files.writeString(
            home.resolve("exim.conf"),
            SETTINGS.formatted(hostname, home, PROGRAM.toAbsolutePath(), port));
    return new PrivateExim(
        port,
        home,
        RunningProgram.start(home, PROGRAM.toString(), "-C", settings.toString(), "-bdf")
            .listening("127.0.0.1", port));
  }

  /// Its main log: a line `<=` for each message it has taken, with `X=` its TLS and `A=` its login.
  public String log() throws IOException {
    Path log = home.resolve("spool/main");
    return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
  }

  @Override
  public void close() {
    program.close();
  }
}
