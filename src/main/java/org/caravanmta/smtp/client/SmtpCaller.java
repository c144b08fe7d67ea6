package org.caravanmta.smtp.client;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.caravanmta.tls.client.TlsClient;

/// How we behave as a client: the name and addresses that we call from, how long we wait, and how
/// we treat content.
///
/// @param hostname our own name
/// @param connection how long we wait for a connection and for replies, and how content is sent
/// @param settings the name and addresses that we call from, and the time-out of each step
/// @param tls how we speak TLS; absent where nobody must be spoken to in TLS
/// @param complaints who hears of servers that do not keep to SMTP
public record SmtpCaller(
    String hostname,
    ConnectionSettings connection,
    CallerSettings settings,
    Optional<TlsClient> tls,
    Optional<Complaints> complaints) {
  public SmtpCaller {
    settings = settings.withDefault(connection.commandTimeout());
  }

  /// A caller that speaks in the clear.
  public SmtpCaller(String hostname, ConnectionSettings connection, CallerSettings settings) {
    this(hostname, connection, settings, Optional.empty(), Optional.empty());
  }

  /// The same caller, who speaks TLS.
  public SmtpCaller with(TlsClient changed) {
    return new SmtpCaller(hostname, connection, settings, Optional.of(changed), complaints);
  }

  /// The same caller, of whose sessions somebody may want to hear.
  public SmtpCaller telling(Optional<Complaints> changed) {
    return new SmtpCaller(hostname, connection, settings, tls, changed);
  }

  /// A caller with our hostname, from any address, that sends content as it is.
  ///
  /// @param connect how long to wait for a connection
  /// @param command how long to wait at each step of the dialogue
  /// @param data how long to wait for the reply to the end of data
  public SmtpCaller(String hostname, Duration connect, Duration command, Duration data) {
    this(
        hostname,
        new ConnectionSettings(connect, command, data, Duration.ZERO, 0, false),
        CallerSettings.plain(TimeoutSettings.all(Duration.ZERO)));
  }

  /// The same caller with or without XFORWARD.
  public SmtpCaller withXforward(boolean changed) {
    return new SmtpCaller(hostname, connection, settings.withXforward(changed), tls, complaints);
  }

  /// The argument of EHLO and LHLO.
  public String helo() {
    return settings.heloName().map(Object::toString).orElse(hostname);
  }

  /// How long we wait at each step.
  TimeoutSettings timeouts() {
    return settings.timeouts();
  }

  /// The address to call this server from; empty if the operating system chooses.
  Optional<InetAddress> from(Peer peer) {
    boolean six = peer.ip().filter(Inet6Address.class::isInstance).isPresent();
    return six ? settings.bindAddress6() : settings.bindAddress();
  }
}
