package org.caravanmta.config;

import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeMap;

/// The settings as route files refer to them, `{{listeners.smtp.address}}`: every key and its value
/// as text, sizes in bytes, lists joined by commas. Passwords are left out.
public final class Placeholders {
  private final Notation notation;
  private final Map<String, String> values = new TreeMap<>();

  private Placeholders(Notation notation) {
    this.notation = notation;
  }

  /// The values by their keys, such as `listeners.smtp.address`.
  public static Map<String, String> of(Record settings, Notation notation) {
    var all = new Placeholders(notation);
    all.section(settings, "");
    return Map.copyOf(all.values);
  }

  private void section(Record section, String path) {
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      if (!Binder.isKey(component)) {
        continue;
      }
      String key = path + Binder.key(component);
      Object value = value(component, section);
      if (component.isAnnotationPresent(Flat.class)) {
        section((Record) value, path);
      } else if (notation.isSection(component.getType())) {
        section((Record) value, key + ".");
      } else if (!(value instanceof Secret)) {
        values.put(
            key,
            value instanceof Size(long bytes) ? String.valueOf(bytes) : notation.written(value));
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
}
