package org.caravanmta.reception.session;

import org.caravanmta.address.Domain;
import org.caravanmta.address.NetworkList;
import org.caravanmta.reception.limits.Patience;
import org.caravanmta.smtp.RecipientLimits;
import org.caravanmta.smtp.Reply;

/// The limits of reception (RFC 5321 §4.5.3) and the names it goes by.
///
/// @param hostname the name in greetings, replies and `Received:` fields
/// @param origin the domain of addresses without one
/// @param own the networks whose clients are ours
/// @param sizeLimit bytes of a message
/// @param headerLimit bytes of a header section
/// @param lineLimit bytes of a command line with its end
/// @param recipients how many a message may have
/// @param patience what a session puts up with
/// @param vrfy whether VRFY is answered
/// @param binaryMime whether BODY=BINARYMIME is offered (RFC 3030 §3)
/// @param sessionLimit sessions at one time, over all listeners
/// @param hopLimit `Received:` fields from which on a message is taken to loop
/// @param inlineLimit bytes of a body that travels inside the queue message; a longer one is kept
///   in a file
/// @param softBounce whether every refusal is given as one to be tried again
/// @param conduct what is left to the operator
public record ReceptionSettings(
    String hostname,
    Domain origin,
    NetworkList own,
    long sizeLimit,
    int headerLimit,
    int lineLimit,
    RecipientLimits recipients,
    Patience patience,
    boolean vrfy,
    boolean binaryMime,
    int sessionLimit,
    int hopLimit,
    int inlineLimit,
    boolean softBounce,
    DialogueRules conduct) {
  public ReceptionSettings {
    // the name of the machine, where the settings have none
    requireName(hostname);
  }

  /// A rule of the setting `hostname`: a greeting is ASCII (RFC 5321 §4.2).
  ///
  /// @throws IllegalArgumentException for anything else
  public static void requireName(String hostname) {
    if (hostname.isEmpty() || !hostname.chars().allMatch(c -> c > 32 && c < 127)) {
      throw new IllegalArgumentException("hostname must be a name, was \"" + hostname + "\"");
    }
  }

  /// A reply as the client gets it.
  Reply given(Reply reply) {
    return softBounce ? reply.softened() : reply;
  }
}
