package org.caravanmta.filter.icap;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.caravanmta.filter.contract.WireInput;
import org.caravanmta.message.Headers;

/// The head of an ICAP answer (RFC 3507 §4.3.3).
///
/// @param code 204 and the like
/// @param fields its header section
record IcapAnswer(int code, Headers fields) {
  private static final int MOST = 64 * 1024;
  private static final Pattern STATUS = Pattern.compile("ICAP/1\\.\\d (\\d{3})(?: .*)?");

  /// Where scanners say what they have found; the first that is there counts.
  private static final List<String> FINDINGS =
      List.of("X-Infection-Found", "X-Violations-Found", "X-Virus-ID", "X-Blocked");

  private static final Pattern THREAT = Pattern.compile("(?i)\\bthreat=([^;]+)");

  /// What some scanners write of a message in which they have found nothing.
  private static final Set<String> NOTHING = Set.of("", "0", "none", "no", "no threats", "-");

  /// Reads the head of an answer.
  static IcapAnswer read(WireInput in) throws IOException {
    String line = in.line();
    var status = STATUS.matcher(line);
    if (!status.matches()) {
      throw new IOException("not an answer of an ICAP service: " + WireInput.shown(line));
    }
    return new IcapAnswer(Integer.parseInt(status.group(1)), in.headers(MOST));
  }

  /// What the scanner has found, by its name; absent if it says of nothing.
  Optional<String> found() {
    return FINDINGS.stream()
        .flatMap(name -> fields.all(name).stream())
        .map(Headers.Field::value)
        .filter(value -> !NOTHING.contains(value.toLowerCase(Locale.ROOT)))
        .map(IcapAnswer::name)
        .findFirst();
  }

  private static String name(String value) {
    var threat = THREAT.matcher(value);
    if (threat.find()) {
      return WireInput.shown(threat.group(1).strip());
    }
    // X-Violations-Found has a number, and lines with a file, a threat and two numbers after it
    String[] lines = value.split("\r\n[ \t]+");
    return WireInput.shown(lines.length > 2 ? lines[2].strip() : lines[0].strip());
  }

  /// Whether a part follows, `res-hdr` of `res-hdr=0, res-body=137` (RFC 3507 §4.4.1).
  boolean has(String part) {
    return words("Encapsulated").anyMatch(word -> word.startsWith(part + "="));
  }

  /// Whether the service takes nothing more on this connection (RFC 3507 §4.1).
  boolean closes() {
    return words("Connection").anyMatch("close"::equals);
  }

  private Stream<String> words(String name) {
    return fields.all(name).stream()
        .flatMap(field -> Arrays.stream(field.value().toLowerCase(Locale.ROOT).split(",")))
        .map(String::strip);
  }

  /// The service as it is now; empty if it does not say.
  String tag() {
    return fields.first("ISTag").map(Headers.Field::value).orElse("");
  }
}
