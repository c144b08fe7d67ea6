package org.caravanmta.filter.icap;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.message.Headers;

/// What a service has said of itself (RFC 3507 §4.10.2).
///
/// @param method by which messages are shown to it
/// @param preview how many bytes it wants to see before it says whether it wants the rest; absent
///   if it wants all at once
/// @param tag the service as it is now; another says that it has changed (RFC 3507 §4.7)
/// @param lifetime how many seconds this counts
record IcapOptions(Method method, OptionalInt preview, String tag, int lifetime) {
  /// How long the word of a service counts that does not say it, in seconds.
  private static final int USUAL_LIFETIME = 3600;

  /// More than any preview that spares anybody anything.
  private static final int MOST_PREVIEW = 64 * 1024;

  /// How a message is shown to a service.
  enum Method {
    /// As what a server has answered.
    RESPMOD,
    /// As what a client asks; some scanners know no other.
    REQMOD
  }

  /// Reads the header section of an answer to OPTIONS.
  ///
  /// @throws IOException if the service takes neither answers nor requests
  static IcapOptions of(Headers said) throws IOException {
    String methods = field(said, "Methods").orElse("").toUpperCase(Locale.ROOT);
    Method method =
        Arrays.stream(Method.values())
            .filter(each -> Arrays.asList(methods.split("[,\\s]+")).contains(each.name()))
            .findFirst()
            .orElseThrow(
                () -> new IOException("the service has neither RESPMOD nor REQMOD: " + methods));
    return new IcapOptions(
        method,
        number(said, "Preview", MOST_PREVIEW),
        field(said, "ISTag").orElse(""),
        number(said, "Options-TTL", Integer.MAX_VALUE).orElse(USUAL_LIFETIME));
  }

  private static Optional<String> field(Headers said, String name) {
    return said.first(name).map(Headers.Field::value);
  }

  private static OptionalInt number(Headers said, String name, int most) {
    return field(said, name)
        .filter(value -> value.matches("\\d{1,18}"))
        .map(value -> OptionalInt.of((int) Math.min(most, Long.parseLong(value))))
        .orElse(OptionalInt.empty());
  }
}
