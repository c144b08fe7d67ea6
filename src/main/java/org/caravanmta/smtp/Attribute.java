package org.caravanmta.smtp;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.caravanmta.address.Ascii;

/// One `NAME=value` of XCLIENT or XFORWARD, Postfix's extensions of SMTP (RFC 5321 §2.2; Postfix's
/// XCLIENT_README and XFORWARD_README).
///
/// @param name in capitals
/// @param value decoded from xtext (RFC 3461 §4); empty if it was `[UNAVAILABLE]` or
///   `[TEMPUNAVAIL]`
public record Attribute(String name, Optional<String> value) {
  /// In characters, as in Postfix.
  private static final int MOST_LENGTH = 255;

  private static final int MOST_PORT = 65535;
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("(?i:IPV6):([0-9A-Fa-f]*:[0-9A-Fa-f:.]*)");
  private static final Pattern HOST =
      Pattern.compile(
          "(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*"
              + "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.?");
  private static final Pattern XTEXT = Pattern.compile("(?:[!-*,-~]|\\+[0-9A-Fa-f]{2})*");

  /// Thrown for an attribute that cannot be understood.
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Reply reply;

    /// @param text the text of the reply
    public Malformed(String text) {
      super(text);
      this.reply = Reply.of(501, "5.5.4", text);
    }

    /// The reply to the command: 501.
    public Reply reply() {
      return reply;
    }
  }

  /// Reads attributes that are separated by blanks.
  ///
  /// @throws Malformed if one is not `NAME=value`, or its value is too long or not xtext
  public static List<Attribute> parse(String text) throws Malformed {
    var attributes = new ArrayList<Attribute>();
    for (String word : text.strip().split("[ \t]+")) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new Malformed("Error: attribute=value expected");
      }
      String value = word.substring(equals + 1);
      if (value.length() > MOST_LENGTH) {
        throw new Malformed("Error: attribute value too long");
      }
      if (!XTEXT.matcher(value).matches()) {
        throw new Malformed("Bad attribute value syntax: " + value);
      }
      boolean unavailable =
          Ascii.same(value, "[UNAVAILABLE]") || Ascii.same(value, "[TEMPUNAVAIL]");
      attributes.add(
          new Attribute(
              Ascii.upper(word.substring(0, equals)),
              unavailable ? Optional.empty() : Optional.of(decoded(value))));
    }
    return attributes;
  }

  /// The value as the name of a host; empty if there is no value.
  ///
  /// @throws Malformed if it cannot be one
  public Optional<String> host() throws Malformed {
    return matching(text -> text.length() <= MOST_LENGTH && HOST.matcher(text).matches());
  }

  /// The value as an IP address: IPv4, or IPv6 after `IPV6:`; empty if there is no value.
  ///
  /// @throws Malformed if it is not one
  public Optional<InetAddress> address() throws Malformed {
    Optional<String> text = matching(t -> IPV4.matcher(t).matches() || IPV6.matcher(t).matches());
    try {
      return text.map(t -> InetAddress.ofLiteral(t.substring(t.indexOf(':') < 0 ? 0 : 5)));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  /// The value as a port; empty if there is no value.
  ///
  /// @throws Malformed if it is not one
  public OptionalInt port() throws Malformed {
    Optional<String> text =
        matching(t -> t.matches("[0-9]{1,5}") && Integer.parseInt(t) <= MOST_PORT);
    return text.map(Integer::parseInt).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /// The value, which must be one of these words in any case; empty if there is no value.
  ///
  /// @throws Malformed if it is another
  public Optional<String> word(String... words) throws Malformed {
    return matching(text -> Stream.of(words).anyMatch(word -> Ascii.same(text, word)));
  }

  /// The exception for an attribute whose name the command does not have.
  public Malformed unknown(Verb verb) {
    return new Malformed("Bad " + verb + " attribute name: " + name);
  }

  private Optional<String> matching(Predicate<String> kind) throws Malformed {
    if (value.isPresent() && !kind.test(value.get())) {
      throw malformed();
    }
    return value;
  }

  private Malformed malformed() {
    return new Malformed("Bad " + name + " syntax: " + value.orElse(""));
  }

  private static String decoded(String xtext) {
    var bytes = new ByteArrayOutputStream(xtext.length());
    for (int i = 0; i < xtext.length(); i++) {
      char c = xtext.charAt(i);
      if (c == '+') {
        bytes.write(Integer.parseInt(xtext, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
