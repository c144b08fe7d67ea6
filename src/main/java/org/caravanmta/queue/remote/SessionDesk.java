package org.caravanmta.queue.remote;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.caravanmta.queue.spi.Connections;
import org.caravanmta.queue.spi.Desk;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Names;
import org.caravanmta.queue.spi.Picked;
import org.caravanmta.queue.spi.QueueControls;
import org.caravanmta.queue.spi.SeenMessage;
import org.jspecify.annotations.Nullable;

/// The operator's way to the queues of a broker elsewhere. The broker selects by properties alone:
/// messages are moved by their ids, many at a time, and one by one where parts of the same message
/// on the same queue are not meant.
///
/// *Limits:* what a stage takes between the look at the queue and the move is seen only while the
/// stage has it; the count of what was moved is the broker's, and exact.
final class SessionDesk implements Desk {
  /// Bytes on their way to a browser.
  private static final int WINDOW = 1 << 20;

  /// How long the next window may take, in milliseconds.
  private static final long PATIENCE = 500;

  /// Ids in one selector.
  private static final int AT_ONCE = 1000;

  private final ClientSessionFactory connection;
  private final ClientSession session;
  private final Names names;
  private final QueueControls controls;

  private SessionDesk(ClientSessionFactory connection, ClientSession session, Names names) {
    this.connection = connection;
    this.session = session;
    this.names = names;
    this.controls = new QueueControls(session, names);
  }

  static SessionDesk open(Connections connections) throws ActiveMQException {
    ClientSessionFactory connection = connections.open();
    try {
      ClientSession session = connections.direct(connection);
      session.start();
      return new SessionDesk(connection, session, connections.names());
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

  @Override
  public boolean exists(String queue) throws ActiveMQException {
    return session.queueQuery(names.at(queue)).isExists();
  }

  @Override
  public long count(String queue) throws ActiveMQException {
    return session.queueQuery(names.at(queue)).getMessageCount();
  }

  @Override
  public void browse(String queue, Predicate<SeenMessage> use) throws ActiveMQException {
    browse(queue, null, count(queue), use);
  }

  /// @param most when so many have come, there are no more to wait for
  private void browse(
      String queue, @Nullable SimpleString filter, long most, Predicate<SeenMessage> use)
      throws ActiveMQException {
    try (ClientConsumer browser =
        session.createConsumer(names.at(queue), filter, WINDOW, -1, true)) {
      long seen = 0;
      ClientMessage message = next(browser, seen < most);
      while (message != null && use.test(SeenMessage.of(message))) {
        message = next(browser, ++seen < most);
      }
    }
  }

  /// Between two windows the broker may say that there are no more.
  private static @Nullable ClientMessage next(ClientConsumer browser, boolean more)
      throws ActiveMQException {
    ClientMessage message = browser.receiveImmediate();
    return message == null && more ? browser.receive(PATIENCE) : message;
  }

  @Override
  public List<SeenMessage> taken(String queue) throws Exception {
    return controls.taken(queue);
  }

  @Override
  public long move(String queue, Picked picked, String target) throws Exception {
    return each(
        queue,
        picked,
        filter -> controls.move(queue, filter, target),
        number -> controls.move(queue, number, target));
  }

  @Override
  public long remove(String queue, Picked picked) throws Exception {
    return each(
        queue,
        picked,
        filter -> controls.remove(queue, filter),
        number -> controls.remove(queue, number));
  }

  private interface Together {
    int with(String filter) throws Exception;
  }

  private interface Alone {
    boolean with(long number) throws Exception;
  }

  private long each(String queue, Picked picked, Together together, Alone alone) throws Exception {
    var byId = new LinkedHashMap<String, List<Long>>();
    var single = new ArrayList<Long>();
    picked
        .all()
        .forEach(
            (number, item) ->
                item.id()
                    .map(id -> byId.computeIfAbsent(id, _ -> new ArrayList<>()))
                    .orElse(single)
                    .add(number));
    long changed = 0;
    for (List<String> some : chunks(byId.keySet())) {
      Set<String> mixed = mixed(queue, picked, some);
      mixed.forEach(id -> single.addAll(byId.getOrDefault(id, List.of())));
      List<String> whole = some.stream().filter(id -> !mixed.contains(id)).toList();
      if (!whole.isEmpty()) {
        int done = together.with(in(whole));
        changed += done;
        List<Long> meant =
            whole.stream().flatMap(id -> byId.getOrDefault(id, List.of()).stream()).toList();
        Set<Long> left = done == meant.size() ? Set.of() : numbersTaken(queue);
        List<Long> gone = meant.stream().filter(number -> !left.contains(number)).toList();
        // if there are fewer, a stage has settled some meanwhile: nobody says which, and content
        // that is given back twice could be another's
        if (done == gone.size()) {
          gone.forEach(picked::remove);
        }
      }
    }
    for (long number : single) {
      if (alone.with(number)) {
        picked.remove(number);
        changed++;
      }
    }
    return changed;
  }

  /// The ids of which there is a part here now that was not picked.
  private Set<String> mixed(String queue, Picked picked, List<String> ids)
      throws ActiveMQException {
    var mixed = new HashSet<String>();
    browse(
        queue,
        SimpleString.of(in(ids)),
        ids.size(),
        seen -> {
          if (!picked.contains(seen.number())) {
            mixed.add(String.valueOf(seen.properties().get(Frame.ID)));
          }
          return true;
        });
    return mixed;
  }

  private Set<Long> numbersTaken(String queue) throws Exception {
    return taken(queue).stream().map(SeenMessage::number).collect(Collectors.toSet());
  }

  private static String in(Collection<String> ids) {
    return ids.stream()
        .map(id -> "'" + id.replace("'", "''") + "'")
        .collect(Collectors.joining(", ", Frame.ID + " IN (", ")"));
  }

  private static List<List<String>> chunks(Collection<String> ids) {
    var all = List.copyOf(ids);
    var chunks = new ArrayList<List<String>>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      chunks.add(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
    }
    return chunks;
  }
}
