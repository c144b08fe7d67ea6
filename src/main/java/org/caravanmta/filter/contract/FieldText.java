package org.caravanmta.filter.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.caravanmta.message.Headers;

/// Header fields that filters make (RFC 5322 §2.2): whatever a filter says, it is one field.
public final class FieldText {
  private FieldText() {}

  /// A field with one space after the colon, unless the value begins with white space.
  ///
  /// @param value its lines may end with LF; those after the first are continued
  /// @throws IOException if the name is not that of a field
  public static Headers.Field of(String name, String value) throws IOException {
    return raw(name, value.startsWith(" ") || value.startsWith("\t") ? value : " " + value);
  }

  /// A field with nothing between the colon and the value.
  ///
  /// @throws IOException if the name is not that of a field
  public static Headers.Field raw(String name, String value) throws IOException {
    if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':')) {
      throw new IOException("a field with the name \"" + WireInput.shown(name) + "\"");
    }
    String folded =
        value
            .replace("\0", "")
            .replaceAll("\r?\n|\r", "\n")
            // a line of white space alone could be taken for the end of the section
            .replaceAll("\n[ \t]*(?=\n)", "")
            .replaceAll("\n[ \t]*\\z", "")
            .replaceAll("\n(?![ \t])", "\n\t");
    String text = name + ":" + folded.replace("\n", "\r\n") + "\r\n";
    return new Headers.Field(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
