package org.caravanmta.smtp.client;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /// Keywords without regard to case, and what follows them after a blank or, from servers of long
  /// ago, an equals sign. What is not understood is not offered.
  static Capabilities of(Reply hello) {
    var offered = new HashMap<String, List<String>>();
    for (String line : hello.lines().subList(1, hello.lines().size())) {
      List<String> words = Stream.of(Ascii.upper(line.strip()).split("[\\s=]+")).toList();
      offered.putIfAbsent(words.getFirst(), words.subList(1, words.size()));
    }
    return new Capabilities(
        offered.containsKey("PIPELINING"),
        offered.containsKey("8BITMIME"),
        offered.containsKey("SMTPUTF8"),
        offered.containsKey("DSN"),
        offered.containsKey("CHUNKING"),
        offered.containsKey("BINARYMIME"),
        offered.containsKey("SIZE"),
        offered.getOrDefault("SIZE", List.of()).stream()
            .limit(1)
            .filter(size -> size.matches("[0-9]{1,18}"))
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElse(0),
        Set.copyOf(new HashSet<>(offered.getOrDefault(Provenance.VERB, List.of()))));
  }
}
