package org.caravanmta.message;

import java.util.Optional;

/// Why a recipient is deferred or has failed, as the log, `queue list` and the report (RFC 3464
/// §2.3) say it.
///
/// @param status its class says whether the recipient is tried again (4) or has failed (5)
/// @param text one line: `connect to mx.example[192.0.2.1]:25: Connection refused`, `host
///   mx.example[192.0.2.1] said: 550 …`
/// @param remote the server that has answered (Remote-MTA, RFC 3464 §2.3.5); absent if none has
/// @param reply the answer on one line, `550 5.1.1 unknown user` (Diagnostic-Code, RFC 3464
///   §2.3.6), or, where no server has answered, what a program has said; absent if there was
///   neither, and the reason is ours alone
public record Reason(Status status, String text, Optional<String> remote, Optional<String> reply) {
  /// Marks a recipient that a virtual alias stands for, whose sender wants a report of success and
  /// has not been sent one yet (RFC 3461 §5.2.7).
  public static final Reason EXPANDED = of("2.0.0", "alias expanded");

  /// The same reason with a status of class 4: the recipient is tried again.
  public Reason softened() {
    return new Reason(new Status(4, status.subject(), status.detail()), text, remote, reply);
  }

  /// What a program of this machine has said, or meant by its exit status.
  ///
  /// @param text with what it was, for the log
  public static Reason ofProgram(Status status, String text, String said) {
    return new Reason(status, text, Optional.empty(), Optional.of(said));
  }

  /// A reason of our own, without the answer of a server.
  ///
  /// @throws IllegalArgumentException if `status` is not a status such as 5.1.1
  public static Reason of(String status, String text) {
    return new Reason(Status.of(status), text, Optional.empty(), Optional.empty());
  }
}
