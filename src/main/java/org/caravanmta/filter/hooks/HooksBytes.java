package org.caravanmta.filter.hooks;

import jakarta.json.JsonString;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A byte string of CBOR (RFC 8949 §3.1), which in JSON would be a text in base64, and is one for
/// whoever wants a text.
final class HooksBytes implements JsonString {
  private final byte[] bytes;

  HooksBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public String getString() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public CharSequence getChars() {
    return getString();
  }

  @Override
  public ValueType getValueType() {
    return ValueType.STRING;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HooksBytes same && Arrays.equals(bytes, same.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "\"" + getString() + "\"";
  }
}
