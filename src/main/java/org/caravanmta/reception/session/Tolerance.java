package org.caravanmta.reception.session;

import java.util.List;
import org.caravanmta.address.NetworkList;
import org.caravanmta.address.Networks;
import org.caravanmta.message.Client;
import org.caravanmta.reception.wire.Newlines;

/// What is tolerated though SMTP does not allow it: lines that end with LF alone (RFC 5321 §2.3.8),
/// and a client that sends on where it has to wait for a reply (RFC 2920 §3.1).
///
/// @param newlines how lines that end with LF alone are read
/// @param newlinesExempt the clients whose lines are read as {@link Newlines#ANY} in any case
/// @param forbidPipelining whether a client has to wait for replies as SMTP demands
/// @param pipeliningExempt the clients that need not wait in any case
public record Tolerance(
    Newlines newlines, Exempt newlinesExempt, boolean forbidPipelining, Exempt pipeliningExempt) {
  /// Nothing is tolerated.
  public static final Tolerance NONE =
      new Tolerance(Newlines.REFUSED, Exempt.NOBODY, true, Exempt.NOBODY);

  /// What the operator tolerates.
  public static Tolerance of(SmtpSettings own) {
    DialogueSettings dialogue = own.dialogue();
    Newlines newlines =
        switch (own.conduct().bareNewline()) {
          case NO -> Newlines.ANY;
          case NOTE -> Newlines.NOTED;
          case NORMALIZE -> Newlines.NORMALIZED;
          case REJECT -> Newlines.REFUSED;
        };
    return new Tolerance(
        newlines,
        new Exempt(dialogue.bareNewlineExemptOwn(), dialogue.bareNewlineExempt()),
        dialogue.forbidPipelining(),
        new Exempt(dialogue.pipeliningExemptOwn(), dialogue.pipeliningExempt()));
  }

  /// Clients that a rule is not for.
  ///
  /// @param own whether the clients in our own networks are among them
  /// @param others other networks whose clients are
  public record Exempt(boolean own, NetworkList others) {
    public static final Exempt NOBODY = new Exempt(false, new Networks(List.of()));

    boolean has(Client client) {
      return own && client.own() || others.contains(client.address());
    }
  }

  /// How lines of this client that end with LF alone are read.
  Newlines newlines(Client client) {
    return newlinesExempt.has(client) ? Newlines.ANY : newlines;
  }

  /// Whether this client may send on at any time, without waiting for a reply.
  boolean mayTalkAhead(Client client) {
    return !forbidPipelining || pipeliningExempt.has(client);
  }
}
