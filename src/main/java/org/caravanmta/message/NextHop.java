package org.caravanmta.message;

import java.util.Optional;

/// A server, or the mail exchangers of a domain, to which SMTP or LMTP delivers. Settings and
/// tables write it as Postfix does (postfix `transport(5)`, `smtp(8)`, `lmtp(8)`):
///
/// | written | goes to |
/// |---|---|
/// | `example.org`, `example.org:587`, `example.org:submission` | its mail exchangers (RFC 5321 §5.1) |
/// | `[mx.example.org]`, `[192.0.2.1]:2525`, `[2001:db8::1]`, `[IPv6:2001:db8::1]:25` | that host |
/// | `inet:mx.example.org:24`, `inet:[::1]:24` | that host |
/// | `unix:/run/dovecot/lmtp`, `unix:private/lmtp` | a socket in the file system, by LMTP only |
///
/// Several, separated by commas or white space, are tried in this order. Several joined by `|`
/// share the load, each with its weight after `*` if it is not 1:
/// `[a.example.org]*3|[b.example.org]`; see {@link NextHopSet}.
public sealed interface NextHop {
  /// A host, or a domain whose mail exchangers are looked up.
  ///
  /// @param host a name, or an address without brackets
  /// @param port absent for the usual port of the protocol
  /// @param direct whether this host itself is meant, so that MX records are not looked up
  record Host(String host, Optional<Integer> port, boolean direct) implements NextHop {}

  /// A socket in the file system.
  ///
  /// @param path absolute, or relative to `data.directory` (in Postfix, to the queue directory)
  record Socket(String path) implements NextHop {}
}
