package org.caravanmta.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.filter.SecondOpinion;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Passage;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.LogLines;
import org.caravanmta.queue.Letters;
import org.caravanmta.queue.admin.QueueAdmin.Target;
import org.caravanmta.queue.selector.NumberField;
import org.caravanmta.queue.selector.SelectorReader;
import org.caravanmta.queue.selector.TextField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The queue is what is in the quarantine; the index follows it.
class InventoryTest {
  @TempDir Path directory;
  private Ward ward;

  @BeforeEach
  void open() throws Exception {
    ward = Ward.embedded(directory);
  }

  @AfterEach
  void close() throws Exception {
    ward.close();
  }

  private Mail mail(String id, String... recipients) {
    return Ward.detained(id, "a subject", ward.clock.instant(), recipients);
  }

  @Test
  void bothPartsOfAMessageAreMeant() throws Exception {
    ward.put(mail("one", "kim@own.example"), mail("one", "lee@own.example"));
    ward.put(mail("two", "kim@own.example"));
    assertThat(ward.listed()).containsExactlyInAnyOrder("one", "one", "two");

    assertThat(ward.type("quarantine", "release", "one", "--recipient", "lee@own.example").out())
        .contains("1 released");
    assertThat(ward.index.parts()).as("not to be noted anew").hasSize(2);
    assertThat(ward.listed()).containsExactlyInAnyOrder("one", "two");
    ward.put(mail("one", "lee@own.example"));
    assertThat(ward.type("quarantine", "release", "one").out()).endsWith("2 released\n");
    assertThat(ward.listed()).containsExactly("two");
    assertThat(ward.depot.waiting("routing"))
        .hasSize(3)
        .allSatisfy(
            it ->
                assertThat(((Mail) it).envelope().passage())
                    .isEqualTo(
                        new Passage(List.of("rspamd http://127.0.0.1:11333"), Optional.empty())));
  }

  @Test
  void theSameMessageTwiceIsOneEntry() throws Exception {
    ward.put(mail("one", "kim@own.example"), mail("one", "kim@own.example"));
    assertThat(ward.listed()).containsExactly("one");
    assertThat(ward.type("quarantine", "delete", "one").out()).endsWith("2 deleted\n");
    assertThat(ward.listed()).isEmpty();
    assertThat(ward.index.count()).isZero();
  }

  @Test
  void whileTheDatabaseIsAwayMailLiesThereIsListedAndReleasedAndIsNotedLater() throws Exception {
    ward.away = true;
    ward.put(mail("one", "kim@own.example"), mail("two", "lee@own.example"));
    assertThat(ward.depot.depth("dead")).isZero();
    assertThat(ward.listed()).containsExactlyInAnyOrder("one", "two");
    assertThat(ward.listed("--recipient", "lee@*")).containsExactly("two");
    assertThat(ward.type("quarantine", "show", "two").out()).contains("5.7.1 looks odd");
    assertThat(ward.type("quarantine", "release", "two").status()).isZero();
    assertThat(ward.listed()).containsExactly("one");
    ward.sweep.tick();

    ward.away = false;
    ward.sweep.tick();
    assertThat(ward.index.parts()).containsValue("one").hasSize(1);
    assertThat(ward.listed()).containsExactly("one");
  }

  @Test
  void anEntryWithoutItsMessageVanishesAndAMessageWithoutItsEntryAppears() throws Exception {
    ward.put(mail("one", "kim@own.example"), mail("two", "lee@own.example"));
    ward.admin.delete(Target.parse("one"), "");
    assertThat(ward.listed()).containsExactly("two");
    assertThat(ward.index.parts()).containsValue("two").hasSize(1);
    ward.depot.keep("quarantined", mail("three", "lee@own.example"));
    ward.depot.awaitDepth("quarantined", 2);
    assertThat(ward.listed()).containsExactlyInAnyOrder("two", "three");
    ward.index.forget(ward.index.parts().keySet());
    assertThat(ward.listed()).containsExactlyInAnyOrder("two", "three");
  }

