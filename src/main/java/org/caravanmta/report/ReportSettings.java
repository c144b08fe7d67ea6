package org.caravanmta.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.config.Size;
import org.caravanmta.message.Headers;

/// The section `report`: how failures are told to senders (RFC 3464).
///
/// @param sizeLimit how large a message may be that is returned whole
/// @param threaded whether a report answers the message it is about (postfix
///   `enable_threaded_bounces`)
/// @param delayCleared whether a sender who was told of a delay is told of its end (postfix
///   `confirm_delay_cleared`)
public record ReportSettings(
    Size sizeLimit, Duration lifetime, Duration gather, boolean threaded, boolean delayCleared) {
  private static final Duration LONGEST_GATHER = Duration.ofMinutes(5);

  /// One message identifier (RFC 5322 §3.6.4), of a length that a field holds on one line.
  private static final Pattern IDENTIFIER = Pattern.compile("<[!-;=?-~]{1,250}>");

  public ReportSettings {
    if (gather.isNegative() || gather.compareTo(LONGEST_GATHER) > 0) {
      throw new IllegalArgumentException("gather must be between 0s and 5m");
    }
  }

  /// The fields of a report by which a reader shows it as an answer to the message (RFC 5322
  /// §3.6.4); none if that has no identifier.
  List<Headers.Field> related(Headers message) {
    Optional<String> identifier =
        threaded
            ? message
                .first("Message-ID")
                .map(field -> field.value().strip())
                .filter(value -> IDENTIFIER.matcher(value).matches())
            : Optional.empty();
    return identifier
        .map(id -> List.of(Headers.Field.of("References", id), Headers.Field.of("In-Reply-To", id)))
        .orElse(List.of());
  }
}
