package org.caravanmta.message;

import java.util.List;

/// A handover of nothing: the stage has not begun with the message, which goes back to its queue as
/// it was, after those that are there.
public record PutBack() implements Handover {
  @Override
  public List<Task> tasks(String name) {
    return List.of();
  }
}
