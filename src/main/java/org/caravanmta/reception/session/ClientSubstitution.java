package org.caravanmta.reception.session;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.address.NetworkList;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Login;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Reverse;
import org.caravanmta.smtp.Attribute;
import org.caravanmta.smtp.Verb;

/// The client that XCLIENT puts in place of the one that is connected, built attribute by
/// attribute: an extension of SMTP by Postfix (RFC 5321 §2.2; postfix `XCLIENT_README`).
final class ClientSubstitution {
  /// The line of the reply to EHLO.
  static final String OFFER =
      "XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN DESTADDR DESTPORT";

  /// The address in place of one that is not known; it is never in a network of ours.
  private static final InetAddress NO_ADDRESS = Inet4Address.ofLiteral("0.0.0.0");

  private InetAddress address;
  private int port;
  private String name;
  private String helo = "";
  private String protocol = ClientFacts.PLAIN;
  private Optional<String> login = Optional.empty();
  private boolean named;
  private Optional<String> reverseName = Optional.empty();
  private Optional<InetAddress> serverAddress = Optional.empty();
  private OptionalInt serverPort = OptionalInt.empty();

  private ClientSubstitution(Client client) {
    address = client.address();
    port = client.port();
    name = client.name();
  }

  /// The client in place of `client`. Its HELO, protocol and login are only those that the
  /// attributes give.
  ///
  /// @param own networks whose clients are ours
  /// @throws Attribute.Malformed for an attribute that is unknown or has a bad value
  static Client of(Client client, List<Attribute> attributes, NetworkList own)
      throws Attribute.Malformed {
    var other = new ClientSubstitution(client);
    for (Attribute attribute : attributes) {
      other.take(attribute);
    }
    boolean known = !other.address.equals(NO_ADDRESS);
    var host =
        new ClientHost(
            other.address,
            other.port,
            other.name,
            other.reverse(client),
            known && own.contains(other.address));
    return new Client(
        host,
        new Greeting(other.helo, other.protocol),
        client.secured(),
        other.login.map(user -> new Login(user, Optional.empty())),
        new Entrance(client.listener(), other.server(client)));
  }

  /// The names of the other client: those given need not be looked up, those of another address
  /// still have to be.
  private Reverse reverse(Client client) {
    if (named) {
      boolean known = !name.equals(Client.UNKNOWN);
      return new Reverse(
          reverseName.orElse(name), known ? Reverse.State.VERIFIED : Reverse.State.ABSENT);
    }
    return address.equals(client.address()) ? client.reverse() : Reverse.UNASKED;
  }

  /// The address of ours that the other client has reached; what the attributes do not say is as it
  /// was for `client`.
  private Optional<InetSocketAddress> server(Client client) {
    return serverAddress
        .or(() -> client.server().map(InetSocketAddress::getAddress))
        .map(
            at ->
                new InetSocketAddress(
                    at,
                    serverPort.orElseGet(
                        () -> client.server().map(InetSocketAddress::getPort).orElse(0))));
  }

  private void take(Attribute attribute) throws Attribute.Malformed {
    switch (attribute.name()) {
      case "NAME" -> {
        name = attribute.host().orElse(Client.UNKNOWN);
        named = true;
      }
      case "ADDR" -> address = attribute.address().orElse(NO_ADDRESS);
      case "PORT" -> port = attribute.port().orElse(0);
      case "PROTO" -> protocol = attribute.word("SMTP", "ESMTP").orElse(ClientFacts.PLAIN);
      case "HELO" -> helo = attribute.value().map(ClientFacts::called).orElse("");
      case "LOGIN" -> login = attribute.value().map(Printable::ascii);
      case "REVERSE_NAME" -> reverseName = attribute.host();
      case "DESTADDR" -> serverAddress = attribute.address();
      case "DESTPORT" -> serverPort = attribute.port();
      default -> throw attribute.unknown(Verb.XCLIENT);
    }
  }
}
