package org.caravanmta.headway;

/// What an attempt at delivery is doing (RFC 5321 §4.5.3.2 has a time limit for most of it).
public enum Step {
  BEGIN("beginning"),
  TABLES("asking tables"),
  TURN("waiting for its turn"),
  RESOLVE("looking up servers"),
  POLICY("looking up TLS policy and login"),
  CONNECT("connecting"),
  GREETING("waiting for the greeting"),
  EHLO("greeting"),
  STARTTLS("beginning TLS"),
  AUTH("logging in"),
  XFORWARD("sending XFORWARD"),
  MAIL("sending MAIL"),
  RCPT("sending RCPT"),
  DATA("sending DATA"),
  CONTENT("sending content"),
  END_OF_DATA("waiting for the reply to the end of data"),
  RSET("sending RSET"),
  PROGRAM("running a program"),
  ENDPOINT("waiting for an endpoint"),
  MAILBOX("writing to a mailbox");

  private final String words;

  Step(String words) {
    this.words = words;
  }

  /// As in a sentence: `while sending RCPT`.
  @Override
  public String toString() {
    return words;
  }
}
