package org.caravanmta.queue.embedded;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.ServiceRegistry;
import org.apache.activemq.artemis.core.server.impl.ServiceRegistryImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.DiskFullMessagePolicy;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzerPolicy;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.embedded.journal.Pace;
import org.caravanmta.queue.spi.QuestionChannel;

/// How the Artemis broker in this process is set up.
public final class BrokerConfiguration {
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

  /// What the names of queues start with that programs send their answers to.
  static final String ANSWERS = "filter-answers.";

  private BrokerConfiguration() {}

  public static Configuration of(Path directory, BrokerSettings settings, Pace pace)
      throws Exception {
    Configuration configuration = configuration(directory, settings, pace);
    if (settings.door().isPresent()) {
      configuration
          .setSecurityEnabled(true)
          .setResolveProtocols(true)
          .addAcceptorConfiguration("stomp", settings.door().get().acceptor());
    }
    return configuration;
  }

  private static Configuration configuration(Path directory, BrokerSettings settings, Pace pace) {
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
        .addAddressSetting(QuestionChannel.REPLIES + "#", unheard())
        .addAddressSetting(ANSWERS + "#", answersOfPrograms())
        .addQueueConfiguration(
            QueueConfiguration.of(EXPIRED)
                .setAddress(EXPIRED)
                .setRoutingType(RoutingType.ANYCAST)
                .setDurable(false)
                .setRingSize(EXPIRED_KEPT));
  }

  /// What the broker does behind a caller's back are short steps, many for each message: a virtual
  /// thread for each spares waking a pool's thread, which costs more than most of the steps.
  static ServiceRegistry executors() {
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

  /// Programs need not say that one of them gets a message, and not all.
  private static AddressSettings answersOfPrograms() {
    return unheard()
        .setDefaultAddressRoutingType(RoutingType.ANYCAST)
        .setDefaultQueueRoutingType(RoutingType.ANYCAST);
  }

  /// Questions that nobody has taken in time are gone: who has asked has the message.
  static AddressSettings questionsToPrograms() {
    return answersOfPrograms().setExpiryAddress(SimpleString.of(""));
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
