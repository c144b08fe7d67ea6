package org.caravanmta.message;

import java.util.List;

/// What a stage hands to the queues after it, if that is not exactly one message to one queue: each
/// route step that names a queue, or a family of queues (`deferred.*`), takes its tasks.
public interface Handover {
  /// The tasks for the queue `name`, often none; for `deferred.*`, those for all queues whose names
  /// start with `deferred.`.
  List<Task> tasks(String name);

  /// Called when the tasks for `name` are on stable storage.
  ///
  /// @return the body that the next route step gets
  default Handover kept(String name) {
    return this;
  }

  /// All tasks, if they are known beforehand. If no route step takes one of them, it would be lost;
  /// so the queue that the message came from then sets the message aside.
  default List<Task> all() {
    return List.of();
  }

  /// A handover of these tasks.
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

  /// The tasks among `all` that are for the queue or family `name`.
  static List<Task> matching(List<Task> all, String name) {
    return all.stream().filter(task -> Queues.covers(name, task.queue())).toList();
  }
}
