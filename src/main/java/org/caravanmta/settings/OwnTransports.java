package org.caravanmta.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.delivery.remote.TransportLine;
import org.caravanmta.delivery.remote.TransportSections;

/// The operator's transports that deliver as ours (`delivery.transports`), each with the section
/// `delivery` as its options change it.
///
/// @param all in the order of the settings
public record OwnTransports(Map<TransportLine, DeliverySettings> all) {
  /// Those of the settings.
  ///
  /// @throws WrongSetting names the transport and what is wrong with its options
  public static OwnTransports of(Settings settings) {
    var all = new LinkedHashMap<TransportLine, DeliverySettings>();
    for (TransportLine line : settings.delivery().transports().all()) {
      try {
        all.put(
            line, settings.places().changed("delivery", DeliverySettings.class, line.options()));
      } catch (IllegalArgumentException e) {
        throw new WrongSetting("delivery.transports", line.name() + ": " + e.getMessage(), e);
      }
    }
    return new OwnTransports(all);
  }

  /// What each is made from.
  public Map<TransportLine, TransportSections> forRemote() {
    var made = new LinkedHashMap<TransportLine, TransportSections>();
    all.forEach((line, its) -> made.put(line, its.forRemote()));
    return made;
  }

  /// How many recipients a task of each may have.
  public Map<String, Integer> recipientLimits() {
    return all.entrySet().stream()
        .collect(
            Collectors.toMap(
                each -> each.getKey().name(),
                each -> each.getValue().remote().outgoing().recipientLimit()));
  }
}
