package org.caravanmta.message;

import java.util.Optional;

/// Where SMTP or LMTP goes, in the one notation of settings and tables, which is Postfix's
/// (`transport(5)`, `smtp(8)`, `lmtp(8)`):
///
/// | written | goes to |
/// |---|---|
/// | `example.org`, `example.org:587`, `example.org:submission` | its mail exchangers (RFC 5321 §5.1) |
/// | `[mx.example.org]`, `[192.0.2.1]:2525`, `[2001:db8::1]`, `[IPv6:2001:db8::1]:25` | that host |
/// | `inet:mx.example.org:24`, `inet:[::1]:24` | that host |
/// | `unix:/run/dovecot/lmtp`, `unix:private/lmtp` | a socket in the file system, by LMTP only |
///
/// Several, separated by commas or blanks, are tried in this order.
public sealed interface NextHop {
  /// @param host a name, or an address without brackets
  /// @param port absent for the protocol's own
  /// @param direct whether MX records are not asked for
  record Host(String host, Optional<Integer> port, boolean direct) implements NextHop {}

  /// @param path relative to `data.directory`, as Postfix's are to its queue directory
  record Socket(String path) implements NextHop {}
}
