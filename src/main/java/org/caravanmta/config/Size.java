package org.caravanmta.config;

import java.util.regex.Pattern;

/// A number of bytes, written `65536`, `64KiB`, `10MiB` or `2GiB`.
public record Size(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(|B|KiB|MiB|GiB)");

  public Size {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is not negative");
    }
  }

  public static Size ofKiB(long kibibytes) {
    return new Size(Math.multiplyExact(kibibytes, 1024L));
  }

  /// @throws IllegalArgumentException if the text is not a size, or one of 8 EiB or more
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

  /// This number where only an int will do, and more is as good as unlimited.
  public int asInt() {
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  /// The shortest form that is exact.
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
