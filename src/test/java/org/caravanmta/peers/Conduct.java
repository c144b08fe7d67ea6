package org.caravanmta.peers;

/// How a server behaves towards TLS (RFC 3207, RFC 8314): one way of going right for each of its
/// kinds, and one way of going wrong at each step.
public enum Conduct {
  /// It offers STARTTLS, and takes mail with it or without.
  OFFERS,
  /// It begins with the handshake, as on port 465 (RFC 8314 §3.3).
  AT_ONCE,
  /// It does not know STARTTLS.
  NO_TLS,
  /// It takes no mail before STARTTLS: 530 (RFC 3207 §4).
  DEMANDS,
  /// It wants a certificate of the client and ends the handshake without one.
  WANTS_CERTIFICATE,
  /// 454 to STARTTLS (RFC 3207 §4).
  REFUSES,
  /// 554 to STARTTLS, which it has offered.
  REFUSES_FOR_GOOD,
  /// It closes after 220 to STARTTLS, before it has read the client's first message.
  CLOSES_AFTER_220,
  /// It closes once it has read the client's first message.
  CLOSES_IN_HANDSHAKE,
  /// It is silent after the client's first message, for as long as the connection stands.
  HANGS_IN_HANDSHAKE,
  /// It has a cipher only that its certificate does not fit: alert handshake_failure.
  NO_COMMON_CIPHER,
  /// It knows older versions than the client only: alert protocol_version.
  OLD_VERSIONS,
  /// It sends text after 220 to STARTTLS in the clear, as one between the two would
  /// (CVE-2011-0411).
  INJECTS,
  /// It answers the first EHLO inside TLS by closing.
  CLOSES_AFTER_INNER_HELLO,
  /// What it offers inside TLS differs: no PIPELINING, no SIZE, no 8BITMIME, but AUTH (RFC 3207
  /// §4.2: the client forgets what it was told before).
  CHANGES_OFFERS,
  /// It closes at the dot, before any reply, without close_notify.
  CUTS_AT_DOT,
  /// It takes the message and closes after QUIT without close_notify.
  NO_CLOSE_NOTIFY
}
