package org.caravanmta.restriction.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a policy server is and how long it is waited for, as Postfix writes it:
/// `inet:127.0.0.1:10023`, `unix:/run/policy`, or either in braces with `timeout=`, `try_limit=`,
/// `default_action=` and `policy_context=` after it.
///
/// @param path absent when it is a host and port
/// @param timeout how long one try may take (postfix `smtpd_policy_service_timeout`)
/// @param defaultAction what stands for an answer that does not come
record ServiceAddress(
    String endpoint,
    Optional<Path> path,
    String host,
    int port,
    Duration timeout,
    int tryLimit,
    String defaultAction,
    String context) {
  private static final Pattern INET = Pattern.compile("inet:(\\[[^]]+]|[^:\\[]+):(\\d{1,5})");
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h|)");

  static ServiceAddress parse(String written) {
    String text = written.strip();
    if (text.startsWith("{") && text.endsWith("}")) {
      text = text.substring(1, text.length() - 1).strip();
    }
    // an attribute whose value has white space stands in braces of its own
    var items = Pattern.compile("\\{\\s*([^{}]*?)\\s*}|([^\\s,{}]+)").matcher(text);
    var settings = start(items.find() ? items.group() : "", written);
    while (items.find()) {
      String item = items.group(1) == null ? items.group(2) : items.group(1);
      int equals = item.indexOf('=');
      settings =
          settings.with(
              equals < 0 ? item : item.substring(0, equals).strip(),
              equals < 0 ? "" : item.substring(equals + 1).strip());
    }
    return settings;
  }

  private static ServiceAddress start(String endpoint, String written) {
    var inet = INET.matcher(endpoint);
    boolean unix = endpoint.startsWith("unix:") && endpoint.length() > 5;
    if (!unix && !inet.matches()) {
      throw new IllegalArgumentException(
          "expected a policy server such as inet:127.0.0.1:10023 or unix:/run/policy, found \""
              + written
              + "\"");
    }
    return new ServiceAddress(
        endpoint,
        unix ? Optional.of(Path.of(endpoint.substring(5))) : Optional.empty(),
        unix ? "" : inet.group(1).replaceAll("[\\[\\]]", ""),
        unix ? 0 : Integer.parseInt(inet.group(2)),
        Duration.ofSeconds(100),
        2,
        "451 4.3.5 Server configuration problem",
        "");
  }

  private ServiceAddress with(String name, String value) {
    return switch (name) {
      case "timeout" ->
          new ServiceAddress(
              endpoint, path, host, port, time(value), tryLimit, defaultAction, context);
      case "try_limit" -> {
        if (!value.matches("[1-9]")) {
          throw new IllegalArgumentException("try_limit: expected 1 to 9, found " + value);
        }
        yield new ServiceAddress(
            endpoint, path, host, port, timeout, Integer.parseInt(value), defaultAction, context);
      }
      case "default_action" ->
          new ServiceAddress(endpoint, path, host, port, timeout, tryLimit, value, context);
      case "policy_context" ->
          new ServiceAddress(endpoint, path, host, port, timeout, tryLimit, defaultAction, value);
      default ->
          throw new IllegalArgumentException(
              endpoint
                  + ": expected timeout, try_limit, default_action or policy_context, found "
                  + name);
    };
  }

  private static Duration time(String value) {
    var time = TIME.matcher(value);
    if (!time.matches() || value.matches("0+\\D*")) {
      throw new IllegalArgumentException("timeout: expected a time such as 10s, found " + value);
    }
    long number = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofSeconds(number);
    };
  }
}
