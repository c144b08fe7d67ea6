package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.caravanmta.address.Address;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.spi.Frame;
import org.junit.jupiter.api.Test;

/// Each verb over many deferred messages, while other mail flows through the broker. With the
/// system property `caravan.verbs.messages` there are so many, and how long each verb took is
/// printed.
class ManyMessagesTest extends AdminAtBroker {
  private static final String PROPERTY = "caravan.verbs.messages";
  private static final int MESSAGES = Integer.getInteger(PROPERTY, 3_000);
  private static final int DOMAINS = 100;
  private static final int BATCH = 500;

  private String out = "";

  private static Mail deferred(int number) {
    String domain = "d" + number % DOMAINS + ".example";
    Mail mail = letter("4zM" + number);
    return mail.with(mail.envelope().with(Destination.of("smtp", domain)))
        .with(
            List.of(
                Recipient.of(Address.parse("kim@" + domain))
                    .because(
                        Reason.of("4.4.1", "connect to mx." + domain + ": Connection refused"))));
  }

  private void fill() throws Exception {
    for (int number = 0; number < MESSAGES; number++) {
      send("deferred.1h", deferred(number));
      if (number % BATCH == BATCH - 1) {
        commit();
      }
    }
    commit();
  }

  private void run(int lines, String... args) throws Exception {
    long begin = System.nanoTime();
    try (var asked = asked(List.of())) {
      int status = asked.run(args);
      assertThat(asked.err()).isEmpty();
      assertThat(status).isZero();
      out = asked.out();
    }
    if (Integer.getInteger(PROPERTY) != null) {
      long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
      long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
      System.out.printf("%6d ms, %4d MiB: %s%n", millis, heap >> 20, String.join(" ", args));
    }
    assertThat(out.lines().count()).isEqualTo(lines);
  }

  private void expectLast(String line) {
    assertThat(out.lines().reduce("", (_, last) -> last)).isEqualTo(line);
  }

  @Test
  void eachVerbIsDoneToAllThatAreMeantWhileMailFlows() throws Exception {
    fill();
    var stop = new AtomicBoolean();
    var flowed = new AtomicLong();
    Thread flow = Thread.ofPlatform().start(() -> flow(stop, flowed));
    try {
      verbs();
    } finally {
      stop.set(true);
      flow.join();
    }
    assertThat(flowed.get()).isPositive();
  }

  private void verbs() throws Exception {
    int all = MESSAGES;
    int one = MESSAGES / DOMAINS;
    String[] deferred = {"--queue", "deferred.*"};
    run(all, "list", "--json", deferred[0], deferred[1]);
    run(3, "count", deferred[0], deferred[1]);
    assertThat(out.lines().toList().get(1).split(" +"))
        .startsWith("deferred.1h", "" + all, "" + all);
    run(DOMAINS + 2, "shape", "deferred.*");
    run(one, "list", "--json", "--domain", "d7.example");
    run(one + 1, "hold", "--domain", "d7.example");
    expectLast(one + " put on hold");
    run(one + 1, "release", "--queue", "hold");
    expectLast(one + " released");
    assertThat(at.look("routing").depth()).isEqualTo(one);
    run(all - one + 1, "bounce", "--dry-run", deferred[0], deferred[1]);
    expectLast(all - one + " would be returned to the sender");
    run(all - one + 1, "hold", deferred[0], deferred[1]);
    run(all - one + 1, "reroute", "--to", "smtp:[192.0.2.9]:25", "--queue", "hold");
    expectLast(all - one + " rerouted");
    run(all - one + 1, "release", "--queue", "hold");
    run(all + 1, "requeue", "--queue", "routing");
    assertThat(at.look("requeue").depth()).isEqualTo(all);
    run(all + 1, "delete", "--queue", "requeue");
    expectLast(all + " deleted");
    assertThat(at.look("requeue").depth()).isZero();
    assertThat(at.look("operator").depth()).isZero();
  }

  /// Other mail, through a queue that no verb is about.
  private void flow(AtomicBoolean stop, AtomicLong flowed) {
    var queue = at.connections().names().at("delivery.smtp");
    try (var own = at.connections().open();
        var through = at.connections().transacted(own);
        var producer = through.createProducer(queue);
        var consumer = through.createConsumer(queue)) {
      through.start();
      while (!stop.get()) {
        var task = new Task(queue.toString(), letter("4zF" + flowed));
        producer.send(Frame.of(task, Depot.CODECS, true).message(through));
        through.commit();
        ClientMessage taken = consumer.receive(5_000);
        if (taken == null) {
          return;
        }
        taken.acknowledge();
        through.commit();
        flowed.incrementAndGet();
      }
    } catch (Exception e) {
      flowed.set(Long.MIN_VALUE);
    }
  }
}
