package org.caravanmta.queue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.caravanmta.message.ContentStore;
import org.caravanmta.queue.embedded.BrokerSettings;
import org.caravanmta.queue.embedded.EmbeddedBroker;
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

/// A body that is too large for a queue message, on its way through the queues between stages, by
/// the broker's client for all: as a large message of the broker's, whose file it writes for each
/// queue; as a file of our own, to which the messages refer; and as that, with a copy in a second
/// place, as a keeper has it.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LargeBodyBenchmark {
  /// From reception to delivery.
  private static final int QUEUES = 6;

  private static final String ID = "4G1s2zT8kLz0Bc7d";

  @Param({"200000", "2000000"})
  private int size;

  private byte[] body = {};
  private Path directory;
  private EmbeddedBroker broker;
  private ServerLocator locator;
  private ClientSessionFactory factory;
  private ClientSession session;
  private ClientProducer producer;
  private final List<ClientConsumer> consumers = new ArrayList<>();
  private ContentStore store;
  private ContentStore copies;

  @Setup(Level.Trial)
  public void start() throws Exception {
    body = "a line of a message, as long as they are\r\n".repeat(size / 42).getBytes(StandardCharsets.US_ASCII);
    directory = Files.createTempDirectory("bodies");
    broker = EmbeddedBroker.start(directory.resolve("broker"), BrokerSettings.of(0));
    store = ContentStore.open(directory.resolve("content"));
    copies = ContentStore.open(directory.resolve("copies"));
    locator = ActiveMQClient.createServerLocator(broker.url());
    factory = locator.createSessionFactory();
    session = factory.createSession(false, false, 0);
    for (int i = 0; i < QUEUES; i++) {
      session.createQueue(QueueConfiguration.of("q" + i).setRoutingType(RoutingType.ANYCAST));
      consumers.add(session.createConsumer("q" + i));
    }
    producer = session.createProducer();
    session.start();
  }

  @TearDown(Level.Trial)
  public void stop() throws Exception {
    session.close();
    factory.close();
    locator.close();
    broker.close();
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Benchmark
  public void largeMessage() throws ActiveMQException, IOException {
    pass(body);
  }

  @Benchmark
  public void storedBody() throws ActiveMQException, IOException {
    write(store);
    pass(new byte[1000]);
    store.release(ID);
  }

  @Benchmark
  public void storedBodyWithCopy() throws ActiveMQException, IOException {
    write(store);
    write(copies);
    pass(new byte[1000]);
    store.release(ID);
    copies.release(ID);
  }

  private void write(ContentStore to) throws IOException {
    var spool = to.create(ID);
    spool.write(body);
    spool.finish();
  }

  /// From queue to queue: taken and put on the next in one transaction.
  private void pass(byte[] content) throws ActiveMQException {
    byte[] carried = content;
    for (int i = 0; i < QUEUES; i++) {
      ClientMessage message = session.createMessage(true);
      message.getBodyBuffer().writeBytes(carried);
      producer.send("q" + i, message);
      session.commit();
      ClientMessage taken = consumers.get(i).receive();
      var read = new ByteArrayOutputStream(size);
      taken.saveToOutputStream(read);
      carried = read.toByteArray();
      taken.acknowledge();
    }
    session.commit();
  }
}
