package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.caravanmta.address.Address;
import org.caravanmta.cli.AskedQueues;
import org.caravanmta.message.Content;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Recipient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `caravan queue cat` and `show`: what lies on queues, byte for byte or by selector.
class CatTest extends AdminAtBroker {
  private static final byte[] ODD = {0, 27, '[', '2', 'J', (byte) 0xff, '\r', '\n', '.', '\n', 9};
  private static final byte[] HEADERS =
      "Subject: r\u00e9sum\u00e9\r\nX-Odd: \u001b[2J\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private int status;
  private String out = "";
  private String err = "";
  private byte[] bytes = {};

  private void run(String... args) throws Exception {
    try (AskedQueues asked = asked(List.of())) {
      status = asked.run(args);
      out = asked.out();
      err = asked.err();
      bytes = asked.bytes();
    }
  }

  private void cat(String... args) throws Exception {
    var all = new ArrayList<>(List.of("cat"));
    all.addAll(List.of(args));
    run(all.toArray(String[]::new));
  }

  private static Mail odd(String id) {
    return letter(id).with(Headers.parse(HEADERS)).with(new Content.Inline(ODD));
  }

  private static Mail to(Mail mail, String transport, String recipient) {
    return mail.with(List.of(Recipient.of(Address.parse(recipient))))
        .with(mail.envelope().with(Destination.of(transport, "mx.example")))
        .with(List.of(Recipient.of(Address.parse(recipient))));
  }

  private static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static final byte[] EMPTY_LINE = {'\r', '\n'};

  @ParameterizedTest
  @ValueSource(
      strings = {"hold", "deferred.1m", "waiting.smtp.3", "delivery.smtp", "routing", "dead"})
  void itPrintsEachByteWhereverTheMessageLies(String queue) throws Exception {
    put(queue, odd("4K"));
    put(queue, letter("4k"));
    cat("4K");
    assertThat(err).isEmpty();
    assertThat(status).isZero();
    assertThat(bytes).isEqualTo(joined(HEADERS, EMPTY_LINE, ODD));
    assertThat(out)
        .startsWith("queue:        " + queue + "\n")
        .contains("reverse path: <alice@example.org>\n", "recipient:    <bob@example.net>\n")
        .endsWith("\n\n")
        .doesNotContain("Subject");
    cat("--headers", "4K");
    assertThat(bytes).isEqualTo(HEADERS);
    assertThat(out).isEmpty();
    cat("-b", "4K");
    assertThat(bytes).isEqualTo(ODD);
    cat("--body", "--headers", "4K");
    assertThat(bytes).isEqualTo(joined(HEADERS, EMPTY_LINE, ODD));
    assertThat(out).isEmpty();
    cat("-e", "4K");
    assertThat(bytes).isEmpty();
    assertThat(out).startsWith("queue:");
    assertThat(status).isZero();
  }

  @Test
  void aReportThatIsNotMadeYetHasTheMessageItIsAbout() throws Exception {
    put("report", new Notice(Notice.Action.FAILED, odd("4K")));
    cat("4K");
    assertThat(status).isZero();
    assertThat(bytes).isEqualTo(joined(HEADERS, EMPTY_LINE, ODD));
  }

  @Test
  void whatIsStoredIsReadFromTheStore() throws Exception {
    var body = new byte[3_000_000];
    new Random(1).nextBytes(body);
    Files.write(line.resolve("4K"), body);
    put("deferred.1h", stored("4K", "4K"));
    cat("--body", "4K");
    assertThat(err).isEmpty();
    assertThat(bytes).isEqualTo(body);
    Files.delete(line.resolve("4K"));
    cat("4K");
    assertThat(status).isEqualTo(1);
    assertThat(err).startsWith("caravan: 4K: ");
    assertThat(out).startsWith("queue:        deferred.1h\n");
    cat("-e", "4K");
    assertThat(status).isZero();
  }

  @Test
  void partsOfOneMessageAreShownAndTheirBytesOnce() throws Exception {
    put("deferred.1h", to(odd("4K"), "smtp", "kim@a.example"));
    put("hold", to(odd("4K"), "smtp", "lee@b.example"));
    cat("4K");
    assertThat(bytes).isEqualTo(joined(HEADERS, EMPTY_LINE, ODD));
    assertThat(out.split("\n"))
        .contains("recipient:    <kim@a.example>", "recipient:    <lee@b.example>")
        .containsOnlyOnce("(the message is the same)");
    cat("--queue", "deferred.*", "4K");
    assertThat(out).contains("<kim@a").doesNotContain("<lee@b");

    put("routing", to(odd("4K").with(new Content.Inline(HEADERS)), "smtp", "pat@c.example"));
    cat("-b", "4K");
    assertThat(bytes).isEqualTo(joined(ODD, HEADERS));
    assertThat(err).contains("its parts are not the same");
    cat("-b", "--queue", "routing", "4K");
    assertThat(bytes).isEqualTo(HEADERS);
    assertThat(err).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAStageHasTakenIsReadWhereTheBrokerShowsIt(boolean inside) throws Exception {
    from(inside);
    put("delivery.smtp", odd("4K"));
    take("delivery.smtp");
    cat("4K");
    assertThat(out).startsWith("queue:        delivery.smtp (taken by its stage)\n");
    if (inside) {
      assertThat(bytes).isEqualTo(joined(HEADERS, EMPTY_LINE, ODD));
      assertThat(status).isZero();
    } else {
      assertThat(status).isEqualTo(1);
      assertThat(err).isEqualTo("caravan: 4K: a stage has taken it; try again\n");
    }
  }

  @Test
  void whatIsNotThereIsNamed() throws Exception {
    put("hold", odd("4K"));
    cat("4k");
    assertThat(status).isEqualTo(1);
    assertThat(err).isEqualTo("caravan: 4k: no such message\n");
    cat("4K", "--queue", "routing");
    assertThat(err).isEqualTo("caravan: 4K: no such message on routing\n");
    cat("4K", "--queue", "nowhere");
    assertThat(status).isEqualTo(2);
    assertThat(err).isEqualTo("caravan: there is no queue \"nowhere\"\n");
    cat("*");
    assertThat(status).isEqualTo(2);
    cat("ALL");
    assertThat(status).isEqualTo(1);
    assertThat(bytes).isEmpty();
    assertThat(out).isEmpty();
    run("cat");
    assertThat(status).isEqualTo(2);
  }

  @Test
  void showTakesIdsAndSelectors() throws Exception {
    put("hold", to(odd("4A"), "smtp", "kim@a.example"));
    put("hold", to(odd("4B"), "smtp", "lee@a.example"));
    put("routing", to(odd("4C"), "smtp", "pat@c.example"));
    run("show", "--domain", "a.example");
    assertThat(status).isZero();
    assertThat(out)
        .contains("<kim@a.example>", "<lee@a.example>", "Subject:")
        .doesNotContain("<pat@");
    run("show", "4A", "4C", "4D");
    assertThat(status).isEqualTo(1);
    assertThat(out).contains("<kim@a.example>", "<pat@c.example>").doesNotContain("<lee@");
    assertThat(err).isEqualTo("caravan: 4D: no such message\n");
    run("show", "--domain", "d.example");
    assertThat(status).isEqualTo(1);
    assertThat(err).isEqualTo("caravan: no such message\n");
    run("show");
    assertThat(status).isEqualTo(2);
    assertThat(err).contains("name messages by their ids or by options such as --domain");
  }
}
