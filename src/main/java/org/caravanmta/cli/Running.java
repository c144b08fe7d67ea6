package org.caravanmta.cli;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.caravanmta.Caravan;
import org.caravanmta.account.OwnerOnly;
import org.caravanmta.log.Form;
import org.caravanmta.settings.Hostname;
import org.caravanmta.settings.Settings;
import org.caravanmta.stage.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs Caravan in this process until SIGTERM or SIGINT (`signal(7)`).
final class Running implements Server {
  private static final Logger LOG = LoggerFactory.getLogger(Running.class);

  @Override
  public void run(Settings settings, Path routes) throws Exception {
    settle(settings);
    Caravan caravan = Caravan.start(settings, routes, Running::fatal);
    untilSignal(caravan::close, caravan.addresses());
  }

  /// What every process does that runs until it gets a signal, before it opens anything.
  static void settle(Settings settings) {
    Hangup.ignore();
    Form.use(form(settings));
    try {
      OwnerOnly.umask();
    } catch (IOException e) {
      LOG.warn("{}; what is in data.directory is closed to others all the same", e.getMessage());
    }
  }

  /// Says that it runs, and waits for the signal, after which it closes what runs.
  static void untilSignal(Runnable close, String addresses) throws InterruptedException {
    // only so can the process end with a status of its own after a signal
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("end")
                .unstarted(
                    () -> {
                      close.run();
                      LOG.info("ended");
                      halt(0);
                    }));
    System.out.println(("ready " + addresses).strip());
    System.out.flush();
    new CountDownLatch(1).await();
  }

  private static Form form(Settings settings) {
    String pid = System.getProperty("caravan.pid", "0");
    return switch (settings.log().format()) {
      case CARAVAN -> new Form.Caravan(pid);
      case POSTFIX -> new Form.Postfix(Hostname.of(settings), pid);
    };
  }

  @Override
  public List<String> check(
      Settings settings, Optional<Path> config, Path routes, Consumer<String> warning) {
    try {
      Caravan.check(settings, config, routes).forEach(warning);
      return List.of();
    } catch (Problem problem) {
      return problem.lines();
    }
  }

  /// Ends the process at once, since no mail that is accepted from now on could be kept. Mail that
  /// is being handled is still in the journal, and is handled again after the next start.
  private static void fatal(Throwable why) {
    LOG.error("the journal can no longer be written, Caravan ends: {}", why.toString());
    halt(1);
  }

  private static void halt(int status) {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    System.out.flush();
    Runtime.getRuntime().halt(status);
  }
}
