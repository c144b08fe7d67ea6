package org.caravanmta.reception.session;

import java.util.ArrayList;
import java.util.List;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Attribute;
import org.caravanmta.smtp.Reply;

/// The client of one session as one that may speak for others, if the settings name it: by XCLIENT
/// and XFORWARD, extensions of SMTP by Postfix (RFC 5321 §2.2).
final class Intermediary implements SessionState.UnderWay {
  private final Intermediaries hosts;
  private final SessionTerms settings;
  private Forwarded forwarded = Forwarded.NOTHING;

  Intermediary(Intermediaries hosts, SessionTerms settings) {
    this.hosts = hosts;
    this.settings = settings;
  }

  /// What came of XCLIENT.
  sealed interface Outcome {
    /// The session begins anew, with this client.
    record Substituted(Client client) implements Outcome {}

    /// The client may not use XCLIENT, or an attribute is malformed.
    record Refused(Reply reply) implements Outcome {}
  }

  /// The lines of the reply to EHLO for the extensions that this client may use.
  List<String> offers(Client client) {
    var offers = new ArrayList<String>();
    if (hosts.trusted().xclientHosts().contains(client.address())) {
      offers.add(ClientSubstitution.OFFER);
    }
    if (hosts.trusted().xforwardHosts().contains(client.address())) {
      offers.add(Forwarded.OFFER);
    }
    return offers;
  }

  /// What comes of XCLIENT; nothing changes here.
  Outcome xclient(Client client, String attributes) {
    if (!hosts.trusted().xclientHosts().contains(client.address())) {
      return new Outcome.Refused(Replies.NOT_AUTHORIZED);
    }
    try {
      return new Outcome.Substituted(
          ClientSubstitution.of(client, Attribute.parse(attributes), settings.own()));
    } catch (Attribute.Malformed e) {
      return new Outcome.Refused(e.reply());
    }
  }

  /// Takes XFORWARD.
  ///
  /// @return the reply; after a refusal nothing has changed
  Reply xforward(Client client, String attributes) {
    if (!hosts.trusted().xforwardHosts().contains(client.address())) {
      return Replies.NOT_AUTHORIZED;
    }
    try {
      forwarded = forwarded.with(Attribute.parse(attributes));
      return Replies.OK;
    } catch (Attribute.Malformed e) {
      return e.reply();
    }
  }

  /// Takes the original client for the transaction that begins, and forgets it: XFORWARD is for one
  /// transaction (postfix `XFORWARD_README`).
  Forwarded takeForwarded() {
    Forwarded said = forwarded;
    forget();
    return said;
  }

  @Override
  public void forget() {
    forwarded = Forwarded.NOTHING;
  }
}
