package org.caravanmta.message;

/// What a client says it is, and the protocol that it has chosen by that (RFC 5321 §4.1.1.1).
///
/// @param helo the HELO/EHLO argument, empty before it
/// @param protocol `SMTP`, `ESMTP`, `ESMTPS`, `ESMTPA`, … (RFC 3848); empty for what no connection
///   brought
public record Greeting(String helo, String protocol) {
  /// Of a program that speaks to nobody.
  public static final Greeting NONE = new Greeting("", "");
}
