package org.caravanmta.smtp.client;

import java.net.InetAddress;
import java.util.Optional;
import org.caravanmta.message.Reason;
import org.caravanmta.tls.client.TlsProblem;

/// Thrown when no dialogue comes about with a server: it did not take the connection, did not greet
/// us as it should (RFC 5321 §3.1, §3.2), or is not as safe as it must be (RFC 3207 §4.1). Another
/// server may.
public final class Unreachable extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reason reason;
  private final transient Optional<Insecure> insecure;
  private final boolean onlyLogin;
  private final boolean unbound;
  private final boolean connected;

  /// @param connected whether the server took the connection
  Unreachable(Reason reason, boolean connected) {
    this(reason, Optional.empty(), false, false, connected);
  }

  /// @param connected whether the server took the connection
  Unreachable(Reason reason, boolean connected, Insecure insecure) {
    this(reason, Optional.of(insecure), false, false, connected);
  }

  private Unreachable(
      Reason reason,
      Optional<Insecure> insecure,
      boolean onlyLogin,
      boolean unbound,
      boolean connected) {
    super(reason.text(), null, false, false);
    this.reason = reason;
    this.insecure = insecure;
    this.onlyLogin = onlyLogin;
    this.unbound = unbound;
    this.connected = connected;
  }

  /// The server is there, but we could not log in.
  static Unreachable refused(Reason reason) {
    return new Unreachable(reason, Optional.empty(), true, false, true);
  }

  /// The server was not even called, since it could not be from the address chosen for that.
  static Unreachable unbound(Reason reason) {
    return new Unreachable(reason, Optional.empty(), false, true, false);
  }

  /// Whether the server is there and only our login has failed: mail of others may go there.
  public boolean onlyLogin() {
    return onlyLogin;
  }

  /// What stood against TLS.
  ///
  /// @param problem of which kind it is
  /// @param detail for the log and for reports about TLS
  /// @param broken whether TLS was begun and has failed, so that the server may do better in the
  ///   clear
  /// @param from the address of ours; absent if that is not known
  public record Insecure(
      TlsProblem problem, String detail, boolean broken, Optional<InetAddress> from) {}

  /// Whether the fault is that of {@link Approach#from}: the server was not called.
  public boolean unbound() {
    return unbound;
  }

  /// Whether the server took the connection, so that it is the one that the reason is about.
  public boolean connected() {
    return connected;
  }

  /// What the server did. The status is of class 5 only if the server refused us permanently.
  public Reason reason() {
    return reason;
  }

  /// What stood against TLS; absent if it was something else.
  public Optional<Insecure> insecure() {
    return insecure;
  }
}
