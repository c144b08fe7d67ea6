package org.caravanmta.smtp;

import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;

/// How a server reads command lines, where RFC 5321 §4.1 and what is sent differ and the operator
/// decides.
///
/// @param origin completes addresses
/// @param paths what is taken for an address
/// @param forbidden first words that are not SMTP and end the session, in capitals
/// @param ignored first words of commands that do nothing, in capitals, whether ours or not
///   (Postfix: `smtpd_noop_commands`)
public record Grammar(Origin origin, Paths paths, Set<String> forbidden, Set<String> ignored) {
  /// First words that other protocols send to a mail server's port.
  public static final Set<String> FOREIGN = Set.of("CONNECT", "GET", "POST");

  public Grammar {
    forbidden = Set.copyOf(forbidden);
    ignored = Set.copyOf(ignored);
  }

  /// Postfix's by default.
  public static Grammar of(Domain origin) {
    return new Grammar(new Origin(origin), Paths.USUAL, FOREIGN, Set.of());
  }

  /// What is taken for the address of MAIL and RCPT (RFC 5321 §4.1.2).
  ///
  /// @param strict whether it has to stand in `<>`, without names or comments around it (Postfix:
  ///   `strict_rfc821_envelopes`)
  /// @param nullDomain whether `user@` is `user` (Postfix: `resolve_null_domain`)
  /// @param numericDomain whether `user@192.0.2.1` is `user@[192.0.2.1]` (Postfix:
  ///   `resolve_numeric_domain`)
  public record Paths(boolean strict, boolean nullDomain, boolean numericDomain) {
    public static final Paths USUAL = new Paths(false, false, false);
  }
}
