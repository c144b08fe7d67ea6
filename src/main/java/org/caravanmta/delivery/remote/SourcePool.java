package org.caravanmta.delivery.remote;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.smtp.client.Source;

/// A pool of addresses of ours that servers are called from, as the operator writes it in a line:
/// `NAME 192.0.2.10*3 192.0.2.11 2001:db8::10 helo=bulk.example.org`.
///
/// @param name by which tables and settings name it
/// @param members at least one
record SourcePool(String name, List<Member> members) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern WEIGHT = Pattern.compile("[1-9]\\d{0,3}");
  private static final Pattern FOUR_PARTS = Pattern.compile("\\d+(\\.\\d+){3}");
  private static final String HELO = "helo=";

  /// @param weight its share of the connections beside the others of its family, at least 1
  record Member(Source source, int weight) {}

  SourcePool {
    members = List.copyOf(members);
  }

  /// Reads a line.
  ///
  /// @throws IllegalArgumentException says what was expected
  static SourcePool parse(String line) {
    String[] words = line.strip().split("\\s+");
    if (!NAME.matcher(words[0]).matches()) {
      throw new IllegalArgumentException(
          "the name of a pool and its addresses, as in \"bulk 192.0.2.10 192.0.2.11*2"
              + " helo=bulk.example.org\", not \""
              + line
              + "\"");
    }
    Optional<Domain> helo = Optional.empty();
    var addresses = new ArrayList<String>();
    for (String word : List.of(words).subList(1, words.length)) {
      if (word.startsWith(HELO)) {
        helo = Optional.of(domain(word));
      } else {
        addresses.add(word);
      }
    }
    var members = new ArrayList<Member>();
    var seen = new HashSet<InetAddress>();
    for (String address : addresses) {
      Member member = member(address, helo);
      if (!seen.add(member.source().address())) {
        throw new IllegalArgumentException(
            "each address only once, not \"" + address + "\" again in the pool " + words[0]);
      }
      members.add(member);
    }
    if (members.isEmpty()) {
      throw new IllegalArgumentException("at least one address in the pool " + words[0]);
    }
    return new SourcePool(words[0], members);
  }

  /// The names of the pools in these lines.
  static List<String> names(List<String> lines) {
    return lines.stream().map(line -> parse(line).name()).toList();
  }

  private static Domain domain(String word) {
    try {
      return Address.parse("postmaster@" + word.substring(HELO.length())).domain();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a domain after helo=, not \"" + word + "\"", e);
    }
  }

  private static Member member(String word, Optional<Domain> helo) {
    int star = word.indexOf('*');
    String weight = star < 0 ? "1" : word.substring(star + 1);
    String address = star < 0 ? word : word.substring(0, star);
    if (!WEIGHT.matcher(weight).matches()) {
      throw new IllegalArgumentException(
          "a weight from 1 to 9999 after *, not \"" + weight + "\" in \"" + word + "\"");
    }
    // one of fewer parts has a meaning too, but not one that anybody means
    boolean whole = address.indexOf(':') >= 0 || FOUR_PARTS.matcher(address).matches();
    return Literals.address(address)
        .filter(_ -> whole)
        .map(found -> new Member(new Source(found, helo), Integer.parseInt(weight)))
        .orElseThrow(
            () -> new IllegalArgumentException("an address of ours, not \"" + word + "\""));
  }
}
