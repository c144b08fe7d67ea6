package org.caravanmta.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// Debian's clamd, with one signature of our own: {@link #EICAR} is `Eicar-Test.UNOFFICIAL`. What
/// is longer than 1 MiB it does not scan.
public final class PrivateClamd implements AutoCloseable {
  /// The text that scanners take for a virus.
  public static final String EICAR =
      "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

  public final Path socket;
  private final RunningProgram program;

  private PrivateClamd(Path socket, RunningProgram program) {
    this.socket = socket;
    this.program = program;
  }

  /// @param where for its files
  /// @param port besides its socket
  public static PrivateClamd start(Path where, int port) throws IOException {
    String clamd = Program.installed("clamd", "clamav-daemon");
    Path directory = RunningProgram.directory(where);
    Path signatures = Files.createDirectories(directory.resolve("db"));
    Files.writeString(
        signatures.resolve("own.ndb"),
        "Eicar-Test:0:*:" + HexFormat.of().formatHex(EICAR.getBytes(US_ASCII)) + "\n");
    Path socket = directory.resolve("sock");
    Path settings =
        Files.writeString(
            directory.resolve("clamd.conf"),
            """
            Foreground yes
            TCPSocket %d
            TCPAddr 127.0.0.1
            LocalSocket %s
            LocalSocketMode 666
            DatabaseDirectory %s
            StreamMaxLength 1M
            """
                .formatted(port, socket, signatures));
    return new PrivateClamd(
        socket,
        RunningProgram.start(directory, clamd, "-c", settings.toString())
            .listening("127.0.0.1", port));
  }

  @Override
  public void close() {
    program.close();
  }
}