  @Test
  void whatHasLainThereForLongEnoughIsDeleted() throws Exception {
    ward.put(mail("old", "kim@own.example"));
    ward.clock.turn(Duration.ofDays(1));
    ward.put(mail("young", "kim@own.example"));
    ward.sweep.tick();
    ward.clock.turn(Duration.ofDays(29).minusSeconds(1));
    ward.sweep.tick();
    assertThat(ward.listed()).containsExactlyInAnyOrder("old", "young");

    ward.clock.turn(Duration.ofHours(1));
    try (var lines = new LogLines("org.caravanmta.quarantine")) {
      ward.sweep.tick();
      assertThat(lines.lines()).containsExactly("INFO old: deleted from the quarantine after 30d");
    }
    assertThat(ward.listed()).containsExactly("young");
    assertThat(ward.index.count()).isEqualTo(1);
    assertThat(ward.depot.depth("routing")).isZero();
  }

  @Test
  void whatStaysIsAskedAboutOnce() throws Exception {
    var asked = new AtomicInteger();
    ward.opinion =
        _ -> {
          asked.incrementAndGet();
          return new SecondOpinion.Stays("still odd", OptionalDouble.empty());
        };
    // more than are in memory at one time
    var all = new ArrayList<Mail>();
    for (int i = 0; i < 230; i++) {
      all.add(mail("m" + i, "kim@own.example"));
    }
    ward.put(all.toArray(Mail[]::new));
    assertThat(ward.type("quarantine", "rescan", "ALL").status()).isZero();
    assertThat(asked).hasValue(230);
    assertThat(ward.depot.depth("quarantined")).isEqualTo(230);
  }

  @Test
  void contentThatIsDeletedIsGivenBack() throws Exception {
    Mail mail = mail("one", "kim@own.example");
    ward.put(mail.with(Letters.stored("one", "body1").content()));
    assertThat(ward.type("quarantine", "delete", "ALL").status()).isZero();
    assertThat(ward.released).containsExactly("body1");
  }

  @Test
  void whatIsOnHoldIsNotTouched() throws Exception {
    ward.depot.keep("hold", Letters.letter("held"));
    ward.put(mail("one", "kim@own.example"));
    assertThat(ward.type("quarantine", "release", "held").err())
        .contains("held: no such message in the quarantine");
    assertThat(ward.type("quarantine", "delete", "ALL").out()).endsWith("1 deleted\n");
    assertThat(ward.depot.depth("hold")).isEqualTo(1);
  }

  /// One that had waited for a filter before another set it aside.
  private Mail waited() {
    Mail mail = mail("three", "kim@own.example");
    Address kim = Address.parse("kim@own.example");
    mail =
        mail.with(
            List.of(
                new Recipient(
                    kim,
                    Address.parse("sales@own.example"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(Reason.of("4.7.1", "a content filter is away")))));
    return mail.with(
        mail.envelope()
            .with(new Progress(3, 0, ward.clock.instant(), ward.clock.instant()))
            .with(Destination.of("smtp", "far.example")));
  }

  @Test
  void theIndexIsSelectedFromAsTheQueueIs() throws Exception {
    ward.put(
        Ward.detained(
            "one", "=?utf-8?q?Gr=C3=BC=C3=9Fe?=", ward.clock.instant(), "kim@own.example"),
        Ward.detained("two", "offer", ward.clock.instant(), "lee@bücher.example"),
        waited());
    ward.clock.turn(Duration.ofHours(1));
    for (String selector :
        Stream.of(
                Stream.of(TextField.values())
                    .filter(field -> field != TextField.QUEUE)
                    .map(field -> field.word() + "=*own*"),
                Stream.of(NumberField.values())
                    .map(
                        field ->
                            field.word()
                                + ">="
                                + (field.word().matches("age|detained") ? "30m" : "1")),
                Stream.of(
                    "subject=grüße",
                    "subject=off*",
                    "filter=rspamd",
                    "filter=clamd",
                    "client=localhost",
                    "client=127.0.0.*",
                    "reason=odd",
                    "reason=*away*",
                    "recipient=sales@own.example",
                    "recipient=kim@own.example",
                    "id=one",
                    "sender=alice@*",
                    "sender=<>",
                    "recipient=lee@xn--bcher-kva.example",
                    "domain=xn--bcher-kva.example",
                    "queue=quarantined",
                    "detained<30m",
                    "size>1 and not subject=offer",
                    "attempts>=1",
                    "next-hop=*",
                    "transport=*"))
            .flatMap(each -> each)
            .toList()) {
      var onQueue = new ArrayList<String>();
      ward.admin.find(
          SelectorReader.read(selector),
          ward.clock.instant(),
          entry -> entry.id().ifPresent(onQueue::add));
      assertThat(ward.listed("--where", selector))
          .as(selector)
          .containsExactlyInAnyOrderElementsOf(onQueue);
    }
  }
}
