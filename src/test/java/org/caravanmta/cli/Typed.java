package org.caravanmta.cli;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A command as a user types it, asked of a server that runs in another process: without the second
/// that a process of its own takes to begin.
///
/// @param out what it has printed
public record Typed(int status, String out, String err) {
  /// @param data the data directory of the server
  public static Typed command(Path data, String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", data.toString()));
    int status =
        new Main(
                () -> {
                  throw new IllegalStateException("no server is to be started");
                },
                OutputStream.nullOutputStream())
            .commandLine(new PrintWriter(out), new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Typed(status, out.toString(), err.toString());
  }
}
