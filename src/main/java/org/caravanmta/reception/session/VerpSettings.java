package org.caravanmta.reception.session;

import org.caravanmta.address.Networks;
import org.caravanmta.message.Verp;
import org.caravanmta.smtp.Grammar;

/// The section `smtp.verp`: who may ask for a reverse path (RFC 5321 §4.1.1.2) of its own for each
/// recipient (postfix `VERP_README`).
///
/// @param clients who may, by XVERP (postfix `smtpd_authorized_verp_clients`)
/// @param delimiters what stands in it where a program or client names none (postfix
///   `default_verp_delimiters`)
/// @param characters of which the delimiters may be that a client names (postfix
///   `verp_delimiter_filter`)
public record VerpSettings(Networks clients, String delimiters, String characters) {
  public VerpSettings {
    if (!Verp.delimit(characters)) {
      throw new IllegalArgumentException(
          "characters must be such as an address may have, letters and digits apart: -=+");
    }
    if (delimiters.length() != 2
        || !delimiters.chars().allMatch(one -> characters.indexOf(one) >= 0)) {
      throw new IllegalArgumentException("delimiters must be two of the characters " + characters);
    }
  }

  /// What is taken for delimiters.
  public Grammar.Verps verps() {
    return new Grammar.Verps(new Verp(delimiters), characters);
  }
}
