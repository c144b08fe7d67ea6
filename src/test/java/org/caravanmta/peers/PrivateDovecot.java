package org.caravanmta.peers;

import static org.awaitility.Awaitility.await;
import static org.caravanmta.peers.Program.installed;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.Ports;

/// A Dovecot of the test's own, with the user `ann`, whose password is `pencil`, and others with
/// `pencil-of-NAME`: LMTP (RFC 2033) over TCP, with STARTTLS, with TLS at once and over a socket,
/// for the users of any name; and auth for a Postfix. Needs root.
public final class PrivateDovecot implements AutoCloseable {
  private static final String USERS =
      """
      ann:{PLAIN}pencil
      bob:{PLAIN}pencil-of-bob
      joe:{PLAIN}pencil-of-joe
      """;

  /// LMTP in the clear, where STARTTLS is offered.
  public final int lmtp;

  /// LMTP that begins with the handshake.
  public final int lmtps;

  /// LMTP over a socket in the file system.
  public final Path socket;

  /// Where a Postfix asks who may log in, `smtpd_sasl_path`.
  public final Path auth;

  private final Path directory;
  private final RunningProgram program;

  private PrivateDovecot(Path directory, int lmtp, int lmtps, RunningProgram program) {
    this.directory = directory;
    this.lmtp = lmtp;
    this.lmtps = lmtps;
    this.socket = directory.resolve("lmtp.socket");
    this.auth = directory.resolve("auth.socket");
    this.program = program;
  }

  public static PrivateDovecot start(Path where, Identity identity) throws IOException {
    return start(where, identity, Optional.empty());
  }

  /// @param introspection where access tokens are asked about (RFC 7662); absent if there are none
  public static PrivateDovecot start(Path where, Identity identity, Optional<URI> introspection)
      throws IOException {
    installed("dovecot", "dovecot-core");
    if (!Files.exists(Path.of("/usr/lib/dovecot/lmtp"))) {
      installed("dovecot-lmtp", "dovecot-lmtpd");
    }
    Path directory = RunningProgram.directory(where);
    Files.writeString(directory.resolve("users"), USERS);
    Path mail = RunningProgram.directory(directory.resolve("mail"));
    Files.setPosixFilePermissions(mail, PosixFilePermissions.fromString("rwxrwxrwx"));
    int lmtp = Ports.free();
    int lmtps = Ports.free();
    Path settings =
        Files.writeString(
            directory.resolve("dovecot.conf"),
            """
            base_dir = %1$s/run
            state_dir = %1$s/state
            log_path = /dev/stderr
            protocols = lmtp
            listen = 127.0.0.1
            ssl = yes
            ssl_cert = <%2$s
            ssl_key = <%3$s
            auth_mechanisms = plain login scram-sha-256%6$s
            auth_failure_delay = 0
            mail_location = maildir:%1$s/mail/%%n
            first_valid_gid = 0
            postmaster_address = postmaster@dovecot.example
            recipient_delimiter = +
            mail_debug = no
            passdb {
              driver = passwd-file
              args = username_format=%%n %1$s/users
            }
            userdb {
              driver = static
              args = uid=nobody gid=nogroup home=%1$s/mail/%%n allow_all_users=yes
            }
            service lmtp {
              inet_listener lmtp {
                port = %4$d
              }
              inet_listener lmtps {
                port = %5$d
                ssl = yes
              }
              unix_listener %1$s/lmtp.socket {
                mode = 0666
              }
            }
            service auth {
              user = root
              unix_listener %1$s/auth.socket {
                mode = 0666
              }
            }
            service stats {
              unix_listener stats-writer {
                mode = 0666
              }
            }
            """
                    .formatted(
                        directory,
                        identity.chain(),
                        identity.key(),
                        lmtp,
                        lmtps,
                        introspection.isPresent() ? " oauthbearer xoauth2" : "")
                + (introspection.isPresent() ? tokens(directory, introspection.get()) : ""));
    Files.createDirectories(directory.resolve("run"));
    RunningProgram program =
        RunningProgram.start(directory, "/usr/sbin/dovecot", "-F", "-c", settings.toString());
    var dovecot = new PrivateDovecot(directory, lmtp, lmtps, program);
    program.listening("127.0.0.1", lmtp).listening("127.0.0.1", lmtps);
    await().atMost(Duration.ofSeconds(90)).until(() -> Files.exists(dovecot.auth));
    return dovecot;
  }

  private static String tokens(Path directory, URI introspection) throws IOException {
    Path rules =
        Files.writeString(
            directory.resolve("tokens.conf"),
            """
            introspection_mode = post
            introspection_url = %s
            username_attribute = username
            active_attribute = active
            active_value = true
            """
                .formatted(introspection));
    return """
    passdb {
      driver = oauth2
      mechanisms = oauthbearer xoauth2
      args = %s
    }
    """
        .formatted(rules);
  }

  /// What has been delivered to a user, each message with the line ends of its system.
  public List<String> mail(String user) throws IOException {
    Path fresh = directory.resolve("mail").resolve(user).resolve("new");
    if (!Files.isDirectory(fresh)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(fresh)) {
      var found = new ArrayList<String>();
      for (Path file : files.sorted().toList()) {
        found.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      return found;
    }
  }

  public String log() throws IOException {
    return program.output();
  }

  @Override
  public void close() {
    program.close();
  }
}
