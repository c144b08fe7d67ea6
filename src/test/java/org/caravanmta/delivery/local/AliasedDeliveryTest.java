package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailCodec;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Wire;
import org.caravanmta.policy.Verdict;
import org.caravanmta.retry.Retry;
import org.caravanmta.retry.RetrySchedule;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Mail for whom aliases stand for, and for the owners of lists.
class AliasedDeliveryTest extends AliasedUsers {
  /// Where mail ends: in whose Maildirs, and as which recipients it goes on.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ann: ann, copy@far.example | ann | ann | copy@far.example",
        "sales: ann, bob | SALES | - | ann@ex.example bob@ex.example",
        "sales: Ann Smith <ann@far.example>, bob (at home) | sales | - | ann@far.example"
            + " bob@ex.example",
        "all: eng, ops:eng: ann, x@far.example:ops: ann, y@far.example | all | - |"
            + " ann@ex.example x@far.example y@far.example",
        "staff: \\ann | staff | ann | -",
        "a: b:b: a, ann | a | - | ann@ex.example",
        "ann+news: list@far.example:ann: ann | ann+news | - | list@far.example",
        "other: x | bob | bob | -",
      })
  void anAliasStandsForOthers(String table, String user, String inside, String onward)
      throws IOException {
    aliases = table.replaceAll("(?<=[a-z]):(?=[a-z]+: )", "\n");
    TaskOutcome outcome = deliver(user);
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
    assertThat(delivered()).isEqualTo(inside);
    assertThat(String.join(" ", onward(outcome))).isEqualTo(onward.equals("-") ? "" : onward);
  }

  /// What Postfix 3.7 makes of such values, tried.
  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '`',
      value = {
        "<a@x.example> <b@y.example> ^ - ^ a@x.example b@y.example",
        "a@x.example b@y.example ^ - ^ a@x.example b@y.example",
        "a@x.example; b@y.example ^ - ^ a@x.example b@y.example",
        "a@x.example, A@X.example, a@X.EXAMPLE ^ - ^ a@x.example",
        "\\a@x.example ^ - ^ a@x.example",
        "\\ann, \\bob@ex.example ^ ann bob ^ ``",
        "ann, ANN, Ann@EX.example ^ - ^ ann@ex.example",
        "a@x.example, |\"exit 1\", b@y.example ^ - ^ a@x.example b@y.example",
        "a@x.example, :include:/no/such/list, b@y.example ^ - ^ a@x.example b@y.example",
        "a@x.example, :include:relative, b@y.example ^ - ^ a@x.example b@y.example",
        "a@x.example, ~/file, ~bob/x ^ - ^ a@x.example",
        "a@x.example, 'b@y.example', |, \"\" ^ - ^ a@x.example",
        "a@x.example, /no/such/folder/../file/ ^ - ^ a@x.example",
      })
  void aListIsReadAsPostfixReadsIt(String value, String inside, String onward) throws IOException {
    aliases = "list: " + value;
    TaskOutcome outcome = deliver("list");
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
    if (!value.contains("/no/such/folder")) {
      assertThat(delivered()).isEqualTo(inside);
    }
    assertThat(String.join(" ", onward(outcome))).isEqualTo(onward);
  }

  /// Whatever has to wait, and however often: the others get their mail at once, and only once.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "|\"test -e %1$s/open || exit 75; cat >> %1$s/late\"",
        ":include:%1$s/late.list",
        "%1$s/late/",
        "|\"test -e %1$s/open && exec cat > %1$s/late; echo 4.2.2 full; exit 1\"",
      })
  void whatHasToWaitHoldsNobodyElse(String late) throws IOException {
    Path archive = directory.resolve("archive");
    Path log = directory.resolve("log");
    commandTimeout = Duration.ofSeconds(60);
    aliases =
        "list: %s, \\bob, %s, |\"cat >> %s\", x@far.example, |\"exit 1\", inner\ninner: y@far.example"
            .formatted(late.formatted(directory), archive, log);
    closed();
    TaskOutcome first = deliver("list");
    assertThat(first.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(onward(first)).containsExactly("x@far.example", "y@far.example");
    assertThat(first.results()).hasSize(2);
    assertThat(first.results().getLast().attempt()).isInstanceOf(Attempt.Failed.class);

    Mail waiting = waiting(first);
    TaskOutcome second = delivery().deliver(waiting);
    assertThat(second.results())
        .singleElement()
        .extracting(RecipientResult::attempt)
        .isInstanceOf(Attempt.Deferred.class);
    assertThat(second.onward()).isEmpty();

    open();
    TaskOutcome third = delivery().deliver(waiting(second));
    assertThat(third.results())
        .singleElement()
        .extracting(RecipientResult::attempt)
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(onward(third))
        .isEqualTo(late.startsWith(":include:") ? List.of("z@far.example") : List.of());
    assertThat(third.results().getFirst().success())
        .as("of a recipient that others stand for")
        .contains(Notice.Action.EXPANDED);
    assertThat(copies(archive)).isEqualTo(1);
    assertThat(copies(log)).isEqualTo(1);
    assertThat(delivered()).isEqualTo("bob");
    try (var mails = Files.list(directory.resolve("mail/ex.example/bob/Maildir/new"))) {
      assertThat(mails).hasSize(1);
    }
  }

  private void open() throws IOException {
    Files.delete(directory.resolve("late"));
    Files.delete(directory.resolve("late.list"));
    Files.writeString(directory.resolve("late.list"), "x@far.example, z@far.example\n");
    Files.createFile(directory.resolve("open"));
  }

  private static int copies(Path mbox) throws IOException {
    return Files.readString(mbox).split("^From |\nFrom ", -1).length - 1;
  }

  /// The message that is tried again.
  private Mail waiting(TaskOutcome outcome) {
    var schedule = new RetrySchedule(List.of(Duration.ofMinutes(1)), Duration.ofDays(5));
    var retry = new Retry(schedule, (from, ref) -> from, clock);
    Mail waiting = (Mail) retry.settle(outcome).tasks("deferred.*").getFirst().body();
    // as it comes back
    return Wire.decode(new MailCodec(), Wire.encode(new MailCodec(), waiting));
  }

  @Test
  void whenATableCannotBeAskedAnyMoreThoseBeforeHaveTheirMail() {
    aliases = "list: \\ann, joe@far.example, bob, x@far.example\nowner-list: ann";
    moreAliases = List.of("fail:down");
    TaskOutcome first = deliver("list");
    assertThat(onward(first)).containsExactly("joe@far.example");
    assertThat(first.results())
        .singleElement()
        .extracting(RecipientResult::attempt)
        .isEqualTo(
            new Attempt.Deferred(
                Reason.of("4.3.0", "alias table: fail:down cannot be asked, by its type")));
    moreAliases = List.of();
    TaskOutcome second = delivery().deliver(waiting(first));
    assertThat(second.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
    assertThat(onward(second)).containsExactly("bob@ex.example", "x@far.example");
  }

  /// Postfix 3.7, tried: the 26th is one too many.
  @Test
  void aliasesStandForEachOtherAsDeepAsInPostfix() {
    var chain = new StringBuilder();
    for (int i = 1; i < 26; i++) {
      chain.append("c%d: c%d\n".formatted(i, i + 1));
    }
    aliases = chain + "c26: end@far.example\nboth: c1, joe@far.example\n";
    assertThat(onward(deliver("c2"))).containsExactly("end@far.example");
    assertFailed(deliver("c1"), "5.4.6", "alias database loop for c26");
    assertThat(onward(deliver("both"))).containsExactly("joe@far.example");
  }

  @Test
  void anInnerListHasTheOwnerOfTheOuterUnlessTheOperatorSaysSo() {
    aliases = "list: inner\nowner-list: ann\ninner: x@far.example";
    assertThat(deliver("list").onward().getFirst().reversePath())
        .hasToString("owner-list@ex.example");
    resetOwner = true;
    assertThat(deliver("list").onward().getFirst().reversePath()).hasToString("joe@far.example");
  }

  @Test
  void theOwnerOfAListHearsOfItsFailures() {
    aliases = "list: joe@far.example, inner\nowner-list: ann\ninner: x@far.example";
    TaskOutcome outcome = deliver("list");
    assertThat(outcome.onward())
        .hasSize(1)
        .allMatch(mail -> mail.reversePath().toString().equals("owner-list@ex.example"));
    assertThat(onward(outcome)).containsExactly("joe@far.example", "x@far.example");
  }

  @Test
  void theOwnerMayBeWhomItsAliasStandsFor() {
    expandOwner = true;
    aliases = "list: joe@far.example\nowner-list: boss@far.example";
    assertThat(deliver("list").onward().getFirst().reversePath()).hasToString("boss@far.example");
    aliases = "list: joe@far.example\nowner-list: ann, bob";
    assertThat(deliver("list").onward().getFirst().reversePath())
        .hasToString("owner-list@ex.example");
  }

  @Test
  void anExtensionGoesOnOnlyWhereTheOperatorSaysSo() {
    aliases = "sales: joe@far.example";
    assertThat(onward(deliver("sales+q"))).containsExactly("joe@far.example");
    propagate = Set.of("alias");
    assertThat(onward(deliver("sales+q"))).containsExactly("joe+q@far.example");
  }

  @Test
  void aListIsInAFile() throws IOException {
    Path list = file("list", "# members\nann, joe@far.example\n\n\"|exit 0\"\n");
    aliases = "list: :include:" + list;
    commands = Set.of("alias", "forward");
    TaskOutcome restricted = deliver("list");
    assertThat(onward(restricted)).containsExactly("ann@ex.example", "joe@far.example");
    assertThat(restricted.results())
        .extracting(RecipientResult::attempt)
        .satisfiesExactly(
            first -> assertThat(first).isInstanceOf(Attempt.Delivered.class),
            second ->
                assertThat(second)
                    .isEqualTo(
                        new Attempt.Failed(Reason.of("5.7.1", "mail to command is restricted"))));
    Files.writeString(list, "ann, joe@far.example\n");
    assertThat(onward(deliver("list"))).containsExactly("ann@ex.example", "joe@far.example");
    Files.setPosixFilePermissions(list, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertFailed(deliver("list"), "5.3.5", "mail system configuration error");
  }

  @Test
  void loopsEnd() {
    aliases = "a: b\nb: a";
    assertFailed(deliver("a"), "5.4.6", "alias database loop for a@ex.example");
    aliases = "a: b@far.example";
    Mail back = mail("a").with(Headers.parse("Delivered-To: a@ex.example\r\n".getBytes()));
    assertFailed(delivery().deliver(back), "5.4.6", "mail forwarding loop for a@ex.example");
  }

  @Test
  void aTableThatCannotBeAskedDefers() {
    aliases = "fail:aliases";
    assertThat(deliver("ann").results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    aliases = "sales: joe@far.example";
    rewriting = c -> c.decided(new Verdict.Defer(Reply.of(451, "4.3.0", "later")));
    TaskOutcome outcome = deliver("sales");
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(outcome.onward()).isEmpty();
  }
}
