package org.caravanmta.control;

import java.io.IOException;
import java.util.List;

/// Takes the answer of a verb: rows of fields, whose meaning depends on the verb ({@link
/// VerbName}). A field may be any text.
@FunctionalInterface
public interface Rows {
  /// Takes a row.
  ///
  /// @param fields at least one
  /// @throws IOException if the client has closed its connection
  void add(List<String> fields) throws IOException;
}
