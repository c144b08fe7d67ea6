package org.caravanmta.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// Debian's opendmarc (RFC 7489), which believes what `Authentication-Results` of mx.caravan.test
/// say, refuses what the author's domain wants refused, and sets aside what it wants set aside.
public final class PrivateOpendmarc implements AutoCloseable {
  private final RunningProgram program;

  private PrivateOpendmarc(RunningProgram program) {
    this.program = program;
  }

  /// @param where for its files
  /// @param resolver the address of a name server at port 53
  public static PrivateOpendmarc start(Path where, int port, String resolver)
      throws IOException, InterruptedException {
    String opendmarc = Program.installed("opendmarc", "opendmarc");
    Path directory = RunningProgram.directory(where);
    Path ignored = Files.writeString(directory.resolve("ignored"), "192.0.2.1\n");
    Path settings =
        Files.writeString(
            directory.resolve("opendmarc.conf"),
            """
            Syslog no
            Socket inet:%d@127.0.0.1
            AuthservID mx.caravan.test
            TrustedAuthservIDs mx.caravan.test
            RejectFailures true
            HoldQuarantinedMessages true
            IgnoreHosts %s
            """
                .formatted(port, ignored));
    return new PrivateOpendmarc(
        RunningProgram.start(
                directory,
                resolvingAt(directory, resolver, opendmarc, "-f", "-c", settings.toString()))
            .listening("127.0.0.1", port));
  }

  /// The command of a program that asks `resolv.conf` only, with one of its own.
  ///
  /// @param resolver the address of a name server at port 53
  static String[] resolvingAt(Path directory, String resolver, String... command)
      throws IOException, InterruptedException {
    String unshare = Program.installed("unshare", "util-linux");
    if (!mayMount(unshare)) {
      System.out.println("SKIPPED: a resolv.conf for one program needs the right to mount");
      Assumptions.abort("a resolv.conf for one program needs the right to mount");
    }
    Path file =
        Files.writeString(directory.resolve("resolv.conf"), "nameserver " + resolver + "\n");
    var words =
        new ArrayList<>(
            List.of(
                unshare,
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
                file.toString()));
    words.addAll(List.of(command));
    return words.toArray(String[]::new);
  }

  private static boolean mayMount(String unshare) throws IOException, InterruptedException {
    return new ProcessBuilder(unshare, "--mount", "true").start().waitFor() == 0;
  }

  @Override
  public void close() {
    program.close();
  }
}
