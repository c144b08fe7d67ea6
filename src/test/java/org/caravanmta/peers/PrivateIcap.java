package org.caravanmta.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Debian's c-icap: `/echo` gives back what it is shown, and `/avscan` has clamd scan it.
public final class PrivateIcap implements AutoCloseable {
  private final RunningProgram program;

  private PrivateIcap(RunningProgram program) {
    this.program = program;
  }

  /// @param where for its files
  /// @param clamd the socket of the scanner
  public static PrivateIcap start(Path where, int port, Path clamd) throws IOException {
    String icap = Program.installed("c-icap", "c-icap");
    Path modules = modules();
    Path directory = RunningProgram.directory(where);
    Path settings =
        Files.writeString(
            directory.resolve("c-icap.conf"),
            """
            PidFile %1$s/pid
            CommandsSocket %1$s/control
            StartServers 1
            MaxServers 2
            MinSpareThreads 2
            MaxSpareThreads 5
            ThreadsPerChild 5
            Port 127.0.0.1:%2$d
            TmpDir %1$s
            ModulesDir %3$s
            ServicesDir %3$s
            TemplateDir /usr/share/c_icap/templates/
            TemplateDefaultLanguage en
            LoadMagicFile /etc/c-icap/c-icap.magic
            ServerLog %1$s/server.log
            AccessLog %1$s/access.log
            Service echo srv_echo.so
            Service antivirus_module virus_scan.so
            ServiceAlias avscan virus_scan?allow204=on&sizelimit=off&mode=simple
            virus_scan.ScanFileTypes TEXT DATA EXECUTABLE ARCHIVE
            virus_scan.SendPercentData 0
            virus_scan.MaxObjectSize 5M
            virus_scan.DefaultEngine clamd
            Module common clamd_mod.so
            clamd_mod.ClamdSocket %4$s
            """
                .formatted(directory, port, modules, clamd));
    return new PrivateIcap(
        RunningProgram.start(directory, icap, "-N", "-f", settings.toString())
            .listening("127.0.0.1", port));
  }

  /// Where its modules are: a directory that the architecture has a name in.
  private static Path modules() throws IOException {
    try (var all = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-*")) {
      for (Path each : all) {
        if (Files.exists(each.resolve("c_icap/virus_scan.so"))) {
          return each.resolve("c_icap");
        }
      }
    }
    System.out.println("SKIPPED: virus_scan is not here; apt-get install libc-icap-mod-virus-scan");
    Assumptions.abort("virus_scan is not installed");
    throw new AssertionError();
  }

  @Override
  public void close() {
    program.close();
  }
}
