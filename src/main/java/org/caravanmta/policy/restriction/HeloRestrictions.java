package org.caravanmta.policy.restriction;

import java.util.regex.Pattern;
import org.caravanmta.address.Literals;

/// What is asked of the name in HELO and EHLO (RFC 5321 §4.1.1.1). A client that has not given one
/// passes.
final class HeloRestrictions {
  private static final Pattern HOSTNAME =
      Pattern.compile(
          "(?i)(?=.{1,255}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
              + "(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\\.?");

  private HeloRestrictions() {}

  static Finding valid(Asked asked) {
    String helo = asked.client().helo();
    if (helo.isEmpty() || Literals.address(helo).isPresent()) {
      return Finding.DUNNO;
    }
    if (helo.startsWith("[") || helo.matches("[0-9.]+")) {
      return refused(asked, 501, "invalid ip address");
    }
    return isHostname(helo) ? Finding.DUNNO : refused(asked, 501, "Invalid name");
  }

  static Finding qualified(Asked asked) {
    String helo = asked.client().helo();
    if (helo.isEmpty() || helo.startsWith("[") && Literals.address(helo).isPresent()) {
      return Finding.DUNNO;
    }
    return isHostname(helo) && isQualified(helo)
        ? Finding.DUNNO
        : refused(asked, 504, "need fully-qualified hostname");
  }

  static boolean isHostname(String name) {
    return HOSTNAME.matcher(name).matches();
  }

  static boolean isQualified(String name) {
    int dot = name.indexOf('.');
    return dot > 0 && dot < name.length() - 1;
  }

  private static Finding refused(Asked asked, int code, String text) {
    return new Finding.Refused(asked.helo().reply(code, "5.5.2", text));
  }
}
