package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.Letters;
import org.caravanmta.queue.admin.QueueAdmin.Result;
import org.caravanmta.queue.admin.QueueAdmin.Target;
import org.caravanmta.queue.selector.SelectorReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the operator is shown of the messages on the queues.
class QueueListTest extends AdminAtBroker {
  @Test
  void anEmptyQueueIsSaidToBeEmpty() throws Exception {
    assertThat(list("", false)).isEqualTo("Mail queue is empty\n");
    assertThat(list("hold", true)).isEmpty();
  }

  @Test
  void whatIsOnNoQueueYetIsListedToo() throws Exception {
    put("hold", letter("4B"));
    var posted =
        List.of(
            new Unqueued(
                "maildrop", "17.a", Letters.ARRIVED, 2048, "joe", "451 4.3.0 the table is away"),
            new Unqueued(
                "maildrop.corrupt", "note", Letters.ARRIVED, 9, "uid 7", "is not a message"));
    var all = new StringBuilder();
    list("", false, posted, all);
    assertThat(all.toString())
        .contains("4B!", "17.a", "[maildrop]\n(451 4.3.0 the table is away)\n", "uid 7")
        .contains("[maildrop.corrupt]\n(is not a message)\n")
        .endsWith(" in 3 Requests.\n");
    var some = new StringBuilder();
    list("maildrop", true, posted, some);
    assertThat(some.toString().lines()).hasSize(2);
    assertThat(some.toString())
        .contains("\"queue_name\": \"maildrop\", \"queue_id\": \"17.a\"")
        .contains("\"message_size\": 2048");
    var held = new StringBuilder();
    list("hold", false, posted, held);
    assertThat(held.toString()).doesNotContain("17.a");
  }

  @Test
  void theListShowsEachMessageWithWhatItWaitsFor() throws Exception {
    put("deferred.1m", waiting("4A"));
    put("hold", letter("4B").with(letter("4B").envelope().with(ReversePath.NULL)));
    assertThat(list("", false).lines())
        .containsExactly(
            "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------",
            "4A                      29 2026-01-01T12:00:00Z alice@example.org",
            "                                         [deferred.1m, attempt 2, next"
                + " 2026-01-01T12:05:00Z]",
            "(connect to mx.example.net[192.0.2.1]:25: Connection refused)",
            "                                         bob@example.net",
            "                                         carol@example.net",
            "",
            "4B!                     29 2026-01-01T12:00:00Z MAILER-DAEMON",
            "                                         [hold]",
            "                                         bob@example.net",
            "",
            "-- 1 Kbytes in 2 Requests.");
    assertThat(list("hold", false)).contains("4B!").doesNotContain("4A").endsWith("1 Request.\n");
    assertThat(list("deferred.*", false)).contains("4A").doesNotContain("4B");
  }

  @Test
  void nothingOfOthersEndsALineOfJsonOrSteersATerminal() throws Exception {
    String evil = "no\u001b[2J\u009b31m\u2028\u202e\"\\\udb40\udc01 é😀";
    Recipient told =
        Recipient.of(Address.parse("bob@example.net")).because(Reason.of("4.0.0", evil));
    put("deferred.1m", letter("4A").with(List.of(told)));
    assertThat(list("", true))
        .contains("\"no\\u001b[2J\\u009b31m\\u2028\\u202e\\\"\\\\\\udb40\\udc01 é😀\"");
    assertThat(list("", false)).contains("(no?[2J?31m??\"\\? é😀)");
    var out = new StringBuilder();
    show(Target.parse("4A"), out);
    assertThat(out.toString()).contains("no?[2J?31m??\"\\? é😀");
  }

  @Test
  void theListForProgramsIsAnObjectOnALine() throws Exception {
    put("deferred.1m", waiting("4A"));
    assertThat(list("", true))
        .isEqualTo(
            "{\"queue_name\": \"deferred.1m\", \"queue_id\": \"4A\", \"arrival_time\": 1767268800,"
                + " \"message_size\": 29, \"forced_expire\": false, \"taken\": false, \"attempt\":"
                + " 2, \"next_attempt\": 1767269100, \"sender\": \"alice@example.org\","
                + " \"recipients\": [{\"address\": \"bob@example.net\", \"delay_reason\": \"connect"
                + " to mx.example.net[192.0.2.1]:25: Connection refused\"}, {\"address\":"
                + " \"carol@example.net\", \"delay_reason\": \"connect to"
                + " mx.example.net[192.0.2.1]:25: Connection refused\"}]}\n");
  }

