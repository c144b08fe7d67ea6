package org.caravanmta.reception.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.ClientTls;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Login;
import org.caravanmta.message.Printable;
import org.caravanmta.policy.Case;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Verb;
import org.jspecify.annotations.Nullable;

/// The steps by which we get to know a {@link Client}: its address from the connection, its name
/// and protocol from HELO or EHLO (RFC 5321 §4.1.1.1, RFC 3848), its TLS and its login.
public final class ClientFacts {
  /// The protocol of a client that has not sent EHLO.
  static final String PLAIN = "SMTP";

  private static final String EXTENDED = "ESMTP";

  private static final Greeting NOT_GREETED = new Greeting("", PLAIN);

  /// Characters that have a meaning in a trace field (postfix `NEUTER_CHARACTERS`).
  private static final String STRUCTURE = " <>()\\\";@";

  private ClientFacts() {}

  /// A client that has connected and said nothing yet.
  ///
  /// @param server the address that it has connected to, ours or that of a proxy
  public static Client connected(
      InetSocketAddress remote, InetSocketAddress server, SessionTerms settings, Service service) {
    InetAddress address = withoutScope(remote.getAddress());
    var ours = new InetSocketAddress(withoutScope(server.getAddress()), server.getPort());
    return new Client(
        ClientHost.of(address, remote.getPort(), settings.own().contains(address)),
        NOT_GREETED,
        new Entrance(service.toString(), Optional.of(ours)));
  }

  /// The same client after its HELO or EHLO.
  static Client greeted(Client client, Command.Hello hello) {
    boolean extended = hello.verb() == Verb.EHLO;
    return client.with(
        new Greeting(
            called(hello.name()), protocol(extended, client.secured(), client.loggedIn())));
  }

  /// The name that a client gives itself, in HELO or through a proxy of ours, with `?` in place of
  /// each character that is not ASCII, or would make it more than one word in a trace field (RFC
  /// 5321 §4.4) or a line of the log.
  static String called(String name) {
    String ascii = Printable.ascii(name);
    @Nullable StringBuilder clean = null;
    for (int i = 0; i < ascii.length(); i++) {
      if (STRUCTURE.indexOf(ascii.charAt(i)) >= 0) {
        clean = clean == null ? new StringBuilder(ascii) : clean;
        clean.setCharAt(i, '?');
      }
    }
    return clean == null ? ascii : clean.toString();
  }

  /// The same client with the host name that the answer to the question about its connection has
  /// for it; unchanged when the answer is about another client, or is not an answer.
  static Client named(Client client, Object answer) {
    return answer instanceof Case.Connection(Client found, _, _, _, _)
            && found.address().equals(client.address())
        ? client.named(found.reverse())
        : client;
  }

  /// The same client after a TLS handshake: what it has said in the clear is forgotten (RFC 3207
  /// §4.2).
  ///
  /// @param tls what has been agreed on, as the log has it
  static Client secured(Client client, String tls, Optional<ClientCertificate> certificate) {
    return client.anonymous().with(NOT_GREETED).with(new ClientTls(tls, certificate));
  }

  /// The same client after a login.
  ///
  /// @param mechanism the SASL mechanism, such as `PLAIN`
  static Client loggedIn(Client client, String user, String mechanism) {
    var login = new Login(Printable.text(user), Optional.of(mechanism));
    String protocol = protocol(isExtended(client), client.secured(), Optional.of(login));
    return client.with(login).with(new Greeting(client.helo(), protocol));
  }

  /// The name of the protocol in trace fields (RFC 3848): `ESMTP`, with an S over TLS and an A
  /// after a login.
  private static String protocol(boolean extended, Optional<ClientTls> tls, Optional<Login> login) {
    return extended
        ? EXTENDED + (tls.isPresent() ? "S" : "") + (login.isPresent() ? "A" : "")
        : PLAIN;
  }

  /// Whether a client has sent EHLO, and so has been offered our extensions, pipelining included.
  static boolean isExtended(Client client) {
    return !client.protocol().equals(PLAIN);
  }

  /// The address without the interface that belongs to a link-local one, which only we know.
  private static InetAddress withoutScope(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of neither 4 nor 16 bytes", e);
    }
  }
}
