package org.caravanmta.peers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.caravanmta.Ports;

/// A Postfix of the test's own: its settings, queue and port are nobody else's. Needs root, as
/// Postfix does.
public final class PrivatePostfix implements AutoCloseable {
  public final int port;
  private final Process process;
  private final Path log;
  private final Path queue;

  private PrivatePostfix(Process process, int port, Path log, Path queue) {
    this.process = process;
    this.port = port;
    this.log = log;
    this.queue = queue;
  }

  /// One that gives whatever it gets to Caravan, as a user, over TLS.
  ///
  /// @param relayhost the port of ours that it gives mail to
  /// @param authority the certificate that ours is to be verified by
  static PrivatePostfix start(Path directory, int relayhost, Path authority, String login)
      throws IOException {
    return start(
        directory,
        """
        myhostname = client.example
        mydestination =
        alias_maps =
        relayhost = [localhost]:%d
        smtp_tls_security_level = secure
        smtp_tls_CAfile = %s
        smtp_tls_loglevel = 1
        smtp_sasl_auth_enable = yes
        smtp_sasl_password_maps = static:%s
        smtp_sasl_security_options = noanonymous
        """
            .formatted(relayhost, authority, login));
  }

  /// @param settings lines of main.cf
  public static PrivatePostfix start(Path directory, String settings) throws IOException {
    return start(directory, settings, "");
  }

  /// @param services further lines of master.cf
  public static PrivatePostfix start(Path directory, String settings, String services)
      throws IOException {
    Path etc = Files.createDirectories(directory.resolve("etc"));
    Path queue = Files.createDirectories(directory.resolve("queue"));
    Path data = Files.createDirectories(directory.resolve("data"));
    // its processes run as users of their own
    for (Path p = directory; p.startsWith("/tmp") && p.getNameCount() > 1; p = p.getParent()) {
      Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.setOwner(
        data,
        data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
    int port = Ports.free();
    Path log = directory.resolve("log");
    write(
        etc.resolve("main.cf"),
        """
        compatibility_level = 3.6
        queue_directory = %s
        data_directory = %s
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        maillog_file = /dev/stdout
        maillog_file_prefixes = /dev/stdout
        """
                .formatted(queue, data)
            + (settings.contains("smtp_host_lookup") ? "" : "smtp_host_lookup = native\n")
            + settings);
    write(
        etc.resolve("master.cf"),
        """
        127.0.0.1:%d inet n - n - - smtpd
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        proxymap unix - - n - - proxymap
        proxywrite unix - - n - 1 proxymap
        smtp unix - - n - - smtp
        local unix - n n - - local
        virtual unix - n n - - virtual
        discard unix - - n - - discard
        error unix - - n - - error
        retry unix - - n - - error
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        flush unix n - n 1000? 0 flush
        postlog unix-dgram n - n - 1 postlogd
        """
                .formatted(port)
            + services);
    var process =
        new ProcessBuilder("/usr/sbin/postfix", "-c", etc.toString(), "start-fg")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    var postfix = new PrivatePostfix(process, port, log, queue);
    await().atMost(Duration.ofSeconds(90)).until(() -> listens(port));
    return postfix;
  }

  /// Whether it has nothing more to do for now: what is deferred does not count.
  public boolean idle() throws IOException {
    for (String name : new String[] {"incoming", "active", "maildrop"}) {
      try (var files = Files.walk(queue.resolve(name))) {
        if (files.anyMatch(Files::isRegularFile)) {
          return false;
        }
      } catch (NoSuchFileException | UncheckedIOException e) {
        // it went while we looked
        return false;
      }
    }
    return true;
  }

  /// One character for each byte, as mail may have put any there.
  public String log() throws IOException {
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  /// Whether a server takes connections at a port of the loopback interface.
  static boolean listens(int port) {
    return listens("127.0.0.1", port);
  }

  static boolean listens(String address, int port) {
    try (var _ = new Socket(InetAddress.getByName(address), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    // the master is a child of the script that has started it, and outlives that
    List<ProcessHandle> all = process.descendants().toList();
    all.forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      all.forEach(ProcessHandle::destroyForcibly);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /// Writes a file for Postfix, whose programs wait a second or two when one has just changed: it
  /// might not be whole.
  public static Path write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setLastModifiedTime(
        file, FileTime.from(Files.getLastModifiedTime(file).toInstant().minusSeconds(60)));
  }
}
