package org.caravanmta.event;

import java.util.Locale;
import java.util.Optional;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;

/// What was wrong in a session with a client, by what it was told (RFC 5321 §4.2, RFC 3463): the
/// classes of postfix `notify_classes` for which the postmaster can have a transcript.
public enum Trouble {
  /// A table could not be read.
  DATA,
  /// The client asked for what the operator does not allow.
  POLICY,
  /// The client did not keep to SMTP.
  PROTOCOL,
  /// There was no room.
  RESOURCE,
  /// Something of ours did not work.
  SOFTWARE;

  /// @return absent of a positive reply, and of one that ends a session that was idle or too many
  public static Optional<Trouble> of(Reply reply) {
    if (reply.code() < 400) {
      return Optional.empty();
    }
    Optional<Status> status = reply.status();
    String text = String.join(" ", reply.lines());
    if (status.isEmpty()) {
      return Optional.of(PROTOCOL);
    }
    int detail = status.get().detail();
    return switch (status.get().subject()) {
      case 3 -> ofServer(reply.code(), detail, text);
      case 4 -> text.contains("lookup") ? Optional.of(DATA) : Optional.empty();
      // too many recipients are a limit of ours
      case 5 -> Optional.of(detail == 3 ? POLICY : PROTOCOL);
      default -> Optional.of(POLICY);
    };
  }

  private static Optional<Trouble> ofServer(int code, int detail, String text) {
    return switch (detail) {
      case 1 -> Optional.of(RESOURCE);
      // the server stops, or is full
      case 2 -> Optional.empty();
      case 4 -> Optional.of(POLICY);
      case 5 -> Optional.of(DATA);
      default -> Optional.of(code == 452 ? RESOURCE : text.contains("lookup") ? DATA : SOFTWARE);
    };
  }

  /// The word of the setting.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
