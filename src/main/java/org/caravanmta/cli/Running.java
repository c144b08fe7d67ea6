package org.caravanmta.cli;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.caravanmta.Caravan;
import org.caravanmta.account.OwnerOnly;
import org.caravanmta.log.Form;
import org.caravanmta.settings.Hostname;
import org.caravanmta.settings.Settings;
import org.caravanmta.stage.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs Caravan in this process until SIGTERM or SIGINT (`signal(7)`).
final class Running implements Server {
  private static final Logger LOG = LoggerFactory.getLogger(Running.class);

  @Override
  public void run(Settings settings, Path routes) throws Exception {
    settle(settings);
    var lives = new Lives(settings, routes);
    lives.begin();
    Thread.ofPlatform().daemon().name("lives").start(lives::go);
    untilSignal(lives::end, lives.addresses());
  }

  /// One server after the other: another one when a node of a cluster finds that its mail was taken
  /// over while it was cut off.
  private static final class Lives {
    private final Settings settings;
    private final Path routes;
    private final Semaphore again = new Semaphore(0);
    private @Nullable Caravan living;
    private boolean ended;

    Lives(Settings settings, Path routes) {
      this.settings = settings;
      this.routes = routes;
    }

    void begin() throws Problem {
      // this may take long, as when a node is drained; who wants it to end need not wait for it
      Caravan begun = Caravan.start(settings, routes, Running::fatal, again::release);
      synchronized (this) {
        if (!ended) {
          living = begun;
          return;
        }
      }
      begun.close();
    }

    synchronized void end() {
      ended = true;
      close();
    }

    synchronized String addresses() {
      return living == null ? "" : living.addresses();
    }

    private synchronized void close() {
      if (living != null) {
        living.close();
        living = null;
      }
    }

    void go() {
      try {
        while (true) {
          again.acquire();
          close();
          again.drainPermits();
          begin();
          LOG.info("ready again {}", addresses());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Problem problem) {
        LOG.error("Caravan cannot begin again, and ends: {}", String.join("; ", problem.lines()));
        halt(1);
      }
    }
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
