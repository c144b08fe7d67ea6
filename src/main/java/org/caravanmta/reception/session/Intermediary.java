package org.caravanmta.reception.session;

import java.util.ArrayList;
import java.util.List;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Attribute;
import org.caravanmta.smtp.Reply;

/// What one session's client may say of others, and has said: XCLIENT and XFORWARD, Postfix's
/// extensions of SMTP (RFC 5321 §2.2), for those whom the settings name.
final class Intermediary implements SessionState.UnderWay {
  private final Intermediaries hosts;
  private final SessionTerms settings;
  private Forwarded forwarded = Forwarded.NOTHING;

  Intermediary(Intermediaries hosts, SessionTerms settings) {
    this.hosts = hosts;
    this.settings = settings;
  }

  /// What became of XCLIENT.
  sealed interface Outcome {
    /// The session begins anew, with this client.
    record Substituted(Client client) implements Outcome {}

    record Refused(Reply reply) implements Outcome {}
  }

  /// The extensions that this client is offered.
  List<String> offers(Client client) {
    var offers = new ArrayList<String>();
    if (hosts.xclient().contains(client.address())) {
      offers.add(ClientSubstitution.OFFER);
    }
    if (hosts.xforward().contains(client.address())) {
      offers.add(Forwarded.OFFER);
    }
    return offers;
  }

  Outcome xclient(Client client, String attributes) {
    if (!hosts.xclient().contains(client.address())) {
      return new Outcome.Refused(Replies.NOT_AUTHORIZED);
    }
    try {
      return new Outcome.Substituted(
          ClientSubstitution.of(client, Attribute.parse(attributes), settings.own()));
    } catch (Attribute.Malformed e) {
      return new Outcome.Refused(e.reply());
    }
  }

  Reply xforward(Client client, String attributes) {
    if (!hosts.xforward().contains(client.address())) {
      return Replies.NOT_AUTHORIZED;
    }
    try {
      forwarded = forwarded.with(Attribute.parse(attributes));
      return Replies.OK;
    } catch (Attribute.Malformed e) {
      return e.reply();
    }
  }

  /// What was said of the transaction that begins; the next has to be spoken of again.
  Forwarded forwarded() {
    Forwarded said = forwarded;
    forget();
    return said;
  }

  @Override
  public void forget() {
    forwarded = Forwarded.NOTHING;
  }
}
