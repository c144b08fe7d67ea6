package org.caravanmta.smtp.client;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.address.Ascii;
import org.caravanmta.smtp.Reply;

/// What a server offers in its reply to EHLO (RFC 5321 §4.1.1.1).
///
/// @param pipelining RFC 2920
/// @param eightBitMime RFC 6152
/// @param smtputf8 RFC 6531
/// @param dsn RFC 3461
/// @param chunking RFC 3030 §2
/// @param binaryMime RFC 3030 §3
/// @param size whether SIZE is offered (RFC 1870)
/// @param largest the size it takes at most, 0 for no limit
/// @param xforward the attributes of XFORWARD it wants to hear of
public record Capabilities(
    boolean pipelining,
    boolean eightBitMime,
    boolean smtputf8,
    boolean dsn,
    boolean chunking,
    boolean binaryMime,
    boolean size,
    long largest,
    Set<String> xforward) {
  static final Capabilities NONE =
      new Capabilities(false, false, false, false, false, false, false, 0, Set.of());

  static Capabilities of(Reply hello) {
    List<String> lines =
        hello.lines().stream().skip(1).map(line -> Ascii.upper(line.strip())).toList();
    return new Capabilities(
        lines.contains("PIPELINING"),
        lines.contains("8BITMIME"),
        lines.contains("SMTPUTF8"),
        lines.contains("DSN"),
        lines.contains("CHUNKING"),
        lines.contains("BINARYMIME"),
        lines.stream().anyMatch(line -> line.equals("SIZE") || line.startsWith("SIZE ")),
        lines.stream()
            .filter(line -> line.matches("SIZE \\d{1,18}"))
            .mapToLong(line -> Long.parseLong(line.substring(5)))
            .findFirst()
            .orElse(0),
        lines.stream()
            .filter(line -> line.startsWith(Provenance.VERB + " "))
            .flatMap(line -> Stream.of(line.split("\\s+")).skip(1))
            .collect(Collectors.toUnmodifiableSet()));
  }
}
