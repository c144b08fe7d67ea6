package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.Letters;
import org.caravanmta.queue.admin.QueueAdmin.Result;
import org.caravanmta.queue.admin.QueueAdmin.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the operator's verbs do to the messages on the queues, and to nothing else.
class QueueAdminTest extends AdminAtBroker {
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
  void aMessageInPartsIsOneRequest() throws Exception {
    put("deferred.1m", letter("4A"));
    put("deferred.1h", letter("4A"));
    put("delivery.smtp", letter("4B"));
    assertThat(list("", false)).endsWith("-- 1 Kbytes in 2 Requests.\n");
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
    commit();
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
    pageEarly("deferred.1h");
    for (int i = 0; i < 3000; i++) {
      send("deferred.1h", letter("4A" + i));
    }
    commit();
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
              "all deferred mail is due now")
          .hasSize(6)
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
      assertThat(asked.out().lines()).hasSize(6);
    }
    assertThat(revived).isOne();
  }

  private List<Mail> mails(String queue) throws Exception {
    var mails = new ArrayList<Optional<Mail>>();
    try (var desk = AdminConnection.open(at, Depot.CODECS)) {
      desk.browse(queue, "", entry -> mails.add(entry.mail(Depot.CODECS)));
    }
    return mails.stream().map(Optional::orElseThrow).toList();
  }
}
