package org.caravanmta.delivery.endpoint;

import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.URISupport;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.stage.Problem;
import org.jspecify.annotations.Nullable;

/// The bean `endpoint`: the last steps of a transport of the operator's that gives a message to a
/// Camel endpoint. Each gives the outcome of the attempt for all recipients (RFC 5321 §4.2.1); the
/// step `retry` after it settles that, and writes the log's line.
public final class EndpointSteps {
  private static final String CONSUMED = "consumed";
  private static final String NOBODY = "none";

  private final EndpointDelivery delivery;

  public EndpointSteps(EndpointDelivery delivery) {
    this.delivery = delivery;
  }

  /// The endpoint has it.
  @HandsOver(Queues.REPORT)
  public TaskOutcome delivered(Exchange exchange) {
    return delivery.delivered(mail(exchange), relay(exchange), begun(exchange), said(exchange));
  }

  /// The endpoint has failed, or is down: tried again.
  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deferred(Exchange exchange) {
    return delivery.deferred(mail(exchange), relay(exchange), begun(exchange), why(exchange));
  }

  /// The endpoint will never take it: the sender is told.
  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome refused(Exchange exchange) {
    return delivery.refused(mail(exchange), relay(exchange), begun(exchange), why(exchange));
  }

  /// The message as the stage took it, whatever the endpoint has put in its place.
  private static Mail mail(Exchange exchange) {
    if (exchange.getProperty(CONSUMED) instanceof Mail mail) {
      return mail;
    }
    throw new IllegalStateException(
        "the bean endpoint is for routes from artemis:delivery.NAME, which take messages");
  }

  private static Instant begun(Exchange exchange) {
    return Instant.ofEpochMilli(exchange.getClock().getCreated());
  }

  /// The endpoint without its options, which may hold passwords.
  private static String relay(Exchange exchange) {
    String failed = exchange.getProperty(Exchange.FAILURE_ENDPOINT, String.class);
    String uri =
        failed != null && failure(exchange).isPresent()
            ? failed
            : exchange.getProperty(Exchange.TO_ENDPOINT, String.class);
    return uri == null ? NOBODY : URISupport.sanitizeUri(uri).replaceFirst("[?].*", "");
  }

  private static String said(Exchange exchange) {
    Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    return status == null ? "delivered to the endpoint" : "HTTP " + status;
  }

  private static String why(Exchange exchange) {
    return failure(exchange)
        .map(
            failure ->
                failure instanceof HttpOperationFailedException http
                    ? "HTTP %d %s".formatted(http.getStatusCode(), text(http.getStatusText()))
                    : Problem.inOneLine(failure))
        .orElse("the route says so");
  }

  private static String text(@Nullable String statusText) {
    return statusText == null ? "" : statusText.strip();
  }

  private static Optional<Throwable> failure(Exchange exchange) {
    return Optional.ofNullable(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
  }
}
