package org.caravanmta.peers;

import java.io.IOException;
import java.nio.file.Path;

/// Debian's spamd, with its own rules and no network: {@link #GTUBE} has a score of 1000, and what
/// is spam has `*SPAM*` before its subject.
public final class PrivateSpamd implements AutoCloseable {
  /// The text that spam filters take for spam.
  public static final String GTUBE =
      "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

  private final RunningProgram program;

  private PrivateSpamd(RunningProgram program) {
    this.program = program;
  }

  /// @param where for its files
  public static PrivateSpamd start(Path where, int port) throws IOException {
    String spamd = Program.installed("spamd", "spamd");
    Path directory = RunningProgram.directory(where);
    return new PrivateSpamd(
        RunningProgram.start(
                directory,
                spamd,
                "--listen=127.0.0.1:" + port,
                "--local",
                "--max-children=1",
                "--nouser-config",
                "--username=nobody",
                "--pidfile=" + directory.resolve("pid"),
                "--cf=use_bayes 0",
                "--cf=report_safe 0",
                "--cf=rewrite_header Subject *SPAM*",
                "--syslog=stderr")
            .listening("127.0.0.1", port));
  }

  @Override
  public void close() {
    program.close();
  }
}
