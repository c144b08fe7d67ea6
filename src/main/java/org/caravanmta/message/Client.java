package org.caravanmta.message;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.caravanmta.address.Literals;

/// Who handed us the message, as far as we know: what restrictions, the `Received:` field and the
/// log speak of.
///
/// @param address the peer's address; behind a declared proxy, the address the proxy told us
/// @param name the verified name (address → name → the same address), else `unknown`
/// @param helo the HELO/EHLO argument, empty before it
/// @param protocol `SMTP`, `ESMTP`, `ESMTPS`, `ESMTPA`, … (RFC 3848)
/// @param listener the listener that took the connection: `smtp`, `submission`, `submissions`,
///   `reinjection`; for what no connection brought `report`, {@link #POSTED}, {@link #WATCHED},
///   {@link #VERIFICATION}, {@link #RELAYED}
/// @param login the authenticated user
/// @param tls protocol and cipher, `TLSv1.3 TLS_AES_256_GCM_SHA384`
/// @param own whether the address is in `networks.own`
/// @param method the SASL mechanism by which the user logged in, `PLAIN`
/// @param certificate what the client showed in the TLS handshake, if it was asked and had one
/// @param reverse what the DNS says of the address
/// @param server where the connection came in: our own address and port, or, behind a declared
///   proxy, those that the proxy told us; absent for what no connection brought
public record Client(
    InetAddress address,
    int port,
    String name,
    String helo,
    String protocol,
    String listener,
    Optional<String> login,
    Optional<String> tls,
    boolean own,
    Optional<String> method,
    Optional<ClientCertificate> certificate,
    Reverse reverse,
    Optional<InetSocketAddress> server) {
  public static final String UNKNOWN = "unknown";

  /// Posted mail whose sender is told what the first attempt came to (postfix `sendmail -v`).
  public static final String WATCHED = "watched";

  /// Posted mail (postfix `sendmail`).
  public static final String POSTED = "maildrop";

  /// Posted mail that is another's, handed on by a gateway of ours (postfix `sendmail -G`).
  public static final String RELAYED = "relayed";

  /// Nothing to deliver: the sender wants to know whether it could be (postfix `sendmail -bv`).
  public static final String VERIFICATION = "verification";

  /// A client that has shown no certificate, and for whose name nobody has asked.
  public Client(
      InetAddress address,
      int port,
      String name,
      String helo,
      String protocol,
      String listener,
      Optional<String> login,
      Optional<String> tls,
      boolean own) {
    this(
        address,
        port,
        name,
        helo,
        protocol,
        listener,
        login,
        tls,
        own,
        Optional.empty(),
        Optional.empty(),
        Reverse.UNASKED,
        Optional.empty());
  }

  /// The same client, by the name that the DNS has for it.
  public Client named(Reverse found) {
    String verified = found.state() == Reverse.State.VERIFIED ? found.name() : UNKNOWN;
    return new Client(
        address,
        port,
        verified,
        helo,
        protocol,
        listener,
        login,
        tls,
        own,
        method,
        certificate,
        found,
        server);
  }

  /// The same client, connected to this address and port of ours.
  public Client at(InetSocketAddress ours) {
    return new Client(
        address,
        port,
        name,
        helo,
        protocol,
        listener,
        login,
        tls,
        own,
        method,
        certificate,
        reverse,
        Optional.of(ours));
  }

  /// Whether the sender is to be told what the first attempt comes to, whatever it is.
  public boolean isWatched() {
    return listener.equals(WATCHED);
  }

  /// Whether a program of this machine has posted it as mail of its user's.
  public boolean isPosted() {
    return listener.equals(POSTED) || listener.equals(WATCHED) || listener.equals(VERIFICATION);
  }

  /// Whether a program of this machine hands on what is another's.
  public boolean isRelayed() {
    return listener.equals(RELAYED);
  }

  /// Whether we relay for this client: it is in an own network, or logged in.
  public boolean trusted() {
    return own || login.isPresent();
  }

  /// `name[address]`, as replies and the log name a client.
  @Override
  public String toString() {
    return name + "[" + Literals.text(address) + "]";
  }
}
