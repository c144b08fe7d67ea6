package org.caravanmta.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The encoding in which Java reads arguments, file names and the environment. It must be UTF-8, as
/// for addresses (RFC 6531 §3.3), whatever the caller's locale: read in another encoding, `josé@`
/// would be another mailbox.
///
/// Java takes the encoding from the locale when it starts, and it cannot be changed afterwards: the
/// launcher sets `LC_ALL`.
final class Encoding {
  /// What Java puts in place of bytes that are not text.
  private static final char NOT_TEXT = '\uFFFD';

  private Encoding() {}

  /// Makes case folding and number formats the same in every locale.
  static void settle() {
    Locale.setDefault(Locale.ROOT);
  }

  /// A writer in the encoding of the stream.
  static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, false, stream.charset());
  }

  /// Why arguments and file names may not be what the caller wrote; absent if they are read as
  /// UTF-8.
  static Optional<String> misread() {
    return misread(System.getProperty("sun.jnu.encoding", ""));
  }

  /// @param names the encoding in which Java has read arguments and file names
  static Optional<String> misread(String names) {
    return isUtf8(names)
        ? Optional.empty()
        : Optional.of(
            ("names of files and arguments are read as %s, not UTF-8: start it with bin/caravan, or"
                    + " with the environment variable LC_ALL=C.UTF-8")
                .formatted(names));
  }

  /// Names the first argument that is not UTF-8, of which nobody knows what it says; absent if
  /// there is none.
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
