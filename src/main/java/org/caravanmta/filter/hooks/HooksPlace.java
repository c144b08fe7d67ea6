package org.caravanmta.filter.hooks;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.caravanmta.filter.contract.WireInput;

/// Where a service is, as the operator writes it: where we register, or, without a path, the
/// service whose discovery document says where.
record HooksPlace(URI written) {
  private static final String DISCOVERY = "/.well-known/mta-hooks";

  /// @throws IllegalArgumentException says what was expected
  static HooksPlace parse(String written) {
    try {
      var uri = new URI(written);
      if (uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && ("http".equalsIgnoreCase(uri.getScheme())
              || "https".equalsIgnoreCase(uri.getScheme()))) {
        return new HooksPlace(uri);
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "expected the address of a service that speaks MTA Hooks, such as"
            + " https://scanner.example.com/v1/hooks/register or https://scanner.example.com,"
            + " found \""
            + written
            + "\"");
  }

  /// Whether the service is to be asked where we register.
  boolean isToBeDiscovered() {
    return (written.getRawPath().isEmpty() || written.getRawPath().equals("/"))
        && written.getRawQuery() == null;
  }

  URI discovery() {
    return written.resolve(DISCOVERY);
  }

  /// An address that the service has given us.
  ///
  /// @throws IOException if it is at another host or port, where nobody has told us to send mail
  ///   and our token
  URI resolve(String given) throws IOException {
    try {
      URI found = written.resolve(new URI(given));
      if (origin(found).equals(origin(written)) && found.getRawUserInfo() == null) {
        return found;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IOException(
        "the service wants to be asked at \""
            + WireInput.shown(given)
            + "\", which is not its own");
  }

  private static String origin(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
  }

  @Override
  public String toString() {
    return written.toString();
  }
}
