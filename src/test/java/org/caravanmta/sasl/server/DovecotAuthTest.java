package org.caravanmta.sasl.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.sasl.server.People.bytes;
import static org.caravanmta.sasl.server.People.channel;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logins that a real Dovecot decides.
class DovecotAuthTest {
  @TempDir Path directory;

  @Test
  void dovecotDecidesAndWithoutItNobodyCanSay() throws Exception {
    Path socket = directory.resolve("run/mail-auth");
    Process dovecot = dovecot("plain login");
    try {
      await().atMost(Duration.ofSeconds(90)).until(() -> Files.exists(socket));
      var auth =
          new DovecotAuth("unix:" + socket, List.of("PLAIN", "LOGIN"), Duration.ofSeconds(30));

      assertThat(begin(auth, "PLAIN").first(Optional.of(bytes("\0ann\0pencil"))))
          .isEqualTo(new LoginStep.Success("ann"));
      Exchange login = begin(auth, "LOGIN");
      assertThat(login.first(Optional.empty())).isInstanceOf(LoginStep.Challenge.class);
      assertThat(login.next(bytes("ann"))).isInstanceOf(LoginStep.Challenge.class);
      assertThat(login.next(bytes("pencil"))).isEqualTo(new LoginStep.Success("ann"));
      login.close();
      assertThat(begin(auth, "PLAIN").first(Optional.of(bytes("\0ann\0wrong"))))
          .isInstanceOf(LoginStep.Failure.class);
      assertThat(auth.begin("CRAM-MD5", channel(Map.of()))).isEmpty();
    } finally {
      dovecot.destroy();
      dovecot.waitFor(60, TimeUnit.SECONDS);
    }
    var gone =
        new DovecotAuth(
            "unix:" + directory.resolve("nowhere"), List.of("PLAIN"), Duration.ofSeconds(5));
    assertThat(begin(gone, "PLAIN").first(Optional.of(bytes("\0ann\0pencil"))))
        .isInstanceOf(LoginStep.Unavailable.class);
  }

  @Test
  void whatDovecotAnnouncesIsOffered() throws Exception {
    Path socket = directory.resolve("run/mail-auth");
    String address = "unix:" + socket;
    Process dovecot = dovecot("plain cram-md5 scram-sha-256 anonymous external");
    try (var all = new DovecotAuth(address, List.of(), Duration.ofSeconds(30));
        var some = new DovecotAuth(address, List.of("LOGIN", "PLAIN"), Duration.ofSeconds(30))) {
      // before it has said anything, nobody is told that nothing is possible
      assertThat(some.mechanisms(channel(Map.of()))).isNotEmpty();
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () ->
                  assertThat(all.mechanisms(channel(Map.of())))
                      .containsExactlyInAnyOrder("PLAIN", "CRAM-MD5", "SCRAM-SHA-256"));
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () -> assertThat(some.mechanisms(channel(Map.of()))).containsExactly("PLAIN"));
      assertThat(all.begin("ANONYMOUS", channel(Map.of()))).isEmpty();
      assertThat(all.begin("LOGIN", channel(Map.of()))).isEmpty();
      Exchange cram = begin(all, "CRAM-MD5");
      assertThat(cram.first(Optional.empty())).isInstanceOf(LoginStep.Challenge.class);
      cram.close();

      // its settings change
      dovecot.destroy();
      assertThat(dovecot.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(all.mechanisms(channel(Map.of()))).contains("CRAM-MD5");
      dovecot = dovecot("login plain");
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () ->
                  assertThat(all.mechanisms(channel(Map.of())))
                      .containsExactlyInAnyOrder("PLAIN", "LOGIN"));
    } finally {
      dovecot.destroy();
      dovecot.waitFor(60, TimeUnit.SECONDS);
    }
  }

  /// A listener that takes no connection and refuses none, as a host that is down does: without a
  /// time-out of ours, a connection attempt lasts for minutes.
  @Test
  void aLoginDoesNotWaitLongerForAConnectionThanItMay() throws Exception {
    var waiting = new ArrayList<SocketChannel>();
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 8; i++) {
        SocketChannel channel = SocketChannel.open();
        waiting.add(channel);
        channel.configureBlocking(false);
        channel.connect(listener.getLocalSocketAddress());
      }
      try (var auth =
          new DovecotAuth(
              "inet:127.0.0.1:" + listener.getLocalPort(),
              List.of("PLAIN"),
              Duration.ofMillis(500))) {
        LoginStep step =
            assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> begin(auth, "PLAIN").first(Optional.of(bytes("\0ann\0pencil"))));
        assertThat(step).isInstanceOf(LoginStep.Unavailable.class);
        assertThat(waiting).anyMatch(channel -> !finished(channel));
      }
    } finally {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
  }

  private static boolean finished(SocketChannel channel) {
    try {
      return channel.finishConnect();
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void whatIsNoSocketIsRefused() {
    for (String address : List.of("/run/auth", "inet:host", "tcp:1.2.3.4:5")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new DovecotAuth(address, List.of("PLAIN"), Duration.ofSeconds(5)))
          .withMessageContaining("unix:/PATH or inet:HOST:PORT was expected");
    }
  }

  private static Exchange begin(DovecotAuth auth, String mechanism) {
    return auth.begin(mechanism, channel(Map.of())).orElseThrow();
  }

  /// @param mechanisms as in `auth_mechanisms`
  private Process dovecot(String mechanisms) throws IOException {
    if (!Files.isExecutable(Path.of("/usr/sbin/dovecot"))) {
      System.out.println("SKIPPED: dovecot is not here; apt-get install dovecot-core");
      Assumptions.abort("dovecot is not installed (Debian package dovecot-core)");
    }
    Files.writeString(directory.resolve("users"), "ann:{PLAIN}pencil\n");
    Path config =
        Files.writeString(
            directory.resolve("dovecot.conf"),
            """
            base_dir = %1$s/run
            state_dir = %1$s/state
            log_path = %1$s/log
            protocols =
            ssl = no
            auth_mechanisms = %2$s
            auth_failure_delay = 0
            passdb {
              driver = passwd-file
              args = %1$s/users
            }
            userdb {
              driver = static
              args = uid=nobody gid=nogroup home=/nonexistent
            }
            service auth {
              user = root
              unix_listener mail-auth {
                mode = 0666
              }
            }
            """
                .formatted(directory, mechanisms));
    return new ProcessBuilder("/usr/sbin/dovecot", "-F", "-c", config.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output").toFile())
        .start();
  }
}
