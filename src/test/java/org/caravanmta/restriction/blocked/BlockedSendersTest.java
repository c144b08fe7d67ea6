package org.caravanmta.restriction.blocked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.policy.LogLines;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.state.BlockedSender;
import org.caravanmta.state.SenderBlocks;
import org.caravanmta.state.StateUnavailable;
import org.caravanmta.table.Extensions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who is blocked for whom.
class BlockedSendersTest {
  private final Rows rows = new Rows();
  private final Blocklist list = new Blocklist(rows, new HandClock());
  private final BlockedSenders senders = new BlockedSenders(list, new Extensions("+"));

  @AfterEach
  void close() {
    list.close();
  }

  private static Case.Rcpt rcpt(Client client, String sender, String recipient) {
    return new Case.Rcpt(
        client,
        sender.equals("<>") ? ReversePath.NULL : ReversePath.parse(sender),
        Address.parse(recipient),
        0,
        true,
        Verdict.UNDECIDED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // sender                | for             | MAIL FROM              | RCPT TO              |
        // blocked
        "ann@far.example         |                 | ann@far.example        | kim@own.example     "
            + " | true",
        "ann@far.example         |                 | Ann@FAR.example        | kim@own.example     "
            + " | true",
        "Ann@Far.Example         |                 | ann@far.example        | kim@own.example     "
            + " | true",
        "ann@far.example         |                 | bob@far.example        | kim@own.example     "
            + " | false",
        "ann@far.example         |                 | ann@sub.far.example    | kim@own.example     "
            + " | false",
        "far.example             |                 | bob@far.example        | kim@own.example     "
            + " | true",
        "@far.example            |                 | bob@far.example        | kim@own.example     "
            + " | true",
        "far.example             |                 | bob@mail.far.example   | kim@own.example     "
            + " | true",
        "far.example             |                 | bob@notfar.example     | kim@own.example     "
            + " | false",
        "bücher.example          |                 | a@xn--bcher-kva.example| kim@own.example     "
            + " | true",
        "xn--bcher-kva.example   |                 | a@BÜCHER.example       | kim@own.example     "
            + " | true",
        "[192.0.2.1]             |                 | a@[192.0.2.1]          | kim@own.example     "
            + " | true",
        "'\"a b\"@far.example'   |                 | '\"a b\"@far.example'  | kim@own.example     "
            + " | true",
        "ann@far.example         | kim@own.example | ann@far.example        | Kim@OWN.example     "
            + " | true",
        "ann@far.example         | kim@own.example | ann@far.example        | kim+list@own.example"
            + " | true",
        "ann@far.example         | kim+a@own.example | ann@far.example      | kim+a@own.example   "
            + " | true",
        "ann@far.example         | kim+a@own.example | ann@far.example      | kim@own.example     "
            + " | false",
        "ann@far.example         | kim@own.example | ann@far.example        | lee@own.example     "
            + " | false",
        "far.example             | own.example     | ann@far.example        | lee@own.example     "
            + " | true",
        "far.example             | own.example     | ann@far.example        | lee@sub.own.example "
            + " | false",
        "far.example             | own.example     | ann@far.example        | lee@other.example   "
            + " | false",
        "far.example             |                 | <>                     | kim@own.example     "
            + " | false",
      })
  void aSenderIsBlockedForThoseWhoAreMeant(
      String sender, String whom, String from, String to, boolean blocked) throws Exception {
    assertThat(list.add(sender, whom == null ? "" : whom, "root")).isTrue();
    assertThat(list.add(sender, whom == null ? "" : whom, "root")).isFalse();
    Case.Rcpt asked = rcpt(Cases.stranger("192.0.2.9"), from, to);
    assertThat(senders.check(asked).open()).isEqualTo(!blocked);
    assertThat(list.remove(sender, whom == null ? "" : whom, "root")).isTrue();
    assertThat(senders.check(asked)).isSameAs(asked);
  }

  @Test
  void theReplyNamesBoth() throws Exception {
    try (var lines = new LogLines("org.caravanmta.quarantine")) {
      list.add("far.example", "own.example", "root");
      assertThat(lines.lines())
          .containsExactly("INFO sender far.example: blocked for own.example by root");
    }
    assertThat(
            senders
                .check(rcpt(Cases.stranger("192.0.2.9"), "Ann@far.example", "Kim@own.example"))
                .verdict())
        .isEqualTo(
            new Verdict.Reject(
                Reply.of(550, "5.7.1", "<Kim@own.example>: sender <Ann@far.example> is blocked")));
  }

  @Test
  void ourOwnAreNotAskedNorWhatIsDecided() throws Exception {
    list.add("far.example", "", "root");
    Case.Rcpt own = rcpt(Cases.own(), "ann@far.example", "kim@own.example");
    assertThat(senders.check(own)).isSameAs(own);
    Case.Rcpt refused =
        rcpt(Cases.stranger("192.0.2.9"), "ann@far.example", "kim@own.example")
            .decided(new Verdict.Reject(Reply.of(550, "5.1.1", "no")));
    assertThat(senders.check(refused)).isSameAs(refused);
  }

  @Test
  void whatAnotherServerHasChangedIsSeenAndADatabaseThatIsAwayChangesNothing() throws Exception {
    Case.Rcpt asked = rcpt(Cases.stranger("192.0.2.9"), "ann@far.example", "kim@own.example");
    rows.away = true;
    try (var lines = new LogLines("org.caravanmta.restriction.blocked")) {
      list.refresh();
      list.refresh();
      assertThat(lines.lines())
          .containsExactly("WARN the list of blocked senders stays as it is: away");
    }
    assertThat(senders.check(asked).open()).isTrue();
    rows.away = false;
    rows.add(new BlockedSender("far.example", "", "root", Instant.EPOCH));
    assertThat(senders.check(asked).open()).isTrue();
    list.refresh();
    assertThat(senders.check(asked).open()).isFalse();
    rows.away = true;
    list.refresh();
    assertThat(senders.check(asked).open()).isFalse();
    assertThatThrownBy(() -> list.add("x.example", "", "root"))
        .isInstanceOf(StateUnavailable.class);
  }

  @ParameterizedTest
  @CsvSource({"''", "<>", "a b", "a@", "@", "a@b@c", "-x.example", "x..example", "*.example"})
  void whatIsNeitherAddressNorDomainIsRefused(String text) {
    assertThatThrownBy(() -> list.add(text, "", "root"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\" is not an address or a domain");
  }

  /// Of a database that may be away.
  private static final class Rows implements SenderBlocks {
    private final List<BlockedSender> all = new ArrayList<>();
    boolean away;

    @Override
    public List<BlockedSender> all() throws StateUnavailable {
      ask();
      return List.copyOf(all);
    }

    @Override
    public boolean add(BlockedSender blocked) throws StateUnavailable {
      ask();
      return !remove(blocked, false) && all.add(blocked);
    }

    @Override
    public boolean remove(String sender, String recipient) throws StateUnavailable {
      ask();
      return remove(new BlockedSender(sender, recipient, "", Instant.EPOCH), true);
    }

    private boolean remove(BlockedSender same, boolean now) {
      boolean there =
          all.stream()
              .anyMatch(
                  it ->
                      it.sender().equals(same.sender()) && it.recipient().equals(same.recipient()));
      if (now) {
        all.removeIf(
            it -> it.sender().equals(same.sender()) && it.recipient().equals(same.recipient()));
      }
      return there;
    }

    private void ask() throws StateUnavailable {
      if (away) {
        throw new StateUnavailable("away", new SQLException("away"));
      }
    }
  }
}
