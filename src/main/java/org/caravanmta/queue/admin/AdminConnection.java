package org.caravanmta.queue.admin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.Connections;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.QueueControls;
import org.caravanmta.queue.spi.Received;
import org.caravanmta.queue.spi.SeenMessage;
import org.jspecify.annotations.Nullable;

/// One connection to the broker for one verb of the operator's.
final class AdminConnection implements AutoCloseable {
  /// Messages in one transaction when they are taken one by one.
  private static final int BATCH = 200;

  /// As long as a page takes to be read on a busy disk.
  private static final long PAGE_MILLIS = 250;

  /// A consumer with a window of messages on their way to it is sometimes told that there are no
  /// more while it waits for the next window; one that asks for each message is not.
  private static final int ONE_BY_ONE = 0;

  private final Broker broker;
  private final Connections connections;
  private final Codecs codecs;
  private final ClientSessionFactory connection;
  private final ClientSession session;

  private AdminConnection(
      Broker broker, Codecs codecs, ClientSessionFactory connection, ClientSession session) {
    this.broker = broker;
    this.connections = broker.connections();
    this.codecs = codecs;
    this.connection = connection;
    this.session = session;
  }

  static AdminConnection open(Broker broker, Codecs codecs) throws ActiveMQException {
    Connections connections = broker.connections();
    ClientSessionFactory connection = connections.open();
    try {
      ClientSession session = connections.direct(connection);
      session.start();
      return new AdminConnection(broker, codecs, connection, session);
    } catch (ActiveMQException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void close() throws ActiveMQException {
    try {
      session.close();
    } finally {
      connection.close();
    }
  }

  boolean exists(String queue) throws ActiveMQException {
    return session.queueQuery(at(queue)).isExists();
  }

  /// How many there are, those included that stages have taken.
  long count(String queue) throws ActiveMQException {
    return session.queueQuery(at(queue)).getMessageCount();
  }

  QueueControls controls() {
    return new QueueControls(session, connections.names());
  }

  /// Passes on what nobody has taken, in the order of the queue, page files included.
  void browse(String queue, String filter, Consumer<QueueEntry> use) throws ActiveMQException {
    try (ClientConsumer browser =
        session.createConsumer(at(queue), selector(filter), ONE_BY_ONE, -1, true)) {
      for (ClientMessage message = browser.receiveImmediate();
          message != null;
          message = browser.receiveImmediate()) {
        use.accept(QueueEntry.of(queue, false, SeenMessage.of(message), codecs));
      }
    }
  }

  /// What stages have taken and not settled: a few for each reader.
  List<QueueEntry> taken(String queue) throws Exception {
    return broker.taken(queue, session).stream()
        .map(seen -> QueueEntry.of(queue, true, seen, codecs))
        .toList();
  }

  /// Deletes what nobody has taken, content by content, so that just the content of what was
  /// removed is given back.
  ///
  /// @param filter not empty
  /// @param released gets the reference to the stored content of each deleted message
  /// @return how many
  long delete(String queue, String filter, Consumer<String> released) throws Exception {
    var contents = new HashSet<Optional<String>>();
    browse(queue, filter, entry -> contents.add(entry.content()));
    long deleted = 0;
    for (Optional<String> content : contents) {
      String part =
          content
              .map(ref -> BrokerFilter.is(Frame.CONTENT, ref))
              .orElse(Frame.CONTENT + " IS NULL");
      int removed = controls().remove(queue, filter + " AND " + part);
      if (removed > 0) {
        content.ifPresent(released);
      }
      deleted += removed;
    }
    return deleted;
  }

  /// Takes messages one by one and does with each what `decide` says of its body: each batch is one
  /// transaction. Stops after as many as there were at the start, so that what comes round again is
  /// left alone.
  ///
  /// @param released gets the reference to the stored content of each deleted message
  /// @return how many were not left
  long drain(
      String queue, String filter, Function<byte[], Drained> decide, Consumer<String> released)
      throws ActiveMQException {
    long most = count(queue);
    long done = 0;
    try (ClientSession transacted = connections.transacted(connection);
        var consumer =
            transacted.createConsumer(at(queue), selector(filter), ONE_BY_ONE, -1, false);
        var producer = transacted.createProducer()) {
      transacted.start();
      var contents = new ArrayList<String>();
      for (long seen = 0; seen < most; seen++) {
        ClientMessage message = consumer.receiveImmediate();
        if (message == null) {
          // more may be on its way from page files
          message = consumer.receive(PAGE_MILLIS);
        }
        if (message == null) {
          break;
        }
        Received received = Received.of(queue, message, message);
        switch (decide.apply(received.bytes())) {
          case Drained.Deleted() -> {
            message.individualAcknowledge();
            contents.addAll(received.contents());
            done++;
          }
          case Drained.Sent(Frame frame) -> {
            producer.send(at(frame.queue()), frame.message(transacted));
            message.individualAcknowledge();
            done++;
          }
          case Drained.Left() -> {
            // what is not acknowledged goes back when the session closes
          }
        }
        if (seen % BATCH == BATCH - 1) {
          commit(transacted, contents, released);
        }
      }
      commit(transacted, contents, released);
    }
    return done;
  }

  private SimpleString at(String queue) {
    return connections.names().at(queue);
  }

  private static void commit(
      ClientSession transacted, List<String> contents, Consumer<String> released)
      throws ActiveMQException {
    transacted.commit();
    contents.forEach(released);
    contents.clear();
  }

  private static @Nullable SimpleString selector(String filter) {
    return filter.isEmpty() ? null : SimpleString.of(filter);
  }
}
