package org.caravanmta.queue.spi;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ClientSession;

/// What keeps the queues: the broker in this process, or one elsewhere (`broker.url`). Code that
/// needs it opens a way of its own, and opens another when that one breaks.
public interface Broker extends AutoCloseable {
  /// A link whose sends and settlements take effect at the commit.
  Link settling() throws ActiveMQException;

  /// A link for questions and answers: what is taken is settled, what is sent is gone.
  Link asking() throws ActiveMQException;

  /// Where frames leave outside any transaction, each confirmed when it is on the disk.
  Outlet outlet(String name, Topology topology);

  /// The ways for questions to stages; answers that come back go to `answers`. At least one.
  List<? extends QuestionChannel> channels(Topology topology, AnswerListener answers);

  /// Whether stages may begin anything now.
  default Fence fence() {
    return Fence.NONE;
  }

  /// Whether it takes nothing more, for lack of disk. A broker elsewhere says so when something is
  /// sent to it.
  boolean diskFull();

  /// Whether other nodes may take from the same queues.
  default boolean elsewhere() {
    return false;
  }

  /// Why it cannot be reached now, so that nothing is taken; empty if it can. A broker in this
  /// process always can.
  default Optional<String> away() {
    return Optional.empty();
  }

  /// Writes to the log which queues hold mail that nobody will take, or get none, though they
  /// should. Not said of a broker elsewhere, which may have other users.
  ///
  /// @param known the queues of all routes
  void reportStrays(Collection<String> known);

  /// How much is on a queue now, and since when the oldest is.
  QueueLook look(String queue);

  /// How many messages routing has to settle yet, and transports to take; none where nobody does,
  /// as the stage is stopped. 0 where that cannot be known at once.
  default long untaken() {
    return 0;
  }

  /// Passes on the reference of each stored content that a queue holds, where the broker can be
  /// looked into without a message for each.
  ///
  /// @return how many messages were seen; empty if it cannot
  default OptionalLong contents(String queue, Consumer<String> use) {
    return OptionalLong.empty();
  }

  /// What stages have taken from a queue and not settled: a few for each reader.
  ///
  /// @param session one whose sends take effect at once, started
  List<SeenMessage> taken(String queue, ClientSession session) throws Exception;

  /// The operator's way to the queues, for one verb.
  Desk desk() throws ActiveMQException;

  /// The one turn at the queue `operator`: waits until no other verb has it, in this process or in
  /// any other that uses the broker.
  ///
  /// @throws QueueUnavailable if the others do not end
  Turn turn() throws ActiveMQException, InterruptedException;

  /// Something that one has at a time, until it is closed.
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /// Lets programs that attach from outside take from a queue. A broker elsewhere has its own
  /// rules.
  default void admitPrograms(String queue) {}

  /// Connections for what the operator does.
  Connections connections();

  /// Closes what was opened here; a broker in this process ends.
  @Override
  void close();
}
