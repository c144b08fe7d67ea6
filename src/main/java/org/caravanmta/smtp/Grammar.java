package org.caravanmta.smtp;

import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Verp;

/// The rules by which a server reads command lines, where what clients send differs from RFC 5321
/// §4.1 and the operator decides.
///
/// @param origin completes addresses that have no domain
/// @param paths what is taken for an address
/// @param forbidden first words that are not SMTP and end the session, in capitals (postfix
///   `smtpd_forbidden_commands`)
/// @param ignored first words of commands that do nothing, in capitals, whether we know them or not
///   (postfix `smtpd_noop_commands`)
/// @param verps the delimiters of XVERP
public record Grammar(
    Origin origin, Paths paths, Set<String> forbidden, Set<String> ignored, Verps verps) {
  /// First words of other protocols, which end a session unless the operator decides otherwise.
  public static final Set<String> FOREIGN = Set.of("CONNECT", "GET", "POST");

  public Grammar {
    forbidden = Set.copyOf(forbidden);
    ignored = Set.copyOf(ignored);
  }

  /// Postfix's defaults.
  public static Grammar of(Domain origin) {
    return new Grammar(new Origin(origin), Paths.USUAL, FOREIGN, Set.of(), Verps.USUAL);
  }

  /// The delimiters that a client may have in variable reverse paths (postfix `VERP_README`).
  ///
  /// @param usual those of a client that names none (postfix `default_verp_delimiters`)
  /// @param characters of which others may be (postfix `verp_delimiter_filter`)
  public record Verps(Verp usual, String characters) {
    public static final Verps USUAL = new Verps(Verp.USUAL, "-=+");

    /// Whether a client may name these.
    public boolean allows(String delimiters) {
      return delimiters.length() == 2
          && delimiters.chars().allMatch(delimiter -> characters.indexOf(delimiter) >= 0);
    }
  }

  /// What is taken for the address of MAIL and RCPT (RFC 5321 §4.1.2).
  ///
  /// @param strict whether it has to be enclosed in `<>`, without names or comments (postfix
  ///   `strict_rfc821_envelopes`)
  /// @param nullDomain whether `user@` means `user` (postfix `resolve_null_domain`)
  /// @param numericDomain whether `user@192.0.2.1` means `user@[192.0.2.1]` (postfix
  ///   `resolve_numeric_domain`)
  public record Paths(boolean strict, boolean nullDomain, boolean numericDomain) {
    public static final Paths USUAL = new Paths(false, false, false);
  }
}
