package org.caravanmta.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.caravanmta.Ports;
import org.caravanmta.peers.PrivatePostfix;

/// A Postfix of a test's own that takes mail on a port of the loopback, applies settings of the
/// test's to it, and gives it to a server. Needs root, as Postfix does.
final class CheckingPostfix implements AutoCloseable {
  final int port;
  private final Process process;
  private final Path log;

  private CheckingPostfix(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /// @param relayhost the port of the server that it gives mail to
  /// @param settings further lines of `main.cf`
  static CheckingPostfix start(Path directory, int relayhost, List<String> settings)
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
    PrivatePostfix.write(
        etc.resolve("main.cf"),
        """
        compatibility_level = 3.6
        queue_directory = %s
        data_directory = %s
        meta_directory = /etc/postfix
        myhostname = mx.caravan.test
        mydestination =
        alias_maps =
        mynetworks = 127.0.0.0/8
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        smtpd_peername_lookup = no
        smtpd_client_connection_count_limit = 0
        local_header_rewrite_clients =
        maillog_file = /dev/stdout
        maillog_file_prefixes = /dev/stdout
        relayhost = [127.0.0.1]:%d
        %s
        """
            .formatted(queue, data, relayhost, String.join("\n", settings)));
    PrivatePostfix.write(
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
        error unix - - n - - error
        retry unix - - n - - error
        discard unix - - n - - discard
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        flush unix n - n 1000? 0 flush
        postlog unix-dgram n - n - 1 postlogd
        """
            .formatted(port));
    var process =
        new ProcessBuilder("/usr/sbin/postfix", "-c", etc.toString(), "start-fg")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    var postfix = new CheckingPostfix(process, port, log);
    await().atMost(Duration.ofSeconds(30)).until(postfix::listens);
    return postfix;
  }

  /// Why no such server can run here; empty when one can.
  static Stream<String> missing() {
    return Stream.of("/usr/sbin/postfix", "/usr/lib/postfix/postfix-pcre.so")
        .filter(file -> !Files.exists(Path.of(file)));
  }

  List<String> lines() throws IOException {
    return Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private boolean listens() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
