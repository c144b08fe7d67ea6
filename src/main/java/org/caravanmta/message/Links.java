package org.caravanmta.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Gives stored content further references, so that each part of a message that is split has its
/// own (see {@link ContentStore#link}).
@FunctionalInterface
public interface Links {
  /// The same content under the reference `ref`. It is not an error if that is there already, since
  /// a stage that was stopped half way does its work again.
  Content.Stored link(Content.Stored from, String ref) throws IOException;

  /// The parts of one message, each with its own reference to the content. The references are made
  /// from that of the message, `ref.1`, `ref.2`, …, so that a split that is done again gives the
  /// same ones, and splits of different parts never collide. A single part keeps the reference.
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
