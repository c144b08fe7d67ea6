package org.caravanmta.message;

import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;

/// Variable reverse paths (VERP; postfix `VERP_README`): the mail of each recipient has a reverse
/// path (RFC 5321 §4.1.1.2) with that recipient in it, so that a list knows from a report alone
/// whose address has failed. With `+=`, mail from `owner@list.example` to `bob@far.example` has
/// `owner+bob=far.example@list.example`.
///
/// @param delimiters two characters: what stands between the sender and the recipient, and what
///   stands in place of the recipient's `@`
public record Verp(String delimiters) {
  /// Postfix `default_verp_delimiters`.
  public static final Verp USUAL = new Verp("+=");

  /// The characters that stand for themselves in an address and in no domain.
  private static final String POSSIBLE = "!#$%&'*+-/=?^_`{|}~.";

  public Verp {
    if (delimiters.length() != 2 || !delimit(delimiters)) {
      throw new IllegalArgumentException(
          "expected two delimiters such as +=, found \"" + delimiters + "\"");
    }
  }

  /// Whether each of these can stand in an address.
  public static boolean delimit(String characters) {
    return characters.chars().allMatch(one -> POSSIBLE.indexOf(one) >= 0);
  }

  /// The reverse path of a recipient's mail; the null reverse path stays what it is. The recipient
  /// is in it as the sender has named him, whatever aliases have made of that since.
  public ReversePath of(ReversePath sender, Recipient recipient) {
    Address named = recipient.original();
    return sender instanceof ReversePath.Mailbox(Address path)
        ? ReversePath.of(
            new Address(
                path.localPart()
                    + delimiters.charAt(0)
                    + named.localPart()
                    + delimiters.charAt(1)
                    + named.domain().name(),
                path.domain()))
        : sender;
  }
}
