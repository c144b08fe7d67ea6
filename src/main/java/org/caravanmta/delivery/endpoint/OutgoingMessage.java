package org.caravanmta.delivery.endpoint;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.caravanmta.message.EndpointUri;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.camel.EnvelopeHeaders;

/// A message as the transport `camel` gives it to an endpoint: its bytes (RFC 5322), and the
/// envelope (RFC 5321 §2.3.1) in headers, those of {@link EnvelopeHeaders} with each list as one
/// text, since many components carry nothing else. No field of the message becomes a header.
///
/// @param body bytes, or a stream of them when the body lies on the disk
record OutgoingMessage(Object body, Map<String, Object> headers) implements Closeable {
  private static final String MEDIA_TYPE = "message/rfc822";

  /// What the URI does not say is said with the message: how a file is called, and that HTTP
  /// servers are posted to; Camel would make a GET, without the message, of a URI with options.
  static OutgoingMessage of(Mail mail, String queue, MailText text, String uri) throws IOException {
    var headers = new HashMap<String, Object>();
    EnvelopeHeaders.of(mail, queue).forEach((name, value) -> headers.put(name, plain(value)));
    headers.put(Exchange.CONTENT_TYPE, MEDIA_TYPE);
    if (EndpointUri.scheme(uri).contains("http") && !uri.contains("httpMethod=")) {
      headers.put(Exchange.HTTP_METHOD, "POST");
    }
    if (!uri.contains("fileName=")) {
      // the same at each attempt, so that a second one does not make a second file
      headers.put(
          Exchange.FILE_NAME, headers.get("CaravanId") + "-" + headers.get("CaravanPart") + ".eml");
    }
    return new OutgoingMessage(text.body(mail), headers);
  }

  private static Object plain(Object value) {
    return value instanceof Collection<?> all
        ? all.stream().map(Object::toString).collect(Collectors.joining(", "))
        : value;
  }

  @Override
  public void close() throws IOException {
    if (body instanceof Closeable stream) {
      stream.close();
    }
  }
}
