package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.caravanmta.cli.AskedQueues;
import org.caravanmta.control.VerbName;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Task;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.Letters;
import org.caravanmta.queue.admin.QueueAdmin.Target;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.remote.RemoteBroker;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Lanes;
import org.caravanmta.queue.spi.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The operator's verbs on a real broker, seen from inside its process and from outside.
abstract class AdminAtBroker {
  static final List<String> QUEUES =
      List.of(
          "routing",
          "report",
          "delivery.smtp",
          "waiting.smtp.3",
          "deferred.1m",
          "deferred.1h",
          "hold",
          "dead",
          "greylist",
          "force-expired",
          "requeue",
          "operator",
          "never-made");

  /// An hour after letters have arrived.
  static final Instant NOW = Letters.ARRIVED.plusSeconds(3600);

  final List<String> released = new ArrayList<>();

  /// How many will be on each queue to which something was sent since the last commit.
  private final Map<String, Long> sent = new HashMap<>();

  final List<String> lanes = new ArrayList<>();
  int revived;
  EmbeddedBroker broker;
  Broker at;
  ClientSessionFactory connection;
  ClientSession session;
  ClientConsumer reader;
  QueueAdmin admin;
  Path line;

  @BeforeEach
  void open(@TempDir Path own, @TempDir Path control) throws Exception {
    line = control;
    broker = EmbeddedBroker.start(own, Depot.SETTINGS);
    connect(broker);
  }

  void connect(Broker made) throws Exception {
    at = made;
    connection = at.connections().open();
    session = at.connections().transacted(connection);
    var topology = new Topology(_ -> {});
    topology.add(QUEUES.subList(0, QUEUES.size() - 1));
    topology.ensure(session, at.connections().names());
    session.start();
    admin = new QueueAdmin(at, Depot.CODECS, () -> QUEUES, new Readers(), released::add);
  }

  @AfterEach
  void close() {
    at.connections().close();
    broker.close();
  }

  void from(boolean inside) throws Exception {
    if (!inside) {
      at.connections().close();
      connect(new RemoteBroker(broker.url(), "", "", "mx1."));
    }
  }

  static Mail letter(String id) {
    return Letters.letter(id);
  }

  static Mail stored(String id, String ref) {
    return letter(id).with(new Content.Stored(ref, 100_000, 7));
  }

  void put(String queue, Object body) throws Exception {
    send(queue, body);
    commit();
  }

  void send(String queue, Object body) throws Exception {
    send(Frame.of(new Task(queue, body), Depot.CODECS, true));
  }

  void send(Frame frame) throws Exception {
    Long there = sent.get(frame.queue());
    sent.put(frame.queue(), 1 + (there == null ? lying(frame.queue()) : there));
    try (var producer = session.createProducer(at.connections().names().at(frame.queue()))) {
      producer.send(frame.message(session));
    }
  }

  void raw(String queue, byte[] bytes) throws Exception {
    send(new Frame(queue, bytes, Map.of("why", "cannot be read"), true));
    commit();
  }

  /// Commits what was sent, and waits until it is there: the broker answers when it has it on the
  /// disk, and puts it on its queue a moment later.
  void commit() throws Exception {
    session.commit();
    for (var each : sent.entrySet()) {
      await().until(() -> lying(each.getKey()) >= each.getValue());
    }
    sent.clear();
  }

  private long lying(String queue) throws ActiveMQException {
    return session.queueQuery(at.connections().names().at(queue)).getMessageCount();
  }

  /// Takes the head of a queue, as a reader does, and keeps it.
  void take(String queue) throws Exception {
    reader = session.createConsumer(at.connections().names().at(queue), null, 0, -1, false);
    assertThat(reader.receive(5000)).isNotNull();
  }

  void giveBack() throws Exception {
    reader.close();
    session.rollback();
  }

  AskedQueues asked(List<Unqueued> posted) throws Exception {
    var verbs = new HashMap<>(QueueVerbs.of(admin, () -> posted, () -> revived++, () -> NOW));
    verbs.putAll(SelectorVerbs.of(admin, () -> revived++, AdminAtBroker::expectSmtp, () -> NOW));
    verbs.put(VerbName.QUEUE_CAT, new CatVerb(admin, this::stored));
    return new AskedQueues(line, verbs);
  }

  /// What the store has: a file named as its reference.
  private InputStream stored(Content.Stored content) throws IOException {
    return Files.newInputStream(line.resolve(content.ref()));
  }

  private static void expectSmtp(String transport) {
    if (!transport.startsWith("smtp:")) {
      throw new IllegalArgumentException("there is no transport " + transport);
    }
  }

  void list(String queue, boolean json, List<Unqueued> posted, StringBuilder out) throws Exception {
    try (var asked = asked(posted)) {
      assertThat(asked.list(json, queue)).isZero();
      out.append(asked.out());
    }
  }

  /// @return how many parts were shown
  int show(Target target, StringBuilder out) throws Exception {
    try (var asked = asked(List.of())) {
      asked.show(target.id().orElseThrow());
      out.append(asked.out());
      return (int) asked.out().lines().filter(line -> line.startsWith("queue:")).count();
    }
  }

  String list(String queue, boolean json) throws Exception {
    var out = new StringBuilder();
    list(queue, json, List.of(), out);
    return out.toString();
  }

  /// The ids on each queue that is not empty.
  Map<String, String> where() throws Exception {
    var where = new TreeMap<String, String>();
    try (var desk = AdminConnection.open(at, Depot.CODECS)) {
      for (String queue : QUEUES.subList(0, QUEUES.size() - 1)) {
        desk.browse(
            queue, "", entry -> where.merge(queue, entry.id().orElse("-"), (a, b) -> a + " " + b));
      }
    }
    return where;
  }

  /// From now on, more than a hundred messages of a queue go into small page files.
  void pageEarly(String queue) {
    var settings = broker.server().getAddressSettingsRepository();
    settings.addMatch(
        queue,
        new AddressSettings(settings.getMatch(queue))
            .setMaxSizeMessages(100)
            .setPageSizeBytes(64 << 10));
  }

  long pages(String queue) throws Exception {
    return broker
        .server()
        .getPagingManager()
        .getPageStore(at.connections().names().at(queue))
        .getNumberOfPages();
  }

  class Readers implements Lanes {
    @Override
    public void flush() {
      lanes.add("flushed");
    }

    @Override
    public Optional<String> first() {
      return Optional.empty();
    }

    @Override
    public <T> T aside(Callable<T> work) throws Exception {
      lanes.add("put back");
      giveBack();
      T result = work.call();
      lanes.add("taken again");
      return result;
    }
  }
}
