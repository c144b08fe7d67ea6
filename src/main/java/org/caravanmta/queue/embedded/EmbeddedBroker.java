package org.caravanmta.queue.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.postoffice.impl.LocalQueueBinding;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.ServiceRegistry;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.server.impl.ServiceRegistryImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.DiskFullMessagePolicy;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzerPolicy;
import org.caravanmta.account.OwnerOnly;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.camel.Requests;
import org.caravanmta.queue.embedded.journal.Inspection;
import org.caravanmta.queue.embedded.journal.Pace;
import org.caravanmta.queue.spi.Room;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Artemis broker inside this process: every queue, in one journal below one directory.
public final class EmbeddedBroker implements AutoCloseable {
  /// A queue longer than this pages: what waits longest costs no memory and is not read at start.
  private static final int MESSAGES_IN_MEMORY = 20_000;

  /// Bytes of a paging queue that are read before they are wanted, and that may be in flight: the
  /// largest window full of the largest messages, or slow deliveries would hold up all after them.
  private static final int PAGED_AHEAD = 2 << 20;

  private static final int PAGED_IN_FLIGHT = 64 << 20;

  /// Where questions end that nobody took in time; only the last few are kept, for anyone who wants
  /// to look.
  private static final String EXPIRED = "expired";

  private static final long EXPIRED_KEPT = 100;

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

  private final int number;
  private final FileChannel lock;
  private final Room room;
  private final ActiveMQServer server;
  private final Interior interior;

  private EmbeddedBroker(int number, FileChannel lock, Room room, ActiveMQServer server) {
    this.number = number;
    this.lock = lock;
    this.room = room;
    this.server = server;
    this.interior = new Interior(server);
  }

  /// Starts a broker that keeps everything below `directory`, and reads back what is there.
  ///
  /// @throws IOException if the directory cannot be written to, or another process uses it; one
  ///   sentence says which
  public static EmbeddedBroker start(Path directory, BrokerSettings settings) throws IOException {
    FileChannel lock = lock(directory);
    try {
      int number = NUMBERS.getAndIncrement();
      var configuration = configuration(directory, settings, Pace.measure(directory));
      configuration.addAcceptorConfiguration("vm", "vm://" + number);
      var server = new ActiveMQServerImpl(configuration, null, null, null, executors());
      Inspection.inspect(directory.resolve("journal"));
      // which queue a message is on is known by the queue's number in there
      Inspection.inspect(directory.resolve("bindings"));
      server.start();
      if (!server.isActive()) {
        throw new IOException(
            "the journal is damaged, or cannot be read, see the log; put back a copy of "
                + directory.resolve("bindings")
                + ", the list of queues, or of the journal beside it");
      }
      server.getManagementService().enableNotifications(false);
      return new EmbeddedBroker(number, lock, new Room(directory, settings.minDiskFree()), server);
    } catch (Exception e) {
      lock.close();
      throw new IOException("the broker in " + directory + " did not start: " + e.getMessage(), e);
    }
  }

  /// Tells `listener` when the journal can no longer be written: from then on nothing can be
  /// promised, so reception must stop and the process end.
  public void onFatal(Consumer<Throwable> listener) {
    server.registerIOCriticalErrorListener((cause, _, _) -> listener.accept(cause));
  }

  /// Writes to the log which queues hold mail that nobody will take, because no route does, or
  /// because what is on the disk no longer says what they were.
  ///
  /// @param known the queues of all routes
  public void reportStrays(Collection<String> known) {
    server
        .getPostOffice()
        .getAllBindings()
        .filter(LocalQueueBinding.class::isInstance)
        .map(binding -> ((LocalQueueBinding) binding).getQueue())
        .filter(Queue::isDurable)
        .forEach(queue -> reportStray(queue, known));
  }

  private static void reportStray(Queue queue, Collection<String> known) {
    String name = queue.getName().toString();
    long waiting = queue.getMessageCount();
    if (!known.contains(name) && waiting > 0) {
      LOG.error(
          "the journal is damaged, or a route is gone: {} messages are on the queue {}, from which"
              + " no stage takes any",
          waiting,
          Printable.text(name));
    } else if (known.contains(name) && !queue.getAddress().equals(queue.getName())) {
      LOG.error("the journal is damaged: nothing reaches the queue {}", name);
    }
  }

