package org.caravanmta.config;

import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.caravanmta.address.Literals;
import org.caravanmta.address.Networks;

/// The settings as routes name them, `{{listeners.smtp.address}}`: every key with its value as
/// text, sizes in bytes, lists joined by commas. Passwords are not among them.
public final class Placeholders {
  private Placeholders() {}

  public static Map<String, String> of(Settings settings) {
    var values = new TreeMap<String, String>();
    section(settings, "", values);
    return Map.copyOf(values);
  }

  private static void section(Record section, String path, Map<String, String> into) {
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      String key = path.isEmpty() ? Binder.key(component) : path + "." + Binder.key(component);
      Object value = value(component, section);
      if (Binder.isSection(component.getType())) {
        section((Record) value, key, into);
      } else if (!(value instanceof Secret)) {
        into.put(key, text(value));
      }
    }
  }

  private static Object value(RecordComponent component, Record section) {
    try {
      return component.getAccessor().invoke(section);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  private static String text(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.map(Placeholders::text).orElse("");
      case List<?> list -> list.stream().map(Placeholders::text).collect(Collectors.joining(","));
      case Networks(List<Networks.Network> networks) ->
          networks.stream().map(Placeholders::cidr).collect(Collectors.joining(","));
      case Size(long bytes) -> String.valueOf(bytes);
      default -> written(value);
    };
  }

  private static String cidr(Networks.Network network) {
    try {
      return Literals.text(InetAddress.getByAddress(network.prefix())) + "/" + network.bits();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("a network of " + network.prefix().length + " bytes", e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> String written(T value) {
    return Notation.write((Class<T>) Notation.known(value), value);
  }
}
