package org.caravanmta.restriction;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.address.Idn;
import org.caravanmta.address.Literals;
import org.caravanmta.policy.RefusalCodes;

/// What is asked of the name in HELO and EHLO (RFC 5321 §4.1.1.1). A client that has not given one
/// passes.
///
/// | given | is a name | is whole |
/// |---|---|---|
/// | `mx.example.org`, `mx.example.org.` | yes | yes |
/// | `mx` | yes | no |
/// | `192.0.2.1`, `2001:db8::1` | taken for one | no |
/// | `[192.0.2.1]`, `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3) | yes | yes |
/// | `[2001:db8::1]`, `[192.0.2.999]`, `[mx]` | no | no |
record HeloRestrictions(RefusalCodes codes) {
  /// Letters of ASCII, and one of them or a hyphen at least: `192.0.2.1` is not a name.
  private static final Pattern HOSTNAME =
      Pattern.compile(
          "(?=.{1,255}$)(?![0-9.]*$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
              + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*");

  private static final String TAG = "ipv6:";

  Finding valid(RestrictedCase asked) {
    String helo = asked.client().helo();
    if (helo.isEmpty()) {
      return Finding.DUNNO;
    }
    if (helo.startsWith("[")) {
      return literal(asked);
    }
    boolean bare = !tagged(helo) && Literals.address(helo).isPresent();
    return bare || isHostname(helo)
        ? Finding.DUNNO
        : refused(asked, codes.invalidHostname(), "Invalid name");
  }

  Finding qualified(RestrictedCase asked) {
    String helo = asked.client().helo();
    if (helo.isEmpty()) {
      return Finding.DUNNO;
    }
    if (helo.startsWith("[")) {
      return literal(asked);
    }
    return isHostname(helo) && isQualified(helo)
        ? Finding.DUNNO
        : refused(asked, codes.nonFqdn(), "need fully-qualified hostname");
  }

  /// Whether the address in brackets is one, with the tag of its family (RFC 5321 §4.1.3).
  Finding literal(RestrictedCase asked) {
    String helo = asked.client().helo();
    Optional<InetAddress> address = helo.endsWith("]") ? Literals.address(helo) : Optional.empty();
    boolean four = address.filter(Inet4Address.class::isInstance).isPresent();
    boolean six = tagged(helo.substring(1)) && helo.indexOf(':', TAG.length() + 1) >= 0;
    boolean good = address.isPresent() && (helo.contains(":") ? six : four);
    return good ? Finding.DUNNO : refused(asked, codes.invalidHostname(), "invalid ip address");
  }

  /// One dot at its end is nothing.
  static boolean isHostname(String name) {
    return HOSTNAME.matcher(withoutDot(name)).matches();
  }

  static boolean isQualified(String name) {
    return withoutDot(name).indexOf('.') > 0;
  }

  /// The form in which the DNS has a name of other letters (RFC 5890 §2.3.2.1).
  static String ascii(String name) {
    return Idn.ascii(name);
  }

  private static String withoutDot(String name) {
    boolean dot = name.length() > 1 && name.endsWith(".") && !name.endsWith("..");
    return dot ? name.substring(0, name.length() - 1) : name;
  }

  private static boolean tagged(String text) {
    return text.toLowerCase(Locale.ROOT).startsWith(TAG);
  }

  private static Finding refused(RestrictedCase asked, int code, String text) {
    return new Finding.Refused(asked.helo().reply(code, "5.5.2", text));
  }
}