  /// Everything that was confirmed is on the disk; the rest comes back at the next start.
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the broker did not stop: " + e.getMessage(), e);
    } finally {
      unlock();
    }
  }

  private void unlock() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new IllegalStateException("the broker's lock stays: " + e.getMessage(), e);
    }
  }

  public String url() {
    return "vm://" + number;
  }

  public Interior interior() {
    return interior;
  }

  public Room room() {
    return room;
  }

  public ActiveMQServer server() {
    return server;
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel;
    try {
      OwnerOnly.directory(directory);
      channel =
          FileChannel.open(
              directory.resolve("broker.lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              OwnerOnly.FILE);
    } catch (IOException e) {
      throw new IOException("the broker cannot write to " + directory + ": " + e, e);
    }
    // the broker would wait for its own lock forever
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // held by this very process
    }
    channel.close();
    throw new IOException("another Caravan is running in " + directory);
  }

  public static Configuration configuration(Path directory, BrokerSettings settings, Pace pace)
      throws Exception {
    return new ConfigurationImpl()
        .setName("caravan")
        .setPersistenceEnabled(true)
        .setSecurityEnabled(false)
        .setResolveProtocols(false)
        .setWildCardConfiguration(new WildcardConfiguration().setRoutingEnabled(false))
        .setJMXManagementEnabled(false)
        .setJournalDirectory(directory.resolve("journal").toString())
        .setBindingsDirectory(directory.resolve("bindings").toString())
        .setPagingDirectory(directory.resolve("paging").toString())
        .setLargeMessagesDirectory(directory.resolve("large").toString())
        .setJournalType(JournalType.NIO)
        .setJournalDatasync(true)
        .setJournalBufferTimeout_NIO(pace.nanos())
        .setJournalFileSize(10 << 20)
        .setJournalMinFiles(2)
        .setJournalPoolFiles(20)
        .setGlobalMaxSize(settings.memory())
        .setMinDiskFree(settings.minDiskFree() / 4)
        .setDiskScanPeriod(2000)
        // only questions expire
        .setMessageExpiryScanPeriod(10_000)
        .setIDCacheSize(0)
        .setCriticalAnalyzerPolicy(CriticalAnalyzerPolicy.LOG)
        .addAddressSetting("#", addresses())
        // what nobody listens to is not mail
        .addAddressSetting("activemq.notifications", unheard())
        .addAddressSetting(Requests.REPLIES + "#", unheard())
        .addQueueConfiguration(
            QueueConfiguration.of(EXPIRED)
                .setAddress(EXPIRED)
                .setRoutingType(RoutingType.ANYCAST)
                .setDurable(false)
                .setRingSize(EXPIRED_KEPT));
  }

  /// What the broker does behind a caller's back are short steps, many for each message: a virtual
  /// thread for each spares waking a pool's thread, which costs more than most of the steps.
  private static ServiceRegistry executors() {
    var registry = new ServiceRegistryImpl();
    registry.setExecutorService(virtual("broker"));
    registry.setIOExecutorService(virtual("broker-journal"));
    return registry;
  }

  private static ExecutorService virtual(String name) {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name).factory());
  }

  private static AddressSettings unheard() {
    return addresses().setSendToDLAOnNoRoute(false);
  }

  private static AddressSettings addresses() {
    return new AddressSettings()
        .setAutoCreateQueues(false)
        .setAutoDeleteQueues(false)
        .setAutoCreateAddresses(false)
        .setAutoDeleteAddresses(false)
        .setDeadLetterAddress(SimpleString.of(Queues.DEAD))
        .setExpiryAddress(SimpleString.of(EXPIRED))
        .setSendToDLAOnNoRoute(true)
        // the readers count; a lane may be taken and put back for days
        .setMaxDeliveryAttempts(-1)
        .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
        .setMaxSizeMessages(MESSAGES_IN_MEMORY)
        .setPageSizeBytes(2 << 20)
        .setPrefetchPageBytes(PAGED_AHEAD)
        .setMaxReadPageBytes(PAGED_IN_FLIGHT)
        .setDiskFullMessagePolicy(DiskFullMessagePolicy.FAIL)
        .setIDCacheSize(0);
  }
}
