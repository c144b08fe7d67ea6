package org.caravanmta.control;

import java.io.IOException;
import java.util.List;

/// Takes what a verb answers: rows of fields, whose meaning is the verb's ({@link VerbName}). A
/// field may hold any text.
@FunctionalInterface
public interface Rows {
  /// @param fields at least one
  /// @throws IOException if nobody is there any more to take it
  void add(List<String> fields) throws IOException;
}
