package org.caravanmta.submission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.caravanmta.policy.Case;
import org.caravanmta.queue.admin.Unqueued;
import org.caravanmta.stage.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The start of a route that collects posted mail, `from: maildrop:DIRECTORY` (postfix
/// `pickup(8)`): one exchange for each message, its body a question as reception asks it, and the
/// body at the route's end says whether the queues have it.
public final class MaildropComponent extends DefaultComponent {
  private static final Logger LOG = LoggerFactory.getLogger(MaildropComponent.class);

  /// How often the directory is looked at when nothing is heard of it, as on a network file system.
  private static final Duration LOOK = Duration.ofSeconds(2);

  /// How long the message in progress may take when the route stops.
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Collector collector;

  public MaildropComponent(Collector collector) {
    this.collector = collector;
  }

  /// What lies in the directory, for the operator.
  public List<Unqueued> waiting() {
    try {
      return collector.waiting().stream()
          .map(
              waiting ->
                  new Unqueued(
                      waiting.aside() ? Unqueued.MAILDROP + ".corrupt" : Unqueued.MAILDROP,
                      waiting.name(),
                      waiting.since(),
                      waiting.size(),
                      waiting.sender(),
                      waiting.why()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the maildrop cannot be listed", e);
    }
  }

  @Override
  protected Endpoint createEndpoint(String uri, String directory, Map<String, Object> parameters) {
    return new DefaultEndpoint(uri, this) {
      @Override
      public Consumer createConsumer(Processor processor) throws Exception {
        var consumer = new Collecting(this, processor, collector);
        configureConsumer(consumer);
        return consumer;
      }

      @Override
      public Producer createProducer() {
        throw new UnsupportedOperationException("a maildrop is filled by the command sendmail");
      }
    };
  }

  private static final class Collecting extends DefaultConsumer {
    private final Collector collector;
    private volatile boolean end;
    private String said = "";
    private @Nullable WatchService watch;
    private @Nullable Thread thread;

    Collecting(Endpoint endpoint, Processor processor, Collector collector) {
      super(endpoint, processor);
      this.collector = collector;
    }

    @Override
    protected void doStart() throws Exception {
      super.doStart();
      try {
        collector.open();
      } catch (IOException e) {
        throw new IOException("maildrop.directory: " + e.getMessage(), e);
      }
      var directory = collector.maildrop().directory();
      WatchService opened = directory.getFileSystem().newWatchService();
      directory.register(opened, StandardWatchEventKinds.ENTRY_CREATE);
      watch = opened;
      end = false;
      thread = Thread.ofPlatform().name("maildrop").start(() -> run(opened));
    }

    @Override
    protected void doStop() throws Exception {
      end = true;
      if (watch != null) {
        watch.close();
      }
      if (thread != null && !thread.join(PATIENCE)) {
        LOG.warn("stopped while a message was collected, which will be collected again");
      }
      super.doStop();
    }

    private void run(WatchService events) {
      try {
        while (!end) {
          collect();
          WatchKey key = events.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
          if (key != null) {
            key.pollEvents();
            key.reset();
          }
        }
      } catch (ClosedWatchServiceException | InterruptedException e) {
        LOG.debug("the maildrop is no longer collected");
      }
    }

    /// What goes wrong is said once for as long as it is the same.
    private void collect() {
      String now = "";
      try {
        collector.collect(this::pass, () -> end);
      } catch (IOException e) {
        now = Problem.inOneLine(e);
        if (!now.equals(said)) {
          LOG.error("the maildrop cannot be collected: {}", now);
        }
      } catch (RuntimeException | Error e) {
        // whatever it is, the next look may find it mended, and without one no mail is collected
        now = Problem.inOneLine(e);
        if (!now.equals(said)) {
          LOG.error("the maildrop cannot be collected: {}", now, e);
        }
      }
      said = now;
    }

    private Object pass(Case.Message message) throws Exception {
      Exchange exchange = createExchange(false);
      try {
        exchange.getMessage().setBody(message);
        // what conditions of routes see of mail by SMTP too
        exchange.getMessage().setHeader("stage", message.stage());
        exchange.getMessage().setHeader("own", message.client().own());
        exchange.getMessage().setHeader("trusted", message.client().trusted());
        exchange.getMessage().setHeader("listener", message.client().listener());
        getProcessor().process(exchange);
        if (exchange.getException() != null) {
          throw exchange.getException();
        }
        return exchange.getMessage().getBody();
      } finally {
        releaseExchange(exchange, false);
      }
    }
  }
}
