package org.caravanmta.queue;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.caravanmta.queue.embedded.BrokerConfiguration;
import org.caravanmta.queue.embedded.journal.Pace;

/// A broker of its own, on TCP: `BrokerProcess DIRECTORY PORT`.
public final class BrokerProcess {
  private BrokerProcess() {}

  private static final int IDS = 20_000;

  public static final String READY = "the broker is ready";

  /// Starts one and waits until it takes connections.
  public static Child start(Path directory, int port) throws IOException {
    return Child.start(BrokerProcess.class, READY, directory.toString(), String.valueOf(port));
  }

  public static void main(String[] arguments) throws Exception {
    var configuration =
        BrokerConfiguration.of(Path.of(arguments[0]), Depot.SETTINGS, new Pace(100_000));
    // as a broker of its own has it: what is sent twice is known again
    configuration.setIDCacheSize(IDS).setPersistIDCache(true);
    configuration.getAddressSettings().values().forEach(each -> each.setIDCacheSize(IDS));
    configuration.addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + arguments[1]);
    new ActiveMQServerImpl(configuration).start();
    System.out.println(READY);
    Thread.currentThread().join();
  }
}
