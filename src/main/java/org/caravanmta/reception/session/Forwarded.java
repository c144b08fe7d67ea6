package org.caravanmta.reception.session;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Literals;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Attribute;
import org.caravanmta.smtp.Verb;

/// Whom a filter or proxy of ours says by XFORWARD it has the next message from, for the log only:
/// Postfix's extension of SMTP (RFC 5321 §2.2).
///
/// @param client whether anything was said of the client
/// @param name the client's
/// @param address the client's, as text
/// @param ident the id of the message where it comes from
record Forwarded(
    boolean client, Optional<String> name, Optional<String> address, Optional<String> ident) {
  static final String OFFER = "XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT";

  static final Forwarded NOTHING =
      new Forwarded(false, Optional.empty(), Optional.empty(), Optional.empty());

  /// This and what the attributes of one more command say; all are checked before any is taken.
  Forwarded with(List<Attribute> attributes) throws Attribute.Malformed {
    Forwarded all = this;
    for (Attribute attribute : attributes) {
      all = all.with(attribute);
    }
    return all;
  }

  private Forwarded with(Attribute attribute) throws Attribute.Malformed {
    return switch (attribute.name()) {
      case "NAME" -> new Forwarded(true, attribute.host(), address, ident);
      case "ADDR" -> new Forwarded(true, name, attribute.address().map(Literals::text), ident);
      case "PORT" -> {
        attribute.port();
        yield ofClient();
      }
      case "PROTO" -> {
        attribute.word("SMTP", "ESMTP");
        yield ofClient();
      }
      case "HELO" -> ofClient();
      case "IDENT" ->
          new Forwarded(client, name, address, attribute.value().map(ClientFacts::called));
      case "SOURCE" -> {
        attribute.word("LOCAL", "REMOTE");
        yield this;
      }
      default -> throw attribute.unknown(Verb.XFORWARD);
    };
  }

  private Forwarded ofClient() {
    return new Forwarded(true, name, address, ident);
  }

  /// As it stands at the end of a log line: `, orig_queue_id=ID, orig_client=NAME[ADDR]`.
  @Override
  public String toString() {
    var text = new StringBuilder();
    ident.ifPresent(id -> text.append(", orig_queue_id=").append(id));
    if (client) {
      text.append(", orig_client=").append(name.orElse(Client.UNKNOWN));
      text.append('[').append(address.orElse(Client.UNKNOWN)).append(']');
    }
    return text.toString();
  }
}
