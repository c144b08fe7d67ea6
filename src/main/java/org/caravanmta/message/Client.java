package org.caravanmta.message;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.caravanmta.address.Literals;

/// Who handed us the message, as far as we know: what restrictions, the `Received:` field and the
/// log speak of.
///
/// @param secured absent in the clear
/// @param loggedIn absent for a stranger
public record Client(
    ClientHost host,
    Greeting greeting,
    Optional<ClientTls> secured,
    Optional<Login> loggedIn,
    Entrance entrance) {
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

  /// The same client, by the name that the DNS has for it.
  public Client named(Reverse found) {
    return with(host.named(found));
  }

  /// The same client, of whom it is forgotten who has logged in.
  public Client anonymous() {
    return new Client(host, greeting, secured, Optional.empty(), entrance);
  }

  /// Whether a program of this machine has posted it as mail of its user's.
  public boolean isPosted() {
    return listener().equals(Entrance.POSTED);
  }

  /// Whether a program of this machine hands on what is another's.
  public boolean isRelayed() {
    return listener().equals(Entrance.RELAYED);
  }

  /// Whether we relay for this client: it is in an own network, or logged in.
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

  public Optional<String> tls() {
    return secured.map(ClientTls::agreed);
  }

  public Optional<ClientCertificate> certificate() {
    return secured.flatMap(ClientTls::certificate);
  }

  public Optional<String> login() {
    return loggedIn.map(Login::user);
  }

  public Optional<String> method() {
    return loggedIn.flatMap(Login::method);
  }

  public String listener() {
    return entrance.listener();
  }

  public Optional<InetSocketAddress> server() {
    return entrance.server();
  }

  /// `name[address]`, as replies and the log name a client.
  @Override
  public String toString() {
    return name() + "[" + Literals.text(address()) + "]";
  }
}
