package org.caravanmta.tls.client;

/// How well a connection to a server is protected, the weakest first.
public enum ChannelSecurity {
  /// Everybody on the way can read what is sent.
  CLEAR,
  /// Encrypted by TLS for a server that has not proved who it is.
  ENCRYPTED,
  /// Encrypted by TLS for the server that is meant: its certificate was validated, by an authority,
  /// by a digest that the operator has named, or by TLSA records that could be used (RFC 7672
  /// §2.2). A UNIX-domain socket counts as well: nobody is on the way.
  VERIFIED
}
