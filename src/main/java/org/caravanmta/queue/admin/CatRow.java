package org.caravanmta.queue.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.caravanmta.control.RowFields;

/// A row of what `queue.cat` answers: for each part of the message a {@link Part}, and after it its
/// {@link Bytes}, unless they are those of a part before it.
public sealed interface CatRow {
  /// A part of the message; its header section is not in it.
  ///
  /// @param same whether its bytes are those of an earlier part, and do not follow
  record Part(MessageDetail detail, boolean same) implements CatRow {}

  /// The next bytes of the part before it: its header section, the empty line, its body.
  record Bytes(byte[] bytes) implements CatRow {}

  /// The row.
  default List<String> fields() {
    return switch (this) {
      case Part(MessageDetail detail, boolean same) -> {
        var fields = new ArrayList<>(List.of("part", Boolean.toString(same)));
        fields.addAll(detail.fields());
        yield fields;
      }
      // a field is text
      case Bytes(byte[] bytes) -> List.of("bytes", Base64.getEncoder().encodeToString(bytes));
    };
  }

  /// The row of the first bytes of a buffer.
  static Bytes bytes(byte[] buffer, int length) {
    return new Bytes(Arrays.copyOf(buffer, length));
  }

  /// @throws IOException if this is not such a row
  static CatRow of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    if (fields.text().equals("part")) {
      boolean same = fields.flag();
      return new Part(MessageDetail.of(row.subList(2, row.size())), same);
    }
    String bytes = fields.text();
    fields.end();
    try {
      return new Bytes(Base64.getDecoder().decode(bytes));
    } catch (IllegalArgumentException e) {
      throw new IOException("bytes in a form that this program does not know", e);
    }
  }
}
