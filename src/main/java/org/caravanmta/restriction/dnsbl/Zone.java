package org.caravanmta.restriction.dnsbl;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.address.Domain;

/// A DNS list and those of its answers that count (RFC 5782 §2).
///
/// @param name the domain below which it lists reversed addresses
/// @param filter the answers that count, octet by octet; absent: every answer that RFC 5782 §2.1
///   allows
/// @param written as the operator wrote it, `ZONE` or `ZONE=FILTER`
public record Zone(Domain name, Optional<List<Octet>> filter, String written) {
  private static final Pattern FIELD = Pattern.compile("\\[([^\\]]*)\\]|([^.\\[\\]]+)");

  /// One of the four numbers of an address.
  public record Octet(List<Range> ranges) {
    boolean matches(int value) {
      return ranges.stream().anyMatch(range -> value >= range.from() && value <= range.to());
    }
  }

  public record Range(int from, int to) {}

  /// Reads `ZONE` or `ZONE=FILTER`: `zen.example.org`, `list.example=127.0.0.[2..11]`,
  /// `list.example=127.0.[0;1].[2;4..6]`.
  ///
  /// @throws IllegalArgumentException says what was expected
  public static Zone parse(String text) {
    int equals = text.indexOf('=');
    String name = (equals < 0 ? text : text.substring(0, equals)).strip();
    if (!name.matches(
        "(?i)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")) {
      throw new IllegalArgumentException(
          "expected ZONE or ZONE=FILTER such as zen.example.org=127.0.0.[2..11], was " + text);
    }
    return new Zone(
        new Domain(name),
        equals < 0 ? Optional.empty() : Optional.of(filter(text.substring(equals + 1).strip())),
        text.strip());
  }

  /// The name to ask for: octets, or for IPv6 the hexadecimal digits, from the last to the first
  /// (RFC 5782 §2.1, §2.4).
  public String query(InetAddress client) {
    var query = new StringBuilder();
    byte[] bytes = client.getAddress();
    for (int i = bytes.length - 1; i >= 0; i--) {
      int value = bytes[i] & 0xff;
      if (client instanceof Inet4Address) {
        query.append(value).append('.');
      } else {
        query.append(Character.forDigit(value & 15, 16)).append('.');
        query.append(Character.forDigit(value >> 4, 16)).append('.');
      }
    }
    return query.append(name.name()).toString();
  }

  /// The name to ask for about a domain (RFC 5782 §2.2).
  public String query(Domain domain) {
    return domain.key() + "." + name.name();
  }

  /// Whether an answer says that the client is listed. Without a filter that is 127.0.0.0/8 (RFC
  /// 5782 §2.1: any other answer is not a list's, but of one who has taken over its domain),
  /// without 127.255.255.0/24, by which lists say that they do not answer us.
  boolean counts(InetAddress answer) {
    byte[] bytes = answer.getAddress();
    if (bytes.length != 4) {
      return false;
    }
    if (filter.isEmpty()) {
      return bytes[0] == 127 && !(bytes[1] == -1 && bytes[2] == -1);
    }
    List<Octet> octets = filter.get();
    for (int i = 0; i < 4; i++) {
      if (!octets.get(i).matches(bytes[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  private static List<Octet> filter(String text) {
    var octets = new ArrayList<Octet>();
    var field = FIELD.matcher(text);
    int at = 0;
    while (field.find() && field.start() == at) {
      String ranges = field.group(1) == null ? field.group(2) : field.group(1);
      octets.add(octet(ranges, text));
      at = field.end() + 1;
      if (field.end() == text.length() && octets.size() == 4) {
        return List.copyOf(octets);
      }
      if (field.end() < text.length() && text.charAt(field.end()) != '.') {
        break;
      }
      field.region(Math.min(at, text.length()), text.length());
    }
    throw unexpected(text);
  }

  private static Octet octet(String ranges, String text) {
    var list = new ArrayList<Range>();
    for (String range : ranges.split(";", -1)) {
      String[] ends = range.strip().split("\\.\\.", -1);
      int from = number(ends[0], text);
      int to = ends.length == 1 ? from : number(ends[1], text);
      if (ends.length > 2 || to < from) {
        throw unexpected(text);
      }
      list.add(new Range(from, to));
    }
    return new Octet(List.copyOf(list));
  }

  private static int number(String digits, String text) {
    if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > 255) {
      throw unexpected(text);
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException unexpected(String text) {
    return new IllegalArgumentException(
        "expected a filter such as 127.0.0.2 or 127.0.0.[2;4..11], was " + text);
  }
}
