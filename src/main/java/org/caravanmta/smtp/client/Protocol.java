package org.caravanmta.smtp.client;

/// The protocol that a server speaks. The two differ in the greeting and in how many replies follow
/// the end of data.
public enum Protocol {
  /// RFC 5321: one reply to the message.
  SMTP("EHLO"),
  /// RFC 2033: one reply for each recipient that was accepted.
  LMTP("LHLO");

  private final String hello;

  Protocol(String hello) {
    this.hello = hello;
  }

  /// The command that greets the server.
  String hello() {
    return hello;
  }
}
