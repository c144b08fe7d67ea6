package org.caravanmta.message;

import java.util.List;

/// What a stage hands to the queues after it when that is not one message to one queue: each route
/// step that names a queue, or a family of queues (`deferred.*`), takes its part.
public interface Handover {
  /// The tasks for the queue `name`; for `deferred.*`, those for any queue whose name starts with
  /// `deferred.`. Often none.
  List<Task> tasks(String name);

  /// This handover once the tasks for `name` are on stable storage: the body that the next route
  /// step sees.
  default Handover kept(String name) {
    return this;
  }

  /// Every task there is, where that is known beforehand: one that no route step takes would be
  /// lost, so the queue that the message came from sets it aside.
  default List<Task> all() {
    return List.of();
  }

  /// The handover of `all`, each step taking those for its queues.
  static Handover of(List<Task> all) {
    List<Task> tasks = List.copyOf(all);
    return new Handover() {
      @Override
      public List<Task> tasks(String name) {
        return matching(tasks, name);
      }

      @Override
      public List<Task> all() {
        return tasks;
      }
    };
  }

  /// The tasks among `all` that a step naming `name` takes.
  static List<Task> matching(List<Task> all, String name) {
    return all.stream().filter(task -> Queues.covers(name, task.queue())).toList();
  }
}