  /// Postfix 3.11: those who have failed are seen before their report is written.
  @Test
  void whoHasFailedIsListedUntilTheReportIsWritten() throws Exception {
    var gone = Reason.of("5.1.1", "host mx.example.net[192.0.2.1] said: 550 5.1.1 no such user");
    var left = Reason.of("5.4.4", "no server of example.com has an address");
    var recipients =
        List.of(
            Recipient.of(Address.parse("bob@example.net")).because(gone),
            Recipient.of(Address.parse("eve@example.com")).because(left));
    put("report", new Notice(Notice.Action.FAILED, letter("4A").with(recipients)));
    put("report", new Notice(Notice.Action.DELAYED, waiting("4B")));
    assertThat(list("report", false).lines())
        .containsSubsequence(
            "                                         [report]",
            "(host mx.example.net[192.0.2.1] said: 550 5.1.1 no such user)",
            "                                         bob@example.net",
            "(no server of example.com has an address)",
            "                                         eve@example.com")
        .anyMatch(line -> line.startsWith("4A "))
        .endsWith("-- 1 Kbytes in 2 Requests.");
    assertThat(list("", true).lines())
        .satisfiesExactlyInAnyOrder(
            line ->
                assertThat(line)
                    .contains("\"queue_name\": \"report\", \"queue_id\": \"4A\"")
                    .contains(
                        "{\"address\": \"bob@example.net\", \"bounce_reason\": \"host"
                            + " mx.example.net[192.0.2.1] said: 550 5.1.1 no such user\"}")
                    .contains(
                        "{\"address\": \"eve@example.com\", \"bounce_reason\": \"no server of"
                            + " example.com has an address\"}"),
            line ->
                assertThat(line)
                    .contains("\"queue_id\": \"4B\"", "\"delay_reason\"")
                    .doesNotContain("bounce_reason"));
    for (String selector : List.of("reason=5.1.1*", "reason=\"no such user\"", "recipient=eve@*")) {
      var found = new ArrayList<String>();
      admin.find(SelectorReader.read(selector), NOW, entry -> found.add(entry.id().orElseThrow()));
      assertThat(found).as(selector).containsExactly("4A");
    }
  }

  @Test
  void aMessageIsShownWithoutWhatMovesATerminal() throws Exception {
    var letter = waiting("4A");
    put(
        "deferred.1m",
        letter.with(
            org.caravanmta.message.Headers.parse(
                "Subject: \u001b[2J\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    var out = new StringBuilder();
    assertThat(show(Target.parse("4A"), out)).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "queue:        deferred.1m\n", "recipient:    <bob@example.net>\n", "Subject: ?[2J\n");
    assertThat(show(Target.parse("4X"), out)).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsTakenIsListedAndLeftAlone(boolean inside) throws Exception {
    from(inside);
    put("delivery.smtp", letter("4A"));
    take("delivery.smtp");
    assertThat(list("", false)).contains("4A*", "alice@example.org", "[delivery.smtp]");
    assertThat(admin.hold(Target.parse("4A"), "")).isEqualTo(new Result(0, 1));
    assertThat(admin.delete(Target.ALL, "")).isEqualTo(new Result(0, 1));
    giveBack();
    assertThat(admin.hold(Target.parse("4A"), "")).isEqualTo(new Result(1, 0));
    assertThat(where()).containsExactly(Map.entry("hold", "4A"));
  }

  /// Whoever asks gets data, and makes of it what he likes.
  @Test
  void theAnswersAreReadBackAsTheyWere() throws Exception {
    var letter = waiting("4A");
    var verbs = QueueVerbs.of(admin, List::of, () -> revived++, () -> NOW);
    put("deferred.1m", letter);
    put("hold", stored("4B", "ref-b"));
    raw("dead", new byte[] {1, 2, 3});
    var rows = new ArrayList<List<String>>();
    verbs.get("queue.list").run(List.of("text", ""), rows::add);
    assertThat(rows).hasSize(3);
    rows.clear();
    verbs.get("queue.list").run(List.of(""), rows::add);
    var listed = new ArrayList<QueuedMessage>();
    for (List<String> row : rows) {
      listed.add(QueuedMessage.of(row));
      assertThat(listed.getLast().fields()).isEqualTo(row);
    }
    var to = Optional.of("4.4.1");
    String why = "connect to mx.example.net[192.0.2.1]:25: Connection refused";
    assertThat(listed)
        .contains(
            new QueuedMessage(
                "deferred.1m",
                Optional.of("4A"),
                false,
                "alice@example.org",
                Optional.of(Letters.ARRIVED),
                2,
                Optional.of(Letters.ARRIVED.plusSeconds(300)),
                29,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(
                    new QueuedRecipient("bob@example.net", Optional.empty(), to, why, false),
                    new QueuedRecipient("carol@example.net", Optional.empty(), to, why, false))));
    assertThat(listed)
        .extracting(QueuedMessage::queue, QueuedMessage::id, QueuedMessage::why)
        .contains(
            tuple("dead", Optional.empty(), Optional.of("cannot be read")),
            tuple("hold", Optional.of("4B"), Optional.empty()));
    rows.clear();
    verbs.get("queue.show").run(List.of("4A"), rows::add);
    var detail = MessageDetail.of(rows.getFirst());
    assertThat(listed).contains(detail.message());
    assertThat(detail.fields()).isEqualTo(rows.getFirst());
    assertThat(detail.letter().orElseThrow().headers()).isEqualTo(letter.headers().toString());
    for (int length = 1; length < rows.getFirst().size(); length++) {
      if (length != rows.getFirst().size() - 4) {
        List<String> cut = rows.getFirst().subList(0, length);
        assertThatThrownBy(() -> MessageDetail.of(cut)).hasMessageContaining("another version");
      }
    }
    assertThatThrownBy(() -> VerbResult.of(List.of("4A: 1 deleted")))
        .hasMessageContaining("another version");
  }

  private static Mail waiting(String id) {
    var reason = Reason.of("4.4.1", "connect to mx.example.net[192.0.2.1]:25: Connection refused");
    var recipients =
        List.of(
            Recipient.of(Address.parse("bob@example.net")).because(reason),
            Recipient.of(Address.parse("carol@example.net")).because(reason));
    Instant due = Letters.ARRIVED.plusSeconds(300);
    var letter = letter(id).with(recipients);
    return letter.with(letter.envelope().with(new Progress(2, 0, due, Letters.ARRIVED)));
  }
}
