package org.caravanmta.delivery.endpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Feedback;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.delivery.watch.AttemptRow;
import org.caravanmta.delivery.watch.WatchedAttempts;
import org.caravanmta.message.Content;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Cases;
import org.caravanmta.smtp.Attempt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One message, one endpoint, one outcome.
class CamelDeliveryTest {
  private static final String HEADERS =
      "Subject: x\r\nCamelFileName: ../../evil\r\nCamelHttpUri: http://evil.example\r\n";

  @TempDir Path directory;
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final Desk desk = new Desk();
  private CamelDelivery delivery = delivery(Duration.ofMinutes(1), 5, 3);

  @BeforeEach
  void start() {
    camel.addComponent("desk", desk);
    camel.start();
  }

  @AfterEach
  void stop() {
    desk.hang.countDown();
    delivery.close();
    camel.stop();
  }

  @Test
  void theBodyIsTheMessageAndNothingOfItIsAHeader() {
    TaskOutcome outcome = delivery.deliver(mail("desk:a", "r@d.example", "s@d.example"));

    assertThat(outcome.results())
        .hasSize(2)
        .allSatisfy(
            result -> {
              assertThat(result.attempt())
                  .isEqualTo(new Attempt.Delivered("delivered to the endpoint", "desk:a"));
              assertThat(result.relay()).isEqualTo("desk:a");
            });
    assertThat(desk.bodies).containsExactly(HEADERS + "\r\nHello\r\n");
    assertThat(desk.headers.getFirst())
        .containsEntry("CaravanId", "4XyZ")
        .containsEntry("CaravanSender", "ann@far.example")
        .containsEntry("CaravanRecipients", "r@d.example, s@d.example")
        .containsEntry("CaravanOriginalRecipients", "r@d.example, s@d.example")
        .containsEntry("CaravanTransport", "camel")
        .containsEntry("CaravanNextHop", "desk:a")
        .containsEntry("CaravanArrived", "2026-03-01T12:00:00Z")
        .containsEntry("CaravanClientAddress", "127.0.0.1")
        .containsEntry("CaravanQueue", "delivery.camel")
        .containsEntry("Content-Type", "message/rfc822")
        .allSatisfy((name, _) -> assertThat(name).matches("Caravan.*|Content-Type|CamelFileName"));
    assertThat((String) desk.headers.getFirst().get("CamelFileName"))
        .matches("4XyZ-[0-9a-f]{8}\\.eml");
  }

  @Test
  void anEndpointThatHangsIsLeftWhenItsAttemptIsCut() {
    try (var attempts = new WatchedAttempts()) {
      var attempt = attempts.begin(delivery::deliver, mail("desk:a?hangs=true", "r@d.example"));
      AttemptRow row = attempts.at("endpoint");
      assertThat(row.server()).isEqualTo("desk:a");
      assertThat(attempts.cut(row.number())).isTrue();
      assertThat(deferred(WatchedAttempts.outcome(attempt)))
          .contains("delivery with desk:a was cut by the operator (ann)");
      await().until(() -> desk.interrupted.get() == 1);
    }
  }

  @Test
  void bytesAreTheSameAtAFile() throws Exception {
    byte[] all = new byte[70_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i % 251 + i / 256);
    }
    String headers = "Subject: caf\u00e9\r\nX: \u0001\r\n\tfolded \r\n";
    Mail mail =
        mail("file:" + directory + "?fileName=${header.CaravanId}.eml", "r@d.example")
            .with(Headers.parse(headers.getBytes(ISO_8859_1)));

    delivery.deliver(mail.with(new Content.Inline(all)));
    byte[] inline = Files.readAllBytes(directory.resolve("4XyZ.eml"));
    delivery.deliver(mail.with(new Content.Stored("ref", all.length, 1)));

