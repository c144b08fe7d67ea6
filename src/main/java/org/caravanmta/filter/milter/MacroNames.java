package org.caravanmta.filter.milter;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Which macros a milter is given at each event, by their names without braces (postfix
/// `milter_connect_macros` and the like). What a milter itself asks for takes precedence.
///
/// @param byEvent in the order in which they are sent; none for events that are not in it
public record MacroNames(Map<MilterEvent, List<String>> byEvent) {
  /// Those of Postfix.
  public static final MacroNames USUAL =
      new MacroNames(
          Map.of(
              MilterEvent.CONNECT,
              List.of("j", "{daemon_name}", "{daemon_addr}", "v", "_"),
              MilterEvent.HELO,
              List.of(
                  "{tls_version}", "{cipher}", "{cipher_bits}", "{cert_subject}", "{cert_issuer}"),
              MilterEvent.MAIL,
              List.of(
                  "i",
                  "{auth_type}",
                  "{auth_authen}",
                  "{auth_author}",
                  "{mail_addr}",
                  "{mail_host}",
                  "{mail_mailer}"),
              MilterEvent.RCPT,
              List.of("i", "{rcpt_addr}", "{rcpt_host}", "{rcpt_mailer}"),
              MilterEvent.DATA,
              List.of("i"),
              MilterEvent.HEADER,
              List.of("i"),
              MilterEvent.END_OF_HEADERS,
              List.of("i"),
              MilterEvent.BODY,
              List.of("i"),
              MilterEvent.END_OF_MESSAGE,
              List.of("i")));

  public MacroNames {
    var copy = new EnumMap<MilterEvent, List<String>>(MilterEvent.class);
    byEvent.forEach((event, names) -> copy.put(event, List.copyOf(names)));
    byEvent = copy;
  }

  /// The macros of an event that have a value, with it.
  ///
  /// @param asked what the milter itself asks for
  /// @param values by names as they are written here; absent for a macro without a value, which is
  ///   not sent
  Map<String, String> at(
      MilterEvent event,
      Map<MilterEvent, List<String>> asked,
      Function<String, Optional<String>> values) {
    var found = new LinkedHashMap<String, String>();
    for (String name : asked.getOrDefault(event, byEvent.getOrDefault(event, List.of()))) {
      values.apply(name).ifPresent(value -> found.put(name, value));
    }
    return found;
  }
}
