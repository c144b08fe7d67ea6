package org.caravanmta.delivery.endpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravanmta.message.EndpointUri;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The endpoints in use, by their URIs, and as many others as `delivery.camel.endpoints` allows: of
/// those that nothing is sent to, the one that has been so for longest is ended first.
final class OpenEndpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenEndpoints.class);

  private final Endpoints endpoints;
  private final int most;
  private final int places;
  private final Map<String, OpenEndpoint> open = new LinkedHashMap<>(16, 0.75f, true);

  /// @param most endpoints that are kept
  /// @param places messages that each is given at a time
  OpenEndpoints(Endpoints endpoints, int most, int places) {
    this.endpoints = endpoints;
    this.most = most;
    this.places = places;
  }

  /// The endpoint of a URI, which is kept until it is given back.
  synchronized OpenEndpoint take(String uri) {
    OpenEndpoint taken = open.computeIfAbsent(uri, _ -> new OpenEndpoint(endpoints, uri, places));
    taken.users++;
    return taken;
  }

  void give(OpenEndpoint given) {
    List<OpenEndpoint> ended = new ArrayList<>();
    synchronized (this) {
      given.users--;
      var eldest = open.values().iterator();
      while (open.size() > most && eldest.hasNext()) {
        OpenEndpoint next = eldest.next();
        if (next.users == 0) {
          eldest.remove();
          ended.add(next);
        }
      }
    }
    // it may wait for a server
    ended.forEach(one -> Thread.ofVirtual().name("endpoint ends").start(() -> end(one)));
  }

  synchronized int size() {
    return open.size();
  }

  /// Ends all.
  @Override
  public void close() {
    List<OpenEndpoint> all;
    synchronized (this) {
      all = new ArrayList<>(open.values());
      open.clear();
    }
    all.forEach(OpenEndpoints::end);
  }

  private static void end(OpenEndpoint one) {
    try {
      one.close();
    } catch (RuntimeException | LinkageError e) {
      LOG.warn(
          "endpoint {}: while ending: {}",
          EndpointUri.shown(one.uri()),
          one.secrets().hiddenIn(String.valueOf(e)));
    }
  }
}
