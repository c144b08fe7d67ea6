package org.caravanmta.monitor;

import java.util.Locale;

/// Why a command or a message was refused, as far as the words of the reply tell (postfix
/// `access(5)`, `SMTPD_ACCESS_README`): those of {@link #of} are what Postfix says.
public enum Refusal {
  RELAY,
  UNKNOWN_RECIPIENT,
  DNSBL,
  GREYLIST,
  CLIENT,
  HELO,
  SENDER,
  RECIPIENT,
  SIZE,
  CONTENT,
  LIMIT,
  OTHER;

  /// @param step of the dialogue; what is refused at the end of a message is its content unless the
  ///   reply says otherwise
  /// @param reply code and text
  public static Refusal of(String step, String reply) {
    if (reply.contains("Relay access denied")) {
      return RELAY;
    }
    if (reply.contains("User unknown") || reply.contains("Undeliverable address")) {
      return UNKNOWN_RECIPIENT;
    }
    if (reply.endsWith("> is blocked")) {
      return SENDER;
    }
    if (reply.contains(" blocked")) {
      return DNSBL;
    }
    String folded = reply.toLowerCase(Locale.ROOT);
    if (folded.contains("greylist")) {
      return GREYLIST;
    }
    if (reply.contains("Client host") || reply.contains("Unverified Client")) {
      return CLIENT;
    }
    if (reply.contains("Helo command")) {
      return HELO;
    }
    if (reply.contains("Sender address")) {
      return SENDER;
    }
    if (reply.contains("Recipient address")) {
      return RECIPIENT;
    }
    if (folded.contains("size")) {
      return SIZE;
    }
    if (folded.contains("too many") || reply.startsWith("421")) {
      return LIMIT;
    }
    return step.equals("END-OF-MESSAGE") && reply.startsWith("5") ? CONTENT : OTHER;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
