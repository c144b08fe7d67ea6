package org.caravanmta.sasl.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Logs clients in through Dovecot's auth service, by version 1 of its client protocol (Dovecot
/// `auth-protocol`; postfix `smtpd_sasl_type = dovecot`).
public final class DovecotAuth implements Authenticator {
  private final SocketAddress address;
  private final DovecotMechanisms mechanisms;
  private final Duration patience;

  /// @param address `unix:/run/dovecot/auth-client` or `inet:127.0.0.1:12345`
  /// @param mechanisms those of Dovecot's that are offered; empty for all of them
  /// @param patience how long a whole login may take
  /// @throws IllegalArgumentException if the address is not of one of these forms
  public DovecotAuth(String address, List<String> mechanisms, Duration patience) {
    this.address = parse(address);
    this.mechanisms = new DovecotMechanisms(this.address, mechanisms, patience);
    this.patience = patience;
    this.mechanisms.begin();
  }

  @Override
  public List<String> mechanisms(LoginChannel channel) {
    return mechanisms.names();
  }

  @Override
  public Optional<Exchange> begin(String mechanism, LoginChannel channel) {
    return mechanisms.names().contains(mechanism)
        ? Optional.of(new DovecotExchange(address, mechanism, channel, patience))
        : Optional.empty();
  }

  @Override
  public void close() {
    mechanisms.close();
  }

  /// Reads an address.
  ///
  /// @throws IllegalArgumentException if it is not of one of the two forms
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
