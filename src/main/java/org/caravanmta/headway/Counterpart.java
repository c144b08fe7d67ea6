package org.caravanmta.headway;

/// Whom an attempt deals with. It is asked only when somebody looks, and then by another thread.
@FunctionalInterface
public interface Counterpart {
  /// Nobody yet.
  Counterpart NOBODY = () -> "";

  /// A server as the log names it, `host[address]:port`; the name of a program; empty for nobody.
  String name();

  /// The address of ours that it is called from; empty if that is not known.
  default String from() {
    return "";
  }

  /// What was agreed on in TLS; empty in the clear.
  default String tls() {
    return "";
  }
}
