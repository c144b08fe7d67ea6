package org.caravanmta.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Gives stored content further names, so that each part of a message that is split holds its own.
@FunctionalInterface
public interface Links {
  /// The same content under the name `ref`; that this name is already there is no error, since a
  /// stage that was stopped half way does its work again.
  Content.Stored link(Content.Stored from, String ref) throws IOException;

  /// The parts of one message, each with a hold on the content of its own. The names follow from
  /// the name that is split, `ref.1`, `ref.2`, …, so that a split done again gives the same and
  /// splits of different parts never meet. A single part keeps the name.
  default List<Mail> split(List<Mail> parts) throws IOException {
    var split = new ArrayList<Mail>(parts.size());
    for (Mail part : parts) {
      split.add(
          parts.size() > 1 && part.content() instanceof Content.Stored stored
              ? part.with(link(stored, stored.ref() + "." + (split.size() + 1)))
              : part);
    }
    return split;
  }
}
