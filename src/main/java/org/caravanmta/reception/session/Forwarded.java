package org.caravanmta.reception.session;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Literals;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Attribute;
import org.caravanmta.smtp.Verb;

/// The original client of the next message, as a filter or proxy of ours gives it by XFORWARD, for
/// the log only: an extension of SMTP by Postfix (RFC 5321 §2.2; postfix `XFORWARD_README`).
///
/// @param client whether any attribute of the client was given
/// @param name the name of the client
/// @param address the address of the client, as text
/// @param ident the id of the message on the server that it comes from
record Forwarded(
    boolean client, Optional<String> name, Optional<String> address, Optional<String> ident) {
  /// The line of the reply to EHLO.
  static final String OFFER = "XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT";

  static final Forwarded NOTHING =
      new Forwarded(false, Optional.empty(), Optional.empty(), Optional.empty());

  /// With the attributes of one more XFORWARD.
  ///
  /// @throws Attribute.Malformed for an attribute that is unknown or has a bad value; then none of
  ///   them counts
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

  /// As the end of a log line has it: `, orig_queue_id=ID, orig_client=NAME[ADDR]`, or nothing.
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
