package org.caravanmta.delivery.remote;

import java.util.HashSet;
import java.util.List;

/// The key `delivery.transports`: transports of the operator's that deliver as ours, with settings
/// of their own.
///
/// @param transports each a line that {@link TransportLine} reads, no name twice
public record TransportLines(List<String> transports) {
  public TransportLines {
    transports = List.copyOf(transports);
    var names = new HashSet<String>();
    for (String line : transports) {
      try {
        if (!names.add(TransportLine.parse(line).name())) {
          throw new IllegalArgumentException("each name only once");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("transports must have " + e.getMessage(), e);
      }
    }
  }

  /// What the lines say.
  public List<TransportLine> all() {
    return transports.stream().map(TransportLine::parse).toList();
  }
}
