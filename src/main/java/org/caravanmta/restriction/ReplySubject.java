package org.caravanmta.restriction;

import java.util.List;
import java.util.Optional;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;

/// What a restriction speaks about, as replies name it.
///
/// @param kind such as `Client host`
/// @param what such as `unknown[192.0.2.1]`
record ReplySubject(String kind, String what) {
  static final String CLIENT = "Client host";
  static final String UNVERIFIED = "Unverified Client host";
  static final String CERTIFICATE = "Client certificate";
  static final String LOGIN = "SASL login name";
  static final String HELO = "Helo command";
  static final String SENDER = "Sender address";
  static final String RECIPIENT = "Recipient address";
  static final String DATA = "Data command";
  static final String END_OF_DATA = "End-of-data";

  /// `CODE D.S.N <what>: KIND rejected: text`.
  Reply reply(int code, String status, String text) {
    return reply(code, Status.of(status), text);
  }

  Reply reply(int code, Status status, String text) {
    Status fitting = fitting(status);
    return new Reply(
        code,
        Optional.of(new Status(code / 100, fitting.subject(), fitting.detail())),
        List.of("<" + what + ">: " + kind + " rejected: " + text));
  }

  /// For the log: what has happened to it.
  String says(String text) {
    return "<" + what + ">: " + kind + " " + text;
  }

  /// A status about an address (RFC 3463 §3.2) tells senders from recipients, and is none for what
  /// is not an address; a table or a policy server need not know which it is asked about.
  private Status fitting(Status status) {
    if (status.subject() != 1) {
      return status;
    }
    return switch (kind) {
      case SENDER ->
          about(
              status,
              switch (status.detail()) {
                case 1, 3, 4, 6, 7 -> 7;
                case 2, 8 -> 8;
                default -> 0;
              });
      case RECIPIENT ->
          about(
              status,
              switch (status.detail()) {
                case 1, 2, 3, 4, 5, 6, 10 -> status.detail();
                case 7 -> 3;
                case 8 -> 2;
                default -> 0;
              });
      default -> new Status(status.digit(), 0, 0);
    };
  }

  private static Status about(Status status, int detail) {
    return new Status(status.digit(), 1, detail);
  }
}
