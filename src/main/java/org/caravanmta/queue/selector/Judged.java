package org.caravanmta.queue.selector;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A message as a selector sees it.
public interface Judged {
  /// What it has of a field: often one text, none where it has no such thing, one for each
  /// recipient where recipients have it; absent when that cannot be told.
  Optional<List<String>> texts(TextField field);

  /// The number of a field; absent when it cannot be told.
  OptionalLong number(NumberField field);
}
