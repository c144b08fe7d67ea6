package org.caravanmta.queue.admin;

import java.util.List;

/// Which message is asked for, byte for byte, and what of it: the arguments of `queue.cat`.
///
/// @param queue only parts there, in a queue or a family; empty for all
/// @param headers whether its header section
/// @param body whether its body
public record CatQuestion(String id, String queue, boolean headers, boolean body) {
  /// The arguments.
  public List<String> args() {
    return List.of(id, queue, Boolean.toString(headers), Boolean.toString(body));
  }

  /// @throws IllegalArgumentException if these are not such arguments
  static CatQuestion of(List<String> args) {
    if (args.size() != 4) {
      throw new IllegalArgumentException("an id, a queue, headers or not, body or not");
    }
    return new CatQuestion(
        args.getFirst(),
        args.get(1),
        Boolean.parseBoolean(args.get(2)),
        Boolean.parseBoolean(args.get(3)));
  }
}
