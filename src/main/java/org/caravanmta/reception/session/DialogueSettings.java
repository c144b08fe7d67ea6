package org.caravanmta.reception.session;

import java.util.List;
import org.caravanmta.address.Networks;
import org.caravanmta.smtp.Banner;

/// The section `smtp.dialogue`: what is said to a client, and what is accepted from it (RFC 5321
/// §7).
///
/// @param banner the text of the greeting (postfix `smtpd_banner`)
/// @param strictEnvelopes whether a path must have angle brackets, and neither names nor comments
///   (postfix `strict_rfc821_envelopes`)
/// @param noopCommands words that are replied to like NOOP (postfix `smtpd_noop_commands`)
/// @param recipientOvershoot recipients above the limit that are refused without being errors
///   (postfix `smtpd_recipient_overshoot_limit`)
/// @param bareNewlineExemptOwn whether lines of clients in our own networks may end with LF alone
/// @param bareNewlineExempt the other networks whose clients' lines may
/// @param forbidPipelining whether a client that does not wait for a reply where it has to is
///   disconnected (postfix `smtpd_forbid_unauth_pipelining`)
/// @param pipeliningExemptOwn whether clients in our own networks need not wait
/// @param pipeliningExempt the other networks whose clients need not wait
public record DialogueSettings(
    String banner,
    boolean strictEnvelopes,
    List<String> noopCommands,
    int recipientOvershoot,
    boolean bareNewlineExemptOwn,
    Networks bareNewlineExempt,
    boolean forbidPipelining,
    boolean pipeliningExemptOwn,
    Networks pipeliningExempt) {
  public DialogueSettings {
    new Banner(banner);
    for (String word : noopCommands) {
      if (!word.matches("[!-~]+")) {
        throw new IllegalArgumentException("noop-commands must be single words");
      }
    }
    if (recipientOvershoot < 0) {
      throw new IllegalArgumentException(
          "recipient-overshoot must be 0 or more, was " + recipientOvershoot);
    }
  }
}
