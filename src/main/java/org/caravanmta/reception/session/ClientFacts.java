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

/// What we know of a client: its address from the connection, its name and protocol from HELO or
/// EHLO (RFC 5321 §4.1.1.1, RFC 3848).
public final class ClientFacts {
  static final String PLAIN = "SMTP";
  private static final String EXTENDED = "ESMTP";

  private static final Greeting SILENT = new Greeting("", PLAIN);

  private static final String STRUCTURE = " <>()\\\";@";

  private ClientFacts() {}

  /// A client that has connected and said nothing yet.
  ///
  /// @param server where
  public static Client connected(
      InetSocketAddress remote, InetSocketAddress server, SessionTerms settings, Service service) {
    InetAddress address = withoutScope(remote.getAddress());
    var ours = new InetSocketAddress(withoutScope(server.getAddress()), server.getPort());
    return new Client(
        ClientHost.of(address, remote.getPort(), settings.own().contains(address)),
        SILENT,
        new Entrance(service.toString(), Optional.of(ours)));
  }

  /// The same client when it has greeted.
  static Client greeted(Client client, Command.Hello hello) {
    boolean extended = hello.verb() == Verb.EHLO;
    return client.with(
        new Greeting(
            called(hello.name()), protocol(extended, client.secured(), client.loggedIn())));
  }

  /// The name a client gives itself, in HELO or by a proxy of ours: what is not ASCII, and what
  /// could be read as more than one word in a trace field (RFC 5321 §4.4) or a line of the log,
  /// becomes `?` (Postfix: NEUTER_CHARACTERS).
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

  /// The same client by the name that the answer to the question about its connection has for it.
  static Client named(Client client, Object answer) {
    return answer instanceof Case.Connection(Client found, _, _, _, _)
            && found.address().equals(client.address())
        ? client.named(found.reverse())
        : client;
  }

  /// The same client after a TLS handshake: nobody knows what it said in the clear (RFC 3207 §4.2).
  static Client secured(Client client, String tls, Optional<ClientCertificate> certificate) {
    return client.anonymous().with(SILENT).with(new ClientTls(tls, certificate));
  }

  /// The same client when it has logged in.
  static Client loggedIn(Client client, String user, String mechanism) {
    var login = new Login(Printable.text(user), Optional.of(mechanism));
    String protocol = protocol(isExtended(client), client.secured(), Optional.of(login));
    return client.with(login).with(new Greeting(client.helo(), protocol));
  }

  /// RFC 3848: ESMTP, with S after TLS and A for a user.
  private static String protocol(boolean extended, Optional<ClientTls> tls, Optional<Login> login) {
    return extended
        ? EXTENDED + (tls.isPresent() ? "S" : "") + (login.isPresent() ? "A" : "")
        : PLAIN;
  }

  /// Whether it has been offered our extensions, pipelining among them.
  static boolean isExtended(Client client) {
    return !client.protocol().equals(PLAIN);
  }

  /// The interface of a link-local address means nothing to anybody else.
  private static InetAddress withoutScope(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of neither 4 nor 16 bytes", e);
    }
  }
}
