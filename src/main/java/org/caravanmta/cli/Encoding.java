package org.caravanmta.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How bytes of the system become text: names of files, arguments, the environment. They are UTF-8
/// as addresses are (RFC 6531 §3.3), whatever the locale of the caller; read in another encoding,
/// `josé@` is another mailbox.
///
/// Java takes the encoding from the locale when it starts, and it cannot be changed afterwards: the
/// launcher sets `LC_ALL`.
final class Encoding {
  /// What Java puts in place of bytes that are not text.
  private static final char NOT_TEXT = '\uFFFD';

  private Encoding() {}

  /// Makes letters be folded and numbers be written the same way everywhere.
  static void settle() {
    Locale.setDefault(Locale.ROOT);
  }

  /// Writes letters as the stream does.
  static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, false, stream.charset());
  }

  /// Why names of files and arguments are not what the caller wrote, if so.
  static Optional<String> misread() {
    return misread(System.getProperty("sun.jnu.encoding", ""));
  }

  /// @param names the encoding in which Java has read them
  static Optional<String> misread(String names) {
    return isUtf8(names)
        ? Optional.empty()
        : Optional.of(
            ("names of files and arguments are read as %s, not UTF-8: start it with bin/caravan, or"
                    + " with the environment variable LC_ALL=C.UTF-8")
                .formatted(names));
  }

  /// Which argument was written in another encoding, if one was: nobody can tell what it says.
  static Optional<String> notText(List<String> args) {
    return args.stream()
        .filter(arg -> arg.indexOf(NOT_TEXT) >= 0)
        .map(arg -> "the argument " + arg + " is not UTF-8")
        .findFirst();
  }

  private static boolean isUtf8(String name) {
    return name.equalsIgnoreCase("UTF-8") || name.equalsIgnoreCase("UTF8");
  }
}
