package org.caravanmta.routing;

import java.util.Map;
import org.caravanmta.message.Envelope;

/// How many recipients a task may have, of which servers must take 100 (RFC 5321 §4.5.3.1.8).
///
/// @param usual for most transports; 0 for any number (postfix
///   `default_destination_recipient_limit`)
/// @param own for the others, by their names; 0 likewise (postfix
///   `TRANSPORT_destination_recipient_limit`)
public record TaskSizes(int usual, Map<String, Integer> own) {
  public TaskSizes {
    own = Map.copyOf(own);
  }

  int of(String transport) {
    int most = own.getOrDefault(transport, usual);
    return most == 0 ? Envelope.MOST_RECIPIENTS : most;
  }
}
