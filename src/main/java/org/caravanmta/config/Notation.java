package org.caravanmta.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.AddressClass;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.rewrite.HeaderOrigin;
import org.caravanmta.tls.server.TlsLevel;

/// How one value of each type is written in the settings file: how it is read, how it is written
/// back, and what is expected of it in the operator's words.
final class Notation {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|w)");
  private static final Pattern ENDPOINT =
      Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):(\\d{1,5})");

  private static final Map<Class<?>, Form<?>> FORMS =
      Map.ofEntries(
          form(String.class, text -> text, text -> text, "a text"),
          form(Secret.class, Secret::new, Secret::toString, "a text"),
          form(Integer.class, Integer::valueOf, String::valueOf, "a whole number"),
          form(Boolean.class, Notation::truth, String::valueOf, "true or false"),
          form(
              Duration.class,
              Notation::duration,
              Notation::write,
              "a duration such as 90s, 5m, 2h or 5d"),
          form(Size.class, Size::parse, Size::toString, "a size such as 65536, 64KiB or 10MiB"),
          form(TlsLevel.class, TlsLevel::of, TlsLevel::toString, "none, may, encrypt or implicit"),
          choice(LogSettings.Format.class),
          choice(Settings.Auth.class),
          form(
              Settings.Smtp.BareNewline.class,
              Settings.Smtp.BareNewline::of,
              Settings.Smtp.BareNewline::toString,
              "no, note, normalize or reject"),
          choice(AddressClass.class),
          choice(OutgoingSettings.HostLookup.class),
          form(
              InetAddress.class,
              InetAddress::ofLiteral,
              Literals::scoped,
              "an address such as 192.0.2.1 or \"2001:db8::1\""),
          choice(HeaderOrigin.Clients.class),
          form(Path.class, Notation::path, Path::toString, "a path"),
          form(Domain.class, Notation::domain, Domain::name, "a domain such as example.org"),
          form(
              DomainPattern.class,
              DomainPattern::new,
              DomainPattern::text,
              "a domain such as example.org"),
          form(
              NetworkPattern.class,
              NetworkPattern::new,
              NetworkPattern::text,
              "a network such as 192.0.2.0/24 or [2001:db8::]/32"),
          form(
              Address.class,
              Address::parse,
              Address::toString,
              "an address such as archive@example.org"),
          form(
              InetSocketAddress.class,
              Notation::address,
              Notation::write,
              "an address and port such as 127.0.0.1:2525 or \"[::1]:2525\""),
          form(
              TableName.class,
              TableName::new,
              TableName::text,
              "a table such as texthash:/etc/caravan/virtual or inline:{key=value}"),
          form(
              Relayhost.class,
              Relayhost::new,
              Relayhost::nextHop,
              "a next hop such as example.net, [mx.example.net] or [192.0.2.1]:2525"),
          form(
              NameServer.class,
              NameServer::parse,
              NameServer::toString,
              "a name server such as 192.0.2.53 or 127.0.0.1:5353"));

  private Notation() {}

  /// @param expected completes "… was expected"
  private record Form<T>(Function<String, T> read, Function<T, String> write, String expected) {}

  /// @throws IllegalArgumentException says what was expected
  static <T> T read(Class<T> type, String text) {
    Form<T> form = of(type);
    try {
      return form.read().apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(form.expected() + " was expected", e);
    }
  }

  static <T> String write(Class<T> type, T value) {
    return of(type).write().apply(value);
  }

  /// The type that a value is written as: paths come in classes of their own.
  static Class<?> known(Object value) {
    return value instanceof Path ? Path.class : value.getClass();
  }

  static String expected(Class<?> type) {
    return of(type).expected() + " was expected";
  }

  @SuppressWarnings("unchecked")
  private static <T> Form<T> of(Class<T> type) {
    var form = (Form<T>) FORMS.get(type);
    if (form == null) {
      throw new IllegalStateException("settings have no notation for " + type.getName());
    }
    return form;
  }

  private static <T> Map.Entry<Class<?>, Form<?>> form(
      Class<T> type, Function<String, T> read, Function<T, String> write, String expected) {
    return Map.entry(type, new Form<>(read, write, expected));
  }

  /// `OWN_MACHINE` is written `own-machine`.
  private static <E extends Enum<E>> Map.Entry<Class<?>, Form<?>> choice(Class<E> type) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E value : type.getEnumConstants()) {
      words.put(word(value), value);
    }
    String all = String.join(", ", words.keySet());
    int last = all.lastIndexOf(", ");
    return form(
        type,
        text ->
            Optional.ofNullable(words.get(text.toLowerCase(Locale.ROOT)))
                .orElseThrow(IllegalArgumentException::new),
        Notation::word,
        all.substring(0, last) + " or " + all.substring(last + 2));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Duration duration(String text) {
    var form = DURATION.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(text);
    }
    long count = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofDays(7 * count);
    };
  }

  /// In the largest unit that divides it, up to days.
  static String write(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    if (seconds % 3600 != 0) {
      return seconds / 60 + "m";
    }
    return seconds % 86400 != 0 ? seconds / 3600 + "h" : seconds / 86400 + "d";
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("empty");
    }
    return Path.of(text);
  }

  private static Domain domain(String text) {
    return Address.parse("postmaster@" + text).domain();
  }

  /// A literal address and a port; 0 is any free port. Names are not resolved here.
  static InetSocketAddress address(String text) {
    var form = ENDPOINT.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is not an address and port");
    }
    String host = form.group(1) != null ? form.group(1) : form.group(2);
    return new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(form.group(3)));
  }

  static String write(InetSocketAddress address) {
    return Literals.scoped(address);
  }
}
