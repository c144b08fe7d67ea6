package org.caravanmta.reception.session;

import java.util.List;
import org.caravanmta.address.NetworkList;
import org.caravanmta.address.Networks;
import org.caravanmta.message.Client;
import org.caravanmta.reception.wire.Newlines;

/// What a client may do that SMTP does not allow: end lines with LF alone (RFC 5321 §2.3.8), and
/// send on without waiting for the reply where it has to (RFC 2920 §3.1).
///
/// @param newlines how lines are read
/// @param anyNewlines whose lines are read as {@link Newlines#ANY} in any case
/// @param patient whether a client has to wait
/// @param impatient who need not in any case
public record Tolerance(Newlines newlines, Exempt anyNewlines, boolean patient, Exempt impatient) {
  /// Nothing.
  public static final Tolerance NONE =
      new Tolerance(Newlines.REFUSED, Exempt.NOBODY, true, Exempt.NOBODY);

  /// Clients that a rule is not for.
  ///
  /// @param own whether those in own networks are among them
  /// @param others the networks of all others
  public record Exempt(boolean own, NetworkList others) {
    public static final Exempt NOBODY = new Exempt(false, new Networks(List.of()));

    boolean has(Client client) {
      return own && client.own() || others.contains(client.address());
    }
  }

  /// How this client's lines are read.
  Newlines newlines(Client client) {
    return anyNewlines.has(client) ? Newlines.ANY : newlines;
  }

  /// Whether this client may send on at any time.
  boolean mayTalkAhead(Client client) {
    return !patient || impatient.has(client);
  }
}
