package org.caravanmta.sasl.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Logins that Dovecot decides: its auth service, by version 1 of its client protocol (Dovecot
/// `auth-protocol`; Postfix `smtpd_sasl_type = dovecot`).
public final class DovecotAuth implements Authenticator {
  private final SocketAddress address;
  private final DovecotMechanisms mechanisms;
  private final Duration patience;

  /// @param address `unix:/run/dovecot/auth-client` or `inet:127.0.0.1:12345`
  /// @param mechanisms those to offer of the ones that Dovecot announces; empty: all of them
  /// @param patience how long a login may take, all of it
  /// @throws IllegalArgumentException if it is not such an address
  public DovecotAuth(String address, List<String> mechanisms, Duration patience) {
    this.address = parse(address);
    this.mechanisms = new DovecotMechanisms(this.address, mechanisms, patience);
    this.patience = patience;
    this.mechanisms.begin();
  }

  @Override
  public List<String> mechanisms(Channel channel) {
    return mechanisms.names();
  }

  @Override
  public Optional<Exchange> begin(String mechanism, Channel channel) {
    return mechanisms.names().contains(mechanism)
        ? Optional.of(new DovecotExchange(address, mechanism, channel, patience))
        : Optional.empty();
  }

  @Override
  public void close() {
    mechanisms.close();
  }

  static SocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (text.startsWith("unix:/")) {
      return UnixDomainSocketAddress.of(text.substring(5));
    }
    if (text.startsWith("inet:") && colon > 5 && text.substring(colon + 1).matches("\\d{1,5}")) {
      String host = text.substring(5, colon).replaceAll("^\\[|]$", "");
      return InetSocketAddress.createUnresolved(host, Integer.parseInt(text.substring(colon + 1)));
    }
    throw new IllegalArgumentException(
        "dovecot cannot be used: unix:/PATH or inet:HOST:PORT was expected");
  }
}
