package org.caravanmta.message;

/// What a client has said in HELO or EHLO (RFC 5321 §4.1.1.1), and the protocol that follows from
/// it.
///
/// @param helo the argument; empty before HELO or EHLO
/// @param protocol `SMTP`, `ESMTP`, `ESMTPS`, `ESMTPA`, … (RFC 3848); empty without a connection
public record Greeting(String helo, String protocol) {
  /// No greeting: of mail that came without a connection.
  public static final Greeting NONE = new Greeting("", "");
}
