package org.caravanmta.delivery.endpoint;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.caravanmta.stage.Problem;

/// Why an endpoint has not taken a message: what {@link FailureRule}s look at, and what is said of
/// it.
///
/// @param scheme that of the endpoint's URI
/// @param http the status of an HTTP server (RFC 9110 §15); absent if there was none
/// @param classes the names, whole and simple, of the exception's class, of those above it and of
///   those of its causes
/// @param messages those of the exception and of its causes, a line each, as they are
/// @param shown the same in one line, fit for the log and the sender: nothing secret is in it
record EndpointFailure(
    String scheme, OptionalInt http, Set<String> classes, String messages, String shown) {
  /// Characters of the messages that a pattern sees.
  private static final int LONGEST = 4_000;

  /// Statuses that say that whoever is behind the HTTP server is not there (RFC 9110 §15.6).
  private static final Set<Integer> NOT_THERE = Set.of(502, 503, 504);

  /// How the names of exceptions end that say so of the endpoint: it does not let us connect, or
  /// does not answer. Each library has its own of them.
  private static final Pattern NOT_REACHED =
      Pattern.compile(
          "(Connect|Connection|Socket|Timeout|TimedOut|UnknownHost|UnresolvedAddress|ClosedChannel"
              + "|NoHttpResponse|SSL)Exception$");

  /// Causes of causes.
  private static final int DEEPEST = 20;

  static EndpointFailure of(Throwable failure, String scheme, UriSecrets secrets) {
    var chain = chain(failure);
    var classes = new LinkedHashSet<String>();
    for (Throwable one : chain) {
      for (Class<?> each = one.getClass(); each != null; each = each.getSuperclass()) {
        classes.add(each.getName());
        classes.add(each.getSimpleName());
      }
    }
    String messages =
        chain.stream()
            .map(one -> String.valueOf(one.getMessage()))
            .collect(Collectors.joining("\n"));
    return chain.stream()
        .filter(HttpOperationFailedException.class::isInstance)
        .map(HttpOperationFailedException.class::cast)
        .findFirst()
        .map(
            answer ->
                new EndpointFailure(
                    scheme,
                    OptionalInt.of(answer.getStatusCode()),
                    classes,
                    cut(messages),
                    http(answer.getStatusCode(), secrets.hiddenIn(text(answer)))))
        .orElseGet(
            () ->
                new EndpointFailure(
                    scheme,
                    OptionalInt.empty(),
                    classes,
                    cut(messages),
                    EndpointDelivery.line(secrets.hiddenIn(said(failure)))));
  }

  /// An HTTP server's answer that is not an exception, because the URI says so.
  static EndpointFailure of(int http, String scheme) {
    return new EndpointFailure(
        scheme, OptionalInt.of(http), Set.of(), http(http, ""), http(http, ""));
  }

  /// Whether the exception is of a class, by its whole or simple name.
  boolean is(String name) {
    return classes.contains(name);
  }

  /// Whether the endpoint could not be reached, or did not answer.
  boolean missed() {
    return http.isPresent()
        ? NOT_THERE.contains(http.getAsInt())
        : classes.stream().anyMatch(name -> NOT_REACHED.matcher(name).find());
  }

  private static String http(int status, String text) {
    return EndpointDelivery.line(("HTTP " + status + " " + text).strip());
  }

  private static String text(HttpOperationFailedException answer) {
    return answer.getStatusText() == null ? "" : answer.getStatusText();
  }

  /// A message that is only a name, of a host or a file, says nothing without its class.
  private static String said(Throwable failure) {
    Throwable last = chain(failure).getLast();
    String text = Problem.inOneLine(failure);
    return text.contains(" ") || text.equals(last.getClass().getSimpleName())
        ? text
        : last.getClass().getSimpleName() + ": " + text;
  }

  private static List<Throwable> chain(Throwable failure) {
    var chain = new ArrayList<Throwable>();
    for (Throwable here = failure;
        here != null && chain.size() < DEEPEST && !chain.contains(here);
        here = here.getCause()) {
      chain.add(here);
    }
    return chain;
  }

  private static String cut(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
  }
}
