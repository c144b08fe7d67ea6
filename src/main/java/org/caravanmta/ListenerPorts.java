package org.caravanmta;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravanmta.address.Literals;
import org.caravanmta.reception.ListenerSettings;
import org.caravanmta.settings.Settings;
import org.caravanmta.stage.Problem;

/// The listeners that take mail here, and their addresses.
///
/// @param addresses by the name of the listener
record ListenerPorts(Map<String, InetSocketAddress> addresses) {
  /// A directory of routes with a stage alone has none.
  ///
  /// @param routeIds the ids of the routes that run here
  static ListenerPorts of(Settings settings, Set<String> routeIds) {
    var all = new LinkedHashMap<String, ListenerSettings>();
    all.put("smtp", settings.listeners().smtp());
    all.put("submission", settings.listeners().submission());
    all.put("submissions", settings.listeners().submissions());
    all.put("reinjection", settings.listeners().reinjection());
    var enabled = new LinkedHashMap<String, InetSocketAddress>();
    all.forEach(
        (name, listener) -> {
          if (listener.enabled() && routeIds.contains(name)) {
            enabled.put(name, listener.address());
          }
        });
    return new ListenerPorts(enabled);
  }

  /// Finds a taken port before anything is started.
  void check() throws Problem {
    for (var listener : addresses.entrySet()) {
      try (var socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(listener.getValue());
      } catch (IOException e) {
        throw new Problem(
            "listeners."
                + listener.getKey()
                + ".address: "
                + Literals.scoped(listener.getValue())
                + " cannot be listened on: "
                + e.getMessage());
      }
    }
  }

  /// As `smtp=127.0.0.1:2525 submission=127.0.0.1:2587`.
  @Override
  public String toString() {
    return addresses.entrySet().stream()
        .map(listener -> listener.getKey() + "=" + Literals.scoped(listener.getValue()))
        .collect(Collectors.joining(" "));
  }
}
