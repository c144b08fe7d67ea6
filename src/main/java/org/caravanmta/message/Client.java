package org.caravanmta.message;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.caravanmta.address.Literals;

/// The SMTP client that handed us a message (RFC 5321 §2.3.2), as far as we know it: this is what
/// restrictions, the `Received:` field and the log name.
///
/// @param host the machine it connects from
/// @param greeting what it has said in HELO or EHLO
/// @param secured its TLS; absent without TLS
/// @param loggedIn its user; absent for a client that has not logged in
/// @param entrance how it reached us
public record Client(
    ClientHost host,
    Greeting greeting,
    Optional<ClientTls> secured,
    Optional<Login> loggedIn,
    Entrance entrance) {
  /// The name of a client whose name is not known or not verified, as in Postfix.
  public static final String UNKNOWN = "unknown";

  /// A client that has neither TLS nor a login.
  public Client(ClientHost host, Greeting greeting, Entrance entrance) {
    this(host, greeting, Optional.empty(), Optional.empty(), entrance);
  }

  public Client with(ClientHost changed) {
    return new Client(changed, greeting, secured, loggedIn, entrance);
  }

  public Client with(Greeting changed) {
    return new Client(host, changed, secured, loggedIn, entrance);
  }

  public Client with(ClientTls changed) {
    return new Client(host, greeting, Optional.of(changed), loggedIn, entrance);
  }

  public Client with(Login changed) {
    return new Client(host, greeting, secured, Optional.of(changed), entrance);
  }

  public Client with(Entrance changed) {
    return new Client(host, greeting, secured, loggedIn, changed);
  }

  /// The same client with what the DNS says of its address, and with that name if it is verified.
  public Client named(Reverse found) {
    return with(host.named(found));
  }

  /// The same client without its login.
  public Client anonymous() {
    return new Client(host, greeting, secured, Optional.empty(), entrance);
  }

  /// Whether a program on this machine has posted the message as mail of the user it runs as.
  public boolean isPosted() {
    return listener().equals(Entrance.POSTED);
  }

  /// Whether a program on this machine has handed on mail that is somebody else's.
  public boolean isRelayed() {
    return listener().equals(Entrance.RELAYED);
  }

  /// Whether we relay for this client: it is in one of our own networks, or has logged in.
  public boolean trusted() {
    return own() || loggedIn.isPresent();
  }

  public InetAddress address() {
    return host.address();
  }

  public int port() {
    return host.port();
  }

  public String name() {
    return host.name();
  }

  public Reverse reverse() {
    return host.reverse();
  }

  public boolean own() {
    return host.own();
  }

  public String helo() {
    return greeting.helo();
  }

  public String protocol() {
    return greeting.protocol();
  }

  /// The protocol and cipher of its TLS; absent without TLS.
  public Optional<String> tls() {
    return secured.map(ClientTls::agreed);
  }

  public Optional<ClientCertificate> certificate() {
    return secured.flatMap(ClientTls::certificate);
  }

  /// The login name; absent for a client that has not logged in.
  public Optional<String> login() {
    return loggedIn.map(Login::user);
  }

  /// The SASL mechanism of the login.
  public Optional<String> method() {
    return loggedIn.flatMap(Login::method);
  }

  public String listener() {
    return entrance.listener();
  }

  public Optional<InetSocketAddress> server() {
    return entrance.server();
  }

  /// `name[address]`, as in replies and the log.
  @Override
  public String toString() {
    return name() + "[" + Literals.text(address()) + "]";
  }
}