    assertThat(inline).startsWith(headers.getBytes(ISO_8859_1)).endsWith(all);
    assertThat(inline).hasSize(headers.length() + 2 + all.length);
    assertThat(Files.readString(directory.resolve("4XyZ.eml"), ISO_8859_1))
        .isEqualTo(headers + "\r\nstored " + all.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafka:tickets?brokers=h | there is no Camel component kafka here: `caravan component add"
            + " kafka` adds it, then restart",
        "sftp:h/x?password=s3cret | there is no Camel component sftp here: `caravan component add"
            + " ftp` adds it, then restart",
        "tickets.example | camel: needs the URI of an endpoint after it, such as"
            + " camel:kafka:tickets",
        "artemis:routing | camel: does not reach Caravan's own artemis: name a transport instead",
        "desk:a?pasword=s3cret | endpoint desk:a: There are 1 parameters that couldn't be set on"
            + " the endpoint. Check the uri if the parameters are spelt correctly and that they are"
            + " properties of the endpoint. Unknown parameters=[{pasword=xxxxxx}]",
        "https://ann:s3cret@h.example:84x43/mail | endpoint https://xxxxxx@h.example:84x43/mail:"
            + " expected a port up to 65535: \"84x43\"",
        "http:h.example:70000?x=s3cret | endpoint http:h.example:70000: expected a port up to"
            + " 65535: \"70000\"",
        "desk:a?token={{nowhere}} | endpoint desk:a: Property with key [nowhere] not found in"
            + " properties from text: token=xxxxxx"
      })
  void whatTheOperatorMustMendWaits(String uri, String why) {
    delivery = delivery(Duration.ofMinutes(1), 5, 3, "fail text=/./");

    assertThat(deferred(delivery.deliver(mail(uri, "r@d.example")))).isEqualTo("4.3.5 " + why);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Endpoints(camel).make(uri))
        .withMessage(why);
  }

  @Test
  void nobodyReadsAPassword() {
    camel.getPropertiesComponent().addInitialProperty("word", "hunter2");
    String uri = "desk:ann:pa55@home?token=s3cret&secret=RAW(a&b c)&other={{word}}&fails=true";

    assertThat(deferred(delivery.deliver(mail(uri, "r@d.example"))))
        .startsWith("4.3.0 ")
        .contains("cannot reach desk:", "xxxxxx")
        .doesNotContain("pa55", "s3cret", "a&b", "hunter2");
    assertThat(desk.headers.getFirst().values().toString())
        .doesNotContain("pa55", "s3cret", "a&b", "hunter2");
  }

  @Test
  void anEndpointThatHangsIsLeft() {
    delivery = delivery(Duration.ofMillis(50), 5, 2);

    var slow = deferred(delivery.deliver(mail("desk:a?hangs=true", "r@d.example")));

    assertThat(slow).isEqualTo("4.4.2 no answer from the endpoint in 0 s");
    await().until(() -> desk.interrupted.get() == 1);
    assertThat(sent(delivery.deliver(mail("desk:b", "r@d.example")))).isTrue();
  }

  /// It keeps its places, and takes no more of them: other endpoints have theirs.
  @Test
  void oneThatCannotBeInterruptedHoldsUpItsOwnMailOnly() {
    // for a busy machine, on which the other mail may take a while
    delivery = delivery(Duration.ofSeconds(1), 5, 2);
    for (int i = 0; i < 2; i++) {
      deferred(delivery.deliver(mail("desk:a?deaf=true", "r@d.example")));
    }

    TaskOutcome third = delivery.deliver(mail("desk:a?deaf=true", "r@d.example"));

    assertThat(deferred(third)).isEqualTo("4.3.2 the endpoint is busy with other messages");
    assertThat(third.tried()).isFalse();
    assertThat(desk.bodies).hasSize(2);
    assertThat(sent(delivery.deliver(mail("desk:b", "r@d.example")))).isTrue();
    desk.hang.countDown();
    await().until(() -> delivery.deliver(mail("desk:a?deaf=true", "r@d.example")).tried());
  }

  @Test
  void thoseNotInUseAreEnded() {
    for (String name : List.of("a", "b", "a", "c", "d", "e", "f", "g", "a")) {
      delivery.deliver(mail("desk:" + name, "r@d.example"));
    }

    assertThat(delivery.open()).isEqualTo(5);
    assertThat(desk.made).hasValue(8);
    await().until(() -> desk.ended.get() == 3);
    delivery.close();
    assertThat(desk.ended).hasValue(8);
    assertThat(camel.getEndpoints()).isEmpty();
  }

  @Test
  void checkingStartsNothing() {
    new Endpoints(camel).make("desk:a");

    assertThat(desk.made).hasValue(0);
    assertThat(camel.getEndpoints()).isEmpty();
  }

  private CamelDelivery delivery(Duration timeout, int endpoints, int places, String... rules) {
    return new CamelDelivery(
        new CamelSettings(timeout, places, endpoints, List.of(rules)),
        new Endpoints(camel),
        new MailText(
            stored -> new ByteArrayInputStream(("stored " + stored.length()).getBytes(UTF_8))),
        new Destinations(
            new Limits(
                places,
                Duration.ofMinutes(5),
                Duration.ZERO,
                Duration.ZERO,
                new WindowSettings(places, Feedback.WHOLE, Feedback.WHOLE, 0)),
            new Load(20, 20, Duration.ofMinutes(1)),
            InstantSource.system()),
        InstantSource.system());
  }

  private static Mail mail(String uri, String... recipients) {
    Mail mail = Cases.mail(Cases.own(), HEADERS, recipients);
    return mail.with(mail.envelope().with(Destination.of("camel", uri)));
  }

  private static String deferred(TaskOutcome outcome) {
    return outcome.results().getFirst().attempt() instanceof Attempt.Deferred(var reason)
        ? reason.status() + " " + reason.text()
        : outcome.toString();
  }

  private static boolean sent(TaskOutcome outcome) {
    return outcome.results().getFirst().attempt() instanceof Attempt.Delivered;
  }

  /// A component of an operator's: it keeps what it gets, and fails or hangs when told to.
  public static final class Desk extends DefaultComponent {
    final List<String> bodies = new ArrayList<>();
    final List<Map<String, Object>> headers = new ArrayList<>();
    final AtomicInteger made = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final AtomicInteger interrupted = new AtomicInteger();
    final CountDownLatch hang = new CountDownLatch(1);

    @Override
    protected Endpoint createEndpoint(String uri, String rest, Map<String, Object> options) {
      var given = new ConcurrentHashMap<String, Object>();
      for (String known : List.of("hangs", "deaf", "fails", "token", "secret", "other")) {
        Object value = options.remove(known);
        if (value != null) {
          given.put(known, value);
        }
      }
      return new Place(uri, this, given);
    }
  }

  private static final class Place extends DefaultEndpoint {
    private final Desk desk;
    private final Map<String, Object> options;

    Place(String uri, Desk desk, Map<String, Object> options) {
      super(uri, desk);
      this.desk = desk;
      this.options = options;
    }

    @Override
    public Producer createProducer() {
      desk.made.incrementAndGet();
      return new DefaultProducer(this) {
        @Override
        public void process(Exchange exchange) throws Exception {
          Object body = exchange.getMessage().getBody();
          synchronized (desk) {
            desk.bodies.add(
                body instanceof InputStream in
                    ? new String(in.readAllBytes(), ISO_8859_1)
                    : new String((byte[]) body, ISO_8859_1));
            desk.headers.add(Map.copyOf(exchange.getMessage().getHeaders()));
          }
          if (options.containsKey("fails")) {
            throw new IllegalStateException(
                "cannot reach " + getEndpointUri() + " with " + options.values());
          }
          if (options.containsKey("hangs")) {
            try {
              desk.hang.await();
            } catch (InterruptedException e) {
              desk.interrupted.incrementAndGet();
              throw e;
            }
          }
          while (options.containsKey("deaf") && desk.hang.getCount() > 0) {
            try {
              desk.hang.await();
            } catch (InterruptedException e) {
              desk.interrupted.incrementAndGet();
            }
          }
        }

        @Override
        protected void doStop() {
          desk.ended.incrementAndGet();
        }
      };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      throw new UnsupportedOperationException();
    }
  }
}
