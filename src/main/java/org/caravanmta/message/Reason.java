package org.caravanmta.message;

import java.util.Optional;

/// Why a recipient waits or has failed: what the log, `queue list` and the report (RFC 3464 §2.3)
/// say of it.
///
/// @param status its class says whether it is tried again (4) or has failed (5)
/// @param text one line: `connect to mx.example[192.0.2.1]:25: Connection refused`, `host
///   mx.example[192.0.2.1] said: 550 …`
/// @param remote the name of the server that gave the answer, where one did (Remote-MTA)
/// @param reply what that server said, as one line (`550 5.1.1 unknown user`), where it did
///   (Diagnostic-Code)
public record Reason(Status status, String text, Optional<String> remote, Optional<String> reply) {
  /// A recipient is one of those whom a virtual alias stands for, and its sender, who wants to hear
  /// of success, has not been told so (RFC 3461 §5.2.7).
  public static final Reason EXPANDED = of("2.0.0", "alias expanded");

  /// The same, of class 4: not for good.
  public Reason softened() {
    return new Reason(new Status(4, status.subject(), status.detail()), text, remote, reply);
  }

  public static Reason of(String status, String text) {
    return new Reason(Status.of(status), text, Optional.empty(), Optional.empty());
  }
}
