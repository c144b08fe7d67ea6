package org.caravanmta.delivery.program;

import java.util.Map;
import java.util.regex.Pattern;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Attempt;

/// What the exit status of a command means (`sysexits.h`; RFC 3463 has the status codes). If the
/// command is missing, mail waits for the operator to mend that.
final class ExitStatus {
  /// How a shell says that a command does not exist, or cannot be run.
  private static final int NOT_THERE = 127;

  private static final int NOT_A_PROGRAM = 126;

  private static final Pattern DETAIL = Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})\\s+(.*)");

  /// Bounces, by exit status.
  private static final Map<Integer, String> FAILURES =
      Map.ofEntries(
          Map.entry(64, "5.3.0 Command line usage error"),
          Map.entry(65, "5.6.0 Data format error"),
          Map.entry(66, "5.3.0 Cannot open input"),
          Map.entry(67, "5.1.1 User unknown"),
          Map.entry(68, "5.1.2 Host name unknown"),
          Map.entry(69, "5.3.0 Service unavailable"),
          Map.entry(70, "5.3.0 Internal software error"),
          Map.entry(72, "5.3.0 Critical OS file missing"),
          Map.entry(73, "5.2.0 Can't create output file"),
          Map.entry(74, "5.3.0 Input/output error"),
          Map.entry(76, "5.5.0 Remote error in protocol"),
          Map.entry(77, "5.7.0 Permission denied"),
          Map.entry(78, "5.3.5 Local configuration error"),
          Map.entry(71, "4.3.0 System error"),
          Map.entry(75, "4.3.0 Temporary failure"));

  /// Characters of a command or of its output that a log line has room for.
  private static final int MOST_SHOWN = 500;

  private ExitStatus() {}

  /// @param line the command
  /// @param output what it has printed, which takes precedence when it starts with a status code
  static Attempt meaning(int exit, String line, String output, String done, String relay) {
    if (exit == 0) {
      return new Attempt.Delivered(done, relay);
    }
    var detail = DETAIL.matcher(output);
    if (detail.matches() && !detail.group(1).startsWith("2")) {
      return of(Status.of(detail.group(1)), detail.group(2), detail.group(2));
    }
    String tail = output.isEmpty() ? "" : ". Command output: " + output;
    if (FAILURES.containsKey(exit)) {
      String[] known = FAILURES.get(exit).split(" ", 2);
      return of(Status.of(known[0]), known[1] + tail, output.isEmpty() ? known[1] : output);
    }
    String command = ": \"" + shown(line) + "\"";
    if (exit == NOT_THERE || exit == NOT_A_PROGRAM) {
      return of("4.3.5", "Command cannot be run", command + tail, output);
    }
    // how a shell says that a signal ended it
    return exit > 128
        ? of("4.3.0", "Command died with signal " + (exit - 128), command + tail, output)
        : of("5.3.0", "Command died with status " + exit, command + tail, output);
  }

  /// A command or its output as a reason has it: on one line, without control characters, and cut.
  static String shown(String text) {
    String plain = text.strip().replaceAll("\\p{Cntrl}+", "_");
    return plain.length() > MOST_SHOWN ? plain.substring(0, MOST_SHOWN) : plain;
  }

  private static Attempt of(String status, String meant, String more, String output) {
    return of(Status.of(status), meant + more, output.isEmpty() ? meant : output);
  }

  private static Attempt of(Status status, String text, String said) {
    Reason reason = Reason.ofProgram(status, text, said);
    return status.digit() == 4 ? new Attempt.Deferred(reason) : new Attempt.Failed(reason);
  }
}
