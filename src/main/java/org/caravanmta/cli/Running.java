package org.caravanmta.cli;

import ch.qos.logback.classic.LoggerContext;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.Caravan;
import org.caravanmta.Problem;
import org.caravanmta.config.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Caravan in this process, until it is told to end.
final class Running implements Server {
  private static final Logger log = LoggerFactory.getLogger(Running.class);

  /// Zero unless the journal could no longer be written.
  private final AtomicInteger status = new AtomicInteger();

  @Override
  public void run(Settings settings, Path routes) throws Exception {
    Caravan caravan = Caravan.start(settings, routes, this::fatal);
    // the only way to end with a status of our own after a signal
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("end")
                .unstarted(
                    () -> {
                      caravan.close();
                      log.info("ended");
                      ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
                      System.out.flush();
                      Runtime.getRuntime().halt(status.get());
                    }));
    System.out.println("ready " + caravan.addresses());
    System.out.flush();
    new CountDownLatch(1).await();
  }

  @Override
  public List<String> check(Settings settings, Path routes) {
    try {
      Caravan.check(settings, routes);
      return List.of();
    } catch (Problem problem) {
      return problem.lines();
    }
  }

  /// Nothing that is accepted from here on could be kept.
  private void fatal(Throwable why) {
    log.error("the journal can no longer be written, Caravan ends: {}", why.toString(), why);
    status.set(1);
    Thread.ofPlatform().name("fatal").start(() -> System.exit(1));
  }
}
