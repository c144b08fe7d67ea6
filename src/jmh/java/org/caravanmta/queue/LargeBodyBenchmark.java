package org.caravanmta.queue;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnector;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.StoredSpool;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.spi.Topology;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A large body on its way through a message's stages, kept apart as a file of ours whose reference
/// travels, or in the message itself, which the broker keeps as a file of its own (Artemis: large
/// messages). Each stage changes the envelope, so that what it passes on is a new message. Both are
/// synced before the first queue has them, and read once at the end.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LargeBodyBenchmark {
  private static final List<String> STAGES =
      List.of("routing", "report", "delivery.smtp", "delivery.local");
  private static final int AT_ONCE = 64 << 10;
  private static final long PATIENCE = 10_000;

  @Param({"524288", "4194304"})
  public int size;

  @Param({"1", "4"})
  public int stages;

  private Path directory;
  private EmbeddedBroker broker;
  private ClientSessionFactory connection;
  private ClientSession session;
  private ClientProducer producer;
  private ContentStore store;
  private Path body;
  private int count;

  @Setup(Level.Trial)
  public void start() throws Exception {
    directory = Files.createTempDirectory("bodies");
    broker = EmbeddedBroker.start(directory.resolve("broker"), Depot.SETTINGS);
    store = ContentStore.open(Files.createDirectory(directory.resolve("content")));
    connection = broker.connections().open();
    session = broker.connections().transacted(connection);
    var topology = new Topology(_ -> {});
    topology.add(STAGES);
    topology.ensure(session, broker.connections().names());
    session.start();
    producer = session.createProducer();
    var bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    body = Files.write(directory.resolve("body"), bytes);
  }

  @TearDown(Level.Trial)
  public void stop() throws Exception {
    connection.close();
    broker.close();
    // they would wait a minute for the next client
    ActiveMQClient.clearThreadPools();
    InVMConnector.resetThreadPool();
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Benchmark
  public long keptApart() throws Exception {
    String ref = "4kept" + count++;
    StoredSpool spool = store.create(ref);
    try (InputStream from = Files.newInputStream(body)) {
      var some = new byte[AT_ONCE];
      for (int read = from.read(some); read >= 0; read = from.read(some)) {
        spool.write(some, 0, read);
      }
    }
    Content.Stored stored = spool.finish();
    send(STAGES.getFirst(), reference(ref));
    session.commit();
    for (int i = 0; i < stages; i++) {
      try (ClientConsumer consumer = session.createConsumer(STAGES.get(i))) {
        ClientMessage taken = taken(consumer);
        if (i + 1 < stages) {
          send(STAGES.get(i + 1), reference(taken.getStringProperty("ref")));
        }
        taken.acknowledge();
        if (i + 1 == stages) {
          try (InputStream in = store.read(stored)) {
            in.transferTo(OutputStream.nullOutputStream());
          }
        }
        session.commit();
      }
    }
    store.release(ref);
    return stored.length();
  }

  @Benchmark
  public long largeMessage() throws Exception {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(body), AT_ONCE)) {
      send(STAGES.getFirst(), large(in));
      session.commit();
    }
    for (int i = 0; i < stages; i++) {
      try (ClientConsumer consumer = session.createConsumer(STAGES.get(i))) {
        ClientMessage taken = taken(consumer);
        if (i + 1 < stages) {
          Path between = directory.resolve("between");
          try (OutputStream out =
              new BufferedOutputStream(Files.newOutputStream(between), AT_ONCE)) {
            taken.saveToOutputStream(out);
          }
          try (InputStream in = new BufferedInputStream(Files.newInputStream(between), AT_ONCE)) {
            send(STAGES.get(i + 1), large(in));
          }
        } else {
          taken.saveToOutputStream(OutputStream.nullOutputStream());
        }
        taken.acknowledge();
        session.commit();
      }
    }
    return size;
  }

  private ClientMessage reference(String ref) {
    ClientMessage message = session.createMessage(Message.BYTES_TYPE, true);
    message.putStringProperty("ref", ref);
    return message;
  }

  private ClientMessage large(InputStream in) {
    ClientMessage message = session.createMessage(Message.BYTES_TYPE, true);
    message.setBodyInputStream(in);
    return message;
  }

  private void send(String queue, ClientMessage message) throws Exception {
    producer.send(queue, message);
  }

  private static ClientMessage taken(ClientConsumer consumer) throws Exception {
    ClientMessage message = consumer.receive(PATIENCE);
    if (message == null) {
      throw new IOException("nothing has come");
    }
    return message;
  }
}
