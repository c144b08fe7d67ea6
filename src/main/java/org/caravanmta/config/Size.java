package org.caravanmta.config;

import java.util.regex.Pattern;

/// A size in bytes, written `65536`, `64KiB`, `10MiB` or `2GiB`.
///
/// @param bytes 0 or more
public record Size(long bytes) {
  /// Fifteen digits fit a `long`; with a unit, the product is checked.
  private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(|B|KiB|MiB|GiB)");

  public Size {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is not negative");
    }
  }

  public static Size ofKiB(long kibibytes) {
    return new Size(Math.multiplyExact(kibibytes, 1024L));
  }

  /// @throws IllegalArgumentException if the text is not a size, or if it is 8 EiB or more
  public static Size parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is not a size");
    }
    long unit =
        switch (form.group(2)) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          default -> 1L;
        };
    try {
      return new Size(Math.multiplyExact(Long.parseLong(form.group(1)), unit));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("\"" + text + "\" is too large a size", e);
    }
  }

  /// The bytes as an `int`, for limits where anything larger amounts to no limit: at most 2 GiB
  /// less one byte.
  public int asInt() {
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  /// The size in the largest unit that divides it.
  @Override
  public String toString() {
    if (bytes > 0 && bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "GiB";
    }
    if (bytes > 0 && bytes % (1L << 20) == 0) {
      return (bytes >> 20) + "MiB";
    }
    return bytes > 0 && bytes % 1024 == 0 ? (bytes >> 10) + "KiB" : String.valueOf(bytes);
  }
}
