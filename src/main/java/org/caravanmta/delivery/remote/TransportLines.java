package org.caravanmta.delivery.remote;

import java.util.List;
import org.caravanmta.config.Require;

/// The key `delivery.transports`: transports of the operator's that deliver as ours, with settings
/// of their own.
///
/// @param transports each a line that {@link TransportLine} reads, no name twice
public record TransportLines(List<String> transports) {
  public TransportLines {
    transports = List.copyOf(transports);
    Require.named("transports", transports, line -> TransportLine.parse(line).name());
  }

  /// What the lines say.
  public List<TransportLine> all() {
    return transports.stream().map(TransportLine::parse).toList();
  }
}
