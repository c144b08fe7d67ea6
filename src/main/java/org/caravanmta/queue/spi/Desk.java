package org.caravanmta.queue.spi;

import java.util.List;
import java.util.function.Predicate;
import org.apache.activemq.artemis.api.core.ActiveMQException;

/// The operator's way to the queues of a broker, for one verb (postfix `postsuper(1)`). What is
/// moved or removed is so in transactions of the broker's own, page files included: nothing is lost
/// or doubled, whenever the process ends.
public interface Desk extends AutoCloseable {
  boolean exists(String queue) throws ActiveMQException;

  /// How many there are, those included that stages have taken.
  long count(String queue) throws ActiveMQException;

  /// Passes on what nobody has taken, in the order of the queue, page files included, without
  /// holding up those who take from it.
  ///
  /// @param use says whether to go on
  void browse(String queue, Predicate<SeenMessage> use) throws Exception;

  /// What stages have taken and not settled: a few for each reader.
  List<SeenMessage> taken(String queue) throws Exception;

  /// Moves what was picked and nobody has taken meanwhile. What is moved is no longer among the
  /// picked.
  ///
  /// @return how many were
  long move(String queue, Picked picked, String target) throws Exception;

  /// Removes what was picked and nobody has taken meanwhile. What is removed is no longer among the
  /// picked.
  ///
  /// @return how many were
  long remove(String queue, Picked picked) throws Exception;

  @Override
  void close() throws ActiveMQException;
}
