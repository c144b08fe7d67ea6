package org.caravanmta.queue.camel;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.camel.NamedNode;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.caravanmta.address.Literals;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;

/// The envelope (RFC 5321 §2.3.1) for steps that know no mail, as headers of the Camel message. A
/// route has them when one of its steps is neither a bean nor a queue: those of ours take the
/// message itself.
///
/// | header | what |
/// |---|---|
/// | `CaravanId` | the message's id |
/// | `CaravanPart` | tells tasks of one message apart: eight hexadecimal digits made of transport, next hop and recipients, the same at each attempt |
/// | `CaravanSender` | the reverse path, empty for the null one |
/// | `CaravanRecipients` | a list of addresses |
/// | `CaravanOriginalRecipients` | for each of them the address that the client gave, before any rewriting |
/// | `CaravanTransport`, `CaravanNextHop` | of a delivery task, else empty |
/// | `CaravanAttempt` | attempts made before this one |
/// | `CaravanArrived` | when it was accepted, `2026-01-01T12:00:00Z` |
/// | `CaravanSize` | bytes of its text (RFC 1870 §3) |
/// | `CaravanClientAddress`, `CaravanClientName`, `CaravanHelo`, `CaravanLogin` | whom it came from; the login is often empty |
/// | `CaravanQueue` | the queue it was taken from |
public final class EnvelopeHeaders {
  private EnvelopeHeaders() {}

  /// Whether a route has them.
  static boolean wanted(NamedNode route) {
    return route instanceof RouteDefinition definition
        && ProcessorDefinitionHelper.filterTypeInOutputs(
                definition.getOutputs(), ProcessorDefinition.class)
            .stream()
            .anyMatch(step -> !isOurs(step));
  }

  private static boolean isOurs(ProcessorDefinition<?> step) {
    return step instanceof BeanDefinition bean && !String.valueOf(bean.getMethod()).contains("${")
        || step instanceof ToDefinition to && to.getEndpointUri().startsWith("artemis:");
  }

  /// The headers of a message.
  ///
  /// @param queue where it was taken from
  public static Map<String, Object> of(Mail mail, String queue) {
    Envelope envelope = mail.envelope();
    List<String> recipients =
        mail.recipients().stream().map(Recipient::address).map(Object::toString).toList();
    String transport = envelope.destination().map(Destination::transport).orElse("");
    String nextHop = envelope.destination().map(Destination::nextHop).orElse("");
    var headers = new HashMap<String, Object>();
    headers.put("CaravanId", mail.id());
    headers.put("CaravanPart", part(transport, nextHop, recipients));
    headers.put(
        "CaravanSender",
        switch (envelope.reversePath()) {
          case ReversePath.Null() -> "";
          case ReversePath.Mailbox(var address) -> address.toString();
        });
    headers.put("CaravanRecipients", recipients);
    headers.put(
        "CaravanOriginalRecipients",
        mail.recipients().stream().map(Recipient::original).map(Object::toString).toList());
    headers.put("CaravanTransport", transport);
    headers.put("CaravanNextHop", nextHop);
    headers.put("CaravanAttempt", envelope.progress().attempt());
    headers.put("CaravanArrived", envelope.arrived().toString());
    headers.put("CaravanSize", mail.size());
    headers.put("CaravanClientAddress", Literals.text(envelope.client().address()));
    headers.put("CaravanClientName", envelope.client().name());
    headers.put("CaravanHelo", envelope.client().helo());
    headers.put("CaravanLogin", envelope.client().login().orElse(""));
    headers.put("CaravanQueue", queue);
    return headers;
  }

  private static String part(String transport, String nextHop, List<String> recipients) {
    var crc = new CRC32C();
    crc.update(
        (transport + ":" + nextHop + " " + String.join(" ", recipients))
            .getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }
}
