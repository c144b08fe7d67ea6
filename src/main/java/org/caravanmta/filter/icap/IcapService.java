package org.caravanmta.filter.icap;

import java.net.URI;
import java.net.URISyntaxException;
import org.caravanmta.filter.contract.FilterAddress;

/// Where an ICAP service is (RFC 3507 §4.2): `icap://host:1344/service`.
///
/// @param uri as it stands in the first line of requests
/// @param host for the field `Host:`
record IcapService(String uri, String host, FilterAddress address) {
  private static final int PORT = 1344;

  /// Reads a service.
  ///
  /// @throws IllegalArgumentException says what was expected
  static IcapService parse(String written) {
    try {
      var uri = new URI(written);
      if (!"icap".equalsIgnoreCase(uri.getScheme())
          || uri.getHost() == null
          || uri.getRawUserInfo() != null
          || uri.getRawFragment() != null) {
        throw expected(written);
      }
      int port = uri.getPort() < 0 ? PORT : uri.getPort();
      return new IcapService(
          uri.toASCIIString(),
          uri.getHost() + (uri.getPort() < 0 ? "" : ":" + port),
          FilterAddress.parse("inet:" + uri.getHost() + ":" + port));
    } catch (URISyntaxException e) {
      throw expected(written);
    }
  }

  private static IllegalArgumentException expected(String written) {
    return new IllegalArgumentException(
        "expected an ICAP service such as icap://127.0.0.1:1344/avscan, found \"" + written + "\"");
  }
}
