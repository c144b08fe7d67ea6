package org.caravanmta.smtp.client;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.caravanmta.address.Ascii;
import org.caravanmta.smtp.Reply;

/// The extensions that a server offers in its reply to EHLO (RFC 5321 §4.1.1.1), or a store in its
/// reply to LHLO.
///
/// @param pipelining whether commands may be sent without waiting for replies (RFC 2920)
/// @param eightBitMime whether it takes eight-bit content (RFC 6152)
/// @param smtputf8 whether it takes addresses and header fields in UTF-8 (RFC 6531)
/// @param dsn whether it takes the sender's wishes about reports (RFC 3461)
/// @param chunking whether it takes BDAT (RFC 3030 §2)
/// @param binaryMime whether it takes binary content (RFC 3030 §3)
/// @param requireTls whether it keeps mail within TLS that must not leave it (RFC 8689)
/// @param size whether it takes the size of the message with MAIL (RFC 1870)
/// @param largest the largest message that it takes, in bytes; 0 if it names no limit
/// @param xforward the attributes of XFORWARD that it takes (Postfix's XFORWARD_README), in
///   capitals; empty if it does not offer XFORWARD
/// @param startTls whether it goes on in TLS if asked to (RFC 3207)
/// @param auth the mechanisms by which we may log in (RFC 4954 §3), in capitals; empty if it offers
///   no login
public record Capabilities(
    boolean pipelining,
    boolean eightBitMime,
    boolean smtputf8,
    boolean dsn,
    boolean chunking,
    boolean binaryMime,
    boolean requireTls,
    boolean size,
    long largest,
    Set<String> xforward,
    boolean startTls,
    List<String> auth) {
  /// What a server that knows only HELO offers.
  static final Capabilities NONE =
      new Capabilities(
          false, false, false, false, false, false, false, false, 0, Set.of(), false, List.of());

  /// Reads the reply to EHLO. Keywords count in any case; a blank, or an equals sign from very old
  /// servers, separates a keyword from its parameters. What is not understood counts as not
  /// offered.
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
        offered.containsKey("REQUIRETLS"),
        offered.containsKey("SIZE"),
        offered.getOrDefault("SIZE", List.of()).stream()
            .limit(1)
            .filter(size -> size.matches("[0-9]{1,18}"))
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElse(0),
        Set.copyOf(new HashSet<>(offered.getOrDefault(Xforward.VERB, List.of()))),
        offered.containsKey("STARTTLS"),
        offered.getOrDefault("AUTH", List.of()));
  }
}
