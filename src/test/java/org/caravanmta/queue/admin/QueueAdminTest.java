package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.cli.AskedQueues;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.Letters;
import org.caravanmta.queue.admin.QueueAdmin.Result;
import org.caravanmta.queue.admin.QueueAdmin.Target;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.remote.RemoteBroker;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Lanes;
import org.caravanmta.queue.spi.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The operator's verbs on a real broker, seen from inside its process and from outside.
class QueueAdminTest {
  private static final List<String> QUEUES =
      List.of(
          "routing",
          "report",
          "delivery.smtp",
          "deferred.1m",
          "deferred.1h",
          "hold",
          "dead",
          "greylist",
          "never-made");

  private final List<String> released = new ArrayList<>();
  private final List<String> lanes = new ArrayList<>();
  private int revived;
  private EmbeddedBroker broker;
  private Broker at;
  private ClientSessionFactory connection;
  private ClientSession session;
  private ClientConsumer reader;
  private QueueAdmin admin;
  private Path line;

  @BeforeEach
  void open(@TempDir Path own, @TempDir Path control) throws Exception {
    line = control;
    broker = EmbeddedBroker.start(own, Depot.SETTINGS);
    connect(broker);
  }

  private void connect(Broker made) throws Exception {
    at = made;
    connection = at.connections().open();
    session = at.connections().transacted(connection);
    var topology = new Topology(_ -> {});
    topology.add(QUEUES.subList(0, QUEUES.size() - 1));
    topology.ensure(session);
    session.start();
    admin = new QueueAdmin(at, Depot.CODECS, () -> QUEUES, new Readers(), released::add);
  }

  @AfterEach
  void close() {
    at.connections().close();
    broker.close();
  }

