package org.caravanmta.delivery.endpoint;

import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.support.EndpointHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.caravanmta.message.EndpointUri;
import org.caravanmta.stage.Problem;
import org.jspecify.annotations.Nullable;

/// Makes Camel endpoints from the URIs that operators write (RFC 3986), and says why one cannot be
/// made, without its secrets.
final class Endpoints {
  /// Components of ours: what they take is not a delivered message.
  private static final Set<String> OURS = Set.of("artemis", "maildrop");

  /// Components of other names than the artifact they are in.
  private static final Map<String, String> ARTIFACTS =
      Map.ofEntries(
          Map.entry("smtp", "mail"),
          Map.entry("smtps", "mail"),
          Map.entry("imap", "mail"),
          Map.entry("imaps", "mail"),
          Map.entry("pop3", "mail"),
          Map.entry("pop3s", "mail"),
          Map.entry("sftp", "ftp"),
          Map.entry("ftps", "ftp"),
          Map.entry("https", "http"),
          Map.entry("cql", "cassandraql"),
          Map.entry("class", "bean"));

  private static final int MOST_PORTS = 65_535;

  private final CamelContext context;

  Endpoints(CamelContext context) {
    this.context = context;
  }

  /// Makes an endpoint that is neither kept nor started.
  ///
  /// @throws UnusableEndpoint says why there can be no such endpoint
  Endpoint make(String uri) {
    String resolved = uri;
    try {
      resolved = EndpointHelper.resolveEndpointUriPropertyPlaceholders(context, uri);
      Component component = component(EndpointUri.scheme(resolved));
      Endpoint made =
          component.createEndpoint(
              component.useRawUri() ? resolved : EndpointHelper.normalizeEndpointUri(resolved));
      if (made == null) {
        throw new UnusableEndpoint("is not an endpoint of the component", null);
      }
      checkPort(resolved);
      return made;
    } catch (UnusableEndpoint e) {
      throw e;
    } catch (Exception | LinkageError e) {
      throw new UnusableEndpoint(
          "endpoint "
              + EndpointUri.shown(uri)
              + ": "
              + EndpointDelivery.line(secrets(uri).allHiddenIn(said(e))),
          e);
    }
  }

  /// The component of the web looks at the port only when it connects.
  private static void checkPort(String uri) {
    String scheme = EndpointUri.scheme(uri);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return;
    }
    String host =
        uri.substring(scheme.length() + 1)
            .replaceFirst("^/*", "")
            .replaceFirst("[/?#].*", "")
            .replaceFirst(".*@", "");
    int colon = host.lastIndexOf(':');
    String port = colon > host.lastIndexOf(']') ? host.substring(colon + 1) : "";
    if (!port.isEmpty() && (!port.matches("\\d{1,5}") || Integer.parseInt(port) > MOST_PORTS)) {
      throw new UnusableEndpoint(
          "endpoint " + EndpointUri.shown(uri) + ": expected a port up to 65535: \"" + port + "\"",
          null);
    }
  }

  /// Without the URI, which Camel puts before its reason.
  private static String said(Throwable failure) {
    return Problem.inOneLine(failure)
        .replaceFirst("^Failed to (resolve|create) endpoint: .*? due to: ", "");
  }

  /// What nobody may read of a URI.
  UriSecrets secrets(String uri) {
    return UriSecrets.of(uri, context::resolvePropertyPlaceholders);
  }

  private Component component(String scheme) {
    if (scheme.isEmpty()) {
      throw new UnusableEndpoint(
          "camel: needs the URI of an endpoint after it, such as camel:kafka:tickets", null);
    }
    if (OURS.contains(scheme)) {
      throw new UnusableEndpoint(
          "camel: does not reach Caravan's own " + scheme + ": name a transport instead", null);
    }
    @Nullable Component component = context.getComponent(scheme, true, false);
    if (component == null) {
      String artifact = ARTIFACTS.getOrDefault(scheme, scheme);
      throw new UnusableEndpoint(
          "there is no Camel component %s here: `caravan component add %s` adds it, then restart"
              .formatted(scheme, artifact),
          null);
    }
    ServiceHelper.initService(component);
    return component;
  }
}