  @Test
  void whatWaitsForOneDomainIsTriedNow() throws Exception {
    var far = letter("4C");
    put(
        "deferred.1h",
        far.with(
            List.of(
                Recipient.of(Address.parse("bob@OFar.EXAMPLE")),
                Recipient.of(Address.parse("carol@example.net")))));
    put("deferred.1h", letter("4D"));
    put("hold", letter("4E"));
    assertThat(admin.flush(Target.waitingFor(new Domain("ofar.example"))))
        .isEqualTo(new Result(1, 0));
    assertThat(list("routing", false)).contains("4C").doesNotContain("4D");
    assertThat(list("deferred.1h", false)).contains("4D").doesNotContain("4C");
    // a name that is not part of the selector's syntax
    assertThat(admin.flush(Target.waitingFor(new Domain("x' OR 'a' = 'a"))))
        .isEqualTo(new Result(0, 0));
    assertThat(admin.flush(Target.waitingFor(new Domain("EXAMPLE.net"))))
        .isEqualTo(new Result(1, 0));
    assertThat(list("hold", false)).contains("4E");
  }

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
  void aMessageInPartsIsOneRequest() throws Exception {
    put("deferred.1m", letter("4A"));
    put("deferred.1h", letter("4A"));
    put("delivery.smtp", letter("4B"));
    assertThat(list("", false)).endsWith("-- 1 Kbytes in 2 Requests.\n");
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theHeadOfALaneIsPutBackForTheOperator(boolean inside) throws Exception {
    from(inside);
    put("deferred.1h", letter("4A"));
    put("deferred.1h", letter("4B"));
    take("deferred.1h");
    // no stage is at it: it waits
    assertThat(list("", false)).contains("4A").doesNotContain("*");
    assertThat(list("", true)).contains("\"taken\": false").doesNotContain("\"taken\": true");
    assertThat(admin.delete(Target.parse("4A"), "")).isEqualTo(new Result(1, 0));
    assertThat(lanes).containsExactly("put back", "taken again");
    assertThat(admin.flush(Target.parse("4B"))).isEqualTo(new Result(1, 0));
    assertThat(where()).containsExactly(Map.entry("routing", "4B"));
  }

  @Test
  void allPartsOfASplitMessageAreHeldAndReleased() throws Exception {
    put("delivery.smtp", letter("4A"));
    put("deferred.1m", letter("4A"));
    put("deferred.1m", letter("4B"));
    put("report", new Notice(Notice.Action.FAILED, letter("4A")));
    assertThat(admin.hold(Target.parse("4A"), "")).isEqualTo(new Result(2, 0));
    assertThat(where()).isEqualTo(Map.of("hold", "4A 4A", "deferred.1m", "4B", "report", "4A"));
    assertThat(admin.release(Target.parse("4A"), "")).isEqualTo(new Result(2, 0));
    assertThat(where()).isEqualTo(Map.of("routing", "4A 4A", "deferred.1m", "4B", "report", "4A"));
    assertThat(mails("routing"))
        .extracting(Depot.CODECS::encode)
        .allMatch(bytes -> Arrays.equals(bytes, Depot.CODECS.encode(letter("4A"))), "as it was");
  }

  @Test
  void allIsAllButWithinTheQueueNamed() throws Exception {
    for (int i = 0; i < 450; i++) {
      send("deferred.1m", letter("4A" + i));
    }
    send("deferred.1h", letter("4B"));
    send("hold", letter("4C"));
    session.commit();
    assertThat(admin.hold(Target.ALL, "deferred.1m")).isEqualTo(new Result(450, 0));
    assertThat(admin.flush(Target.ALL)).isEqualTo(new Result(1, 0));
    assertThat(lanes).containsExactly("flushed");
    assertThat(admin.delete(Target.ALL, "hold")).isEqualTo(new Result(451, 0));
    assertThat(where()).isEqualTo(Map.of("routing", "4B"));
  }

  @Test
  void theDeadComeBackWithoutFaultsEachToItsStage() throws Exception {
    var broken = letter("4A");
    broken =
        broken.with(broken.envelope().with(new Progress(3, 5, Letters.ARRIVED, Letters.ARRIVED)));
    put("dead", broken);
    put("dead", new Notice(Notice.Action.FAILED, letter("4B")));
    raw("dead", new byte[] {1, 2, 3});
    assertThat(list("dead", false)).contains("4A#", "4B#", "-#", "3 Requests");
    assertThat(admin.release(Target.ALL, "")).isEqualTo(new Result(2, 0));
    assertThat(where()).isEqualTo(Map.of("routing", "4A", "report", "4B", "dead", "-"));
    assertThat(mails("routing").getFirst().envelope().progress())
        .isEqualTo(new Progress(3, 0, Letters.ARRIVED, Letters.ARRIVED));
    assertThat(admin.delete(Target.ALL, "dead")).isEqualTo(new Result(1, 0));
  }

  @Test
  void theContentOfWhatIsDeletedIsGivenBackAndOfNothingElse() throws Exception {
    put("deferred.1m", stored("4A", "ref-a"));
    put("delivery.smtp", stored("4A", "ref-b"));
    put("deferred.1m", letter("4A"));
    put("hold", stored("4C", "ref-c"));
    put("report", new Notice(Notice.Action.FAILED, stored("4D", "ref-d")));
    take("delivery.smtp");
    assertThat(admin.contentRefs()).containsExactlyInAnyOrder("ref-a", "ref-b", "ref-c", "ref-d");
    assertThat(admin.delete(Target.parse("4A"), "")).isEqualTo(new Result(2, 1));
    assertThat(released).containsExactly("ref-a");
    assertThat(admin.hold(Target.ALL, "")).isEqualTo(new Result(0, 1));
    assertThat(admin.release(Target.ALL, "")).isEqualTo(new Result(1, 0));
    assertThat(admin.delete(Target.ALL, "report")).isEqualTo(new Result(1, 0));
    assertThat(released).containsExactly("ref-a", "ref-d");
    assertThat(admin.contentRefs()).containsExactlyInAnyOrder("ref-b", "ref-c");
  }

  @Test
  void aMessageInThePageFilesIsFoundAndMoved() throws Exception {
    var settings = broker.server().getAddressSettingsRepository();
    settings.addMatch(
        "deferred.1h",
        new AddressSettings(settings.getMatch("deferred.1h"))
            .setMaxSizeMessages(100)
            .setPageSizeBytes(64 << 10));
    for (int i = 0; i < 3000; i++) {
      send("deferred.1h", letter("4A" + i));
    }
    session.commit();
    assertThat(pages("deferred.1h")).isGreaterThan(5);
    assertThat(admin.hold(Target.parse("4A2999"), "")).isEqualTo(new Result(1, 0));
    assertThat(admin.delete(Target.parse("4A2998"), "")).isEqualTo(new Result(1, 0));
    assertThat(list("", false).lines().filter(line -> line.startsWith("4A")))
        .hasSize(2999)
        .anyMatch(line -> line.startsWith("4A2999!"))
        .noneMatch(line -> line.startsWith("4A2998"));
    assertThat(admin.contentRefs()).isEmpty();
    assertThat(admin.delete(Target.ALL, "")).isEqualTo(new Result(2999, 0));
  }

  @Test
  void whatIsNoIdNeverReachesASelector() {
    for (String text : List.of("", "' OR '1'='1", "all", "x'", "4A*", "é")) {
      if (text.equals("all")) {
        assertThat(Target.parse(text).id()).contains("all");
      } else {
        assertThatThrownBy(() -> Target.parse(text)).isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThatThrownBy(() -> admin.list("nonsense", List.of(), _ -> {}))
        .hasMessage("there is no queue \"nonsense\"");
    assertThatThrownBy(() -> admin.hold(Target.ALL, "report"))
        .hasMessage("this cannot be done to the queue \"report\"");
  }

  @Test
  void verbsSayWhatTheyDid() throws Exception {
    put("deferred.1m", letter("4A"));
    put("delivery.smtp", letter("4B"));
    take("delivery.smtp");
    try (var asked = asked(List.of())) {
      assertThat(asked.hold("", List.of("4A"))).isZero();
      assertThat(asked.delete("", List.of("4B", "4C", "4A"))).isEqualTo(1);
      assertThat(asked.flush(List.of("ALL"))).isZero();
      assertThat(asked.list(true, "delivery.*")).isZero();
      assertThat(asked.show("4C")).isEqualTo(1);
      assertThat(asked.show("ALL")).isEqualTo(1);
      assertThat(asked.out().lines())
          .startsWith(
              "4A: 1 put on hold",
              "4B: 0 deleted, 1 taken by a stage, try again",
              "4C: no such message there",
              "4A: 1 deleted",
              "ALL: 0 flushed",
              "all deferred mail is due now")
          .hasSize(7)
          .last()
          .asString()
          .contains("\"taken\": true");
      assertThat(asked.err().lines())
          .containsExactly(
              "caravan: not everything could be done",
              "caravan: 4C: no such message",
              "caravan: ALL: no such message");
      assertThat(asked.delete("", List.of("4A", "x'"))).isEqualTo(2);
      assertThat(asked.list(false, "nonsense")).isEqualTo(2);
      assertThat(asked.out().lines()).hasSize(7);
    }
    assertThat(revived).isOne();
  }

  /// Whoever asks gets data, and makes of it what he likes.
  @Test
  void theAnswersAreReadBackAsTheyWere() throws Exception {
    var letter = waiting("4A");
    var verbs = QueueVerbs.of(admin, List::of, () -> revived++);
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
                List.of(
                    new QueuedRecipient("bob@example.net", Optional.empty(), to, why),
                    new QueuedRecipient("carol@example.net", Optional.empty(), to, why))));
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

  private void from(boolean inside) throws Exception {
    if (!inside) {
      at.connections().close();
      connect(new RemoteBroker(broker.url(), "", ""));
    }
  }

  private static Mail letter(String id) {
    return Letters.letter(id);
  }

  private static Mail stored(String id, String ref) {
    return letter(id).with(new Content.Stored(ref, 100_000, 7));
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

  private void put(String queue, Object body) throws Exception {
    send(queue, body);
    session.commit();
  }

  private void send(String queue, Object body) throws Exception {
    var frame = Frame.of(new Task(queue, body), Depot.CODECS, true);
    try (var producer = session.createProducer(queue)) {
      producer.send(frame.message(session));
    }
  }

  private void raw(String queue, byte[] bytes) throws Exception {
    try (var producer = session.createProducer(queue)) {
      producer.send(
          new Frame(queue, bytes, Map.of("why", "cannot be read"), true).message(session));
    }
    session.commit();
  }

  /// Takes the head of a queue, as a reader does, and keeps it.
  private void take(String queue) throws Exception {
    reader = session.createConsumer(SimpleString.of(queue), null, 0, -1, false);
    assertThat(reader.receive(5000)).isNotNull();
  }

  private void giveBack() throws Exception {
    reader.close();
    session.rollback();
  }

  private AskedQueues asked(List<Unqueued> posted) throws Exception {
    return new AskedQueues(line, QueueVerbs.of(admin, () -> posted, () -> revived++));
  }

  private void list(String queue, boolean json, List<Unqueued> posted, StringBuilder out)
      throws Exception {
    try (var asked = asked(posted)) {
      assertThat(asked.list(json, queue)).isZero();
      out.append(asked.out());
    }
  }

  /// @return how many parts were shown
  private int show(Target target, StringBuilder out) throws Exception {
    try (var asked = asked(List.of())) {
      asked.show(target.id().orElseThrow());
      out.append(asked.out());
      return (int) asked.out().lines().filter(line -> line.startsWith("queue:")).count();
    }
  }

  private String list(String queue, boolean json) throws Exception {
    var out = new StringBuilder();
    list(queue, json, List.of(), out);
    return out.toString();
  }

  /// The ids on each queue that is not empty.
  private Map<String, String> where() throws Exception {
    var where = new TreeMap<String, String>();
    try (var desk = AdminConnection.open(at, Depot.CODECS)) {
      for (String queue : QUEUES.subList(0, QUEUES.size() - 1)) {
        desk.browse(
            queue, "", entry -> where.merge(queue, entry.id().orElse("-"), (a, b) -> a + " " + b));
      }
    }
    return where;
  }

  private long pages(String queue) throws Exception {
    return broker
        .server()
        .getPagingManager()
        .getPageStore(SimpleString.of(queue))
        .getNumberOfPages();
  }

  private List<Mail> mails(String queue) throws Exception {
    var mails = new ArrayList<Optional<Mail>>();
    try (var desk = AdminConnection.open(at, Depot.CODECS)) {
      desk.browse(queue, "", entry -> mails.add(entry.mail()));
    }
    return mails.stream().map(Optional::orElseThrow).toList();
  }

  private final class Readers implements Lanes {
    @Override
    public void flush() {
      lanes.add("flushed");
    }

    @Override
    public <T> T aside(Callable<T> work) throws Exception {
      lanes.add("put back");
      giveBack();
      T result = work.call();
      lanes.add("taken again");
      return result;
    }
  }
}
