package org.caravanmta.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.address.Resolution;
import org.caravanmta.alias.Aliases;
import org.caravanmta.alias.Forward;
import org.caravanmta.alias.ForwardPath;
import org.caravanmta.delivery.Attempts;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.program.Programs;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailCodec;
import org.caravanmta.message.Notice;
import org.caravanmta.message.QueueIds;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Wire;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Verdict;
import org.caravanmta.retry.Retry;
import org.caravanmta.retry.RetrySchedule;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Tables;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Mail for our own users with aliases, `.forward` files and no mailbox. Users: ann, bob,
/// postmaster.
class AliasedDeliveryTest {
  private static final Set<String> EVERYWHERE = Set.of("alias", "forward", "include");

  @TempDir Path directory;

  private final InstantSource clock = InstantSource.fixed(Letters.ARRIVED.plusSeconds(1));
  private String users = "inline:{ann=x, bob=x}";
  private String commandUser = "";
  private Duration commandTimeout = Duration.ofSeconds(20);
  private String aliases = "";
  private List<String> moreAliases = List.of();
  private Set<String> propagate = Set.of("canonical", "virtual");
  private Set<String> commands = EVERYWHERE;
  private Set<String> files = EVERYWHERE;
  private boolean root;
  private String forwardPath = "mail/%d/%u/.forward";
  private Set<String> deliveredTo = Set.of("command", "file", "forward");
  private boolean resetOwner;
  private boolean frozen = true;
  private boolean expandOwner;
  private boolean keepPostmaster = true;
  private String mailboxes = "";
  private String fallback = "";
  private String command = "";
  private String catchAll = "";
  private String mailboxTable = "";
  private String fallbackTable = "";
  private String commandTable = "";
  private UnaryOperator<Case> rewriting = UnaryOperator.identity();

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

  @Test
  void aCommandThatIsNotThereIsWaitedForAlone() {
    for (String command :
        List.of(
            "/no/such/command",
            "\"/no/such/command -x\"",
            "no-such-command",
            "\"no-such; x\"",
            "\"cat > /dev/null; exit 126\"",
            "\"/etc/passwd x\"")) {
      aliases = "list: joe@far.example, |" + command + ", x@far.example";
      TaskOutcome outcome = deliver("list");
      assertThat(onward(outcome)).containsExactly("joe@far.example", "x@far.example");
      assertThat(outcome.results())
          .singleElement()
          .extracting(RecipientResult::attempt)
          .isInstanceOfSatisfying(
              Attempt.Deferred.class,
              deferred ->
                  assertThat(deferred.reason().text()).startsWith("Command cannot be run: "));
    }
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

  /// So that what waits cannot be had.
  private void closed() throws IOException {
    Files.createSymbolicLink(directory.resolve("late.list"), Path.of("late.list"));
    Files.createFile(directory.resolve("late"));
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
  void whatGoesOnSaysWhomItWasForUnlessTheOperatorSaysOtherwise() throws IOException {
    aliases = "list: inner\ninner: x@far.example";
    assertThat(deliveredTo(deliver("list"))).isEqualTo("list@ex.example");
    frozen = false;
    assertThat(deliveredTo(deliver("list"))).isEqualTo("inner@ex.example");
    deliveredTo = Set.of();
    assertThat(deliveredTo(deliver("list"))).isEqualTo("-");
    Path out = directory.resolve("out");
    for (String to : List.of("\"|cat > " + out + "\"", out.toString())) {
      aliases = "list: " + to;
      deliveredTo = Set.of();
      deliver("list");
      assertThat(out).content().contains("X-Original-To: list@").doesNotContain("Delivered-To");
      Files.delete(out);
      deliveredTo = Set.of("command", "file");
      deliver("list");
      assertThat(out).content().contains("Delivered-To: list@");
      Files.delete(out);
    }
  }

  private static String deliveredTo(TaskOutcome outcome) {
    return outcome
        .onward()
        .getFirst()
        .headers()
        .first("Delivered-To")
        .map(Headers.Field::value)
        .orElse("-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "home/$user/.forward${recipient_delimiter}${extension}, home/$user/.forward",
        "home/${user}/.forward$recipient_delimiter$extension home/$(user)/.forward",
        "$home/none home/$user/.forward${extension?+$extension}",
        "home/$domain/$user home/${user}/.forward${extension?{+$extension}:{}}",
        "home/%u/.forward",
      })
  void whereForwardFilesAreIsAListWithNames(String path) throws IOException {
    forwardPath = path;
    propagate = Set.of("forward");
    file("home/ann/.forward", "plain@far.example\n");
    file("home/ann/.forward+news", "news@far.example\n");
    assertThat(onward(deliver("Ann"))).containsExactly("plain@far.example");
    assertThat(onward(deliver("ann+News"))).containsExactly("news@far.example");
    if (!path.contains("?")) {
      assertThat(onward(deliver("ann+other"))).containsExactly("plain+other@far.example");
    }
    assertThat(onward(deliver("ann+../x"))).doesNotContain("news@far.example");
  }

  @Test
  void theHomeDirectoryOfAUserOfTheMachineIsKnown() throws IOException {
    users = "inline:{daemon=x, ann=x}";
    forwardPath = "$home/.caravan-forward-of-nobody, home/$user$shell, " + directory + "/f/$user";
    file("home/daemon/usr/sbin/nologin", "shell@far.example\n");
    file("f/ann", "f@far.example\n");
    assertThat(onward(deliver("daemon"))).containsExactly("shell@far.example");
    assertThat(onward(deliver("ann"))).containsExactly("f@far.example");
  }

  @Test
  void mailOfNobodyGoesToACommandOrAFile() throws IOException {
    Path out = directory.resolve("out");
    catchAll = "|cat > " + out + "; echo \"$user ${extension?<$extension>}\" >> " + out;
    assertThat(deliver("nobody-here").results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(out).content().contains("Delivered-To: nobody-here@").endsWith("nobody-here \n");
    catchAll = "/" + directory.toString().substring(1) + "/lost-$user";
    deliver("\"a/../../x;b\"");
    assertThat(directory.resolve("lost-a_.._.._x_b")).content().startsWith("From ");
    catchAll = "|echo $local > " + out;
    deliver("\"x;touch${IFS}" + directory + "/pwned\"");
    assertThat(out).content().startsWith("x_touch__IFS__");
    assertThat(directory.resolve("pwned")).doesNotExist();
  }

  @Test
  void whatGoesOnIsAMessageOfItsOwnThatKnowsWhereItWas() {
    aliases = "sales: joe@far.example";
    TaskOutcome outcome = deliver("Sales");
    Mail mail = outcome.onward().getFirst();
    assertThat(mail.id()).isNotEqualTo(outcome.mail().id());
    assertThat(mail.headers().first("Delivered-To").orElseThrow().value())
        .isEqualTo("sales@ex.example");
    assertThat(mail.headers().first("Received").orElseThrow().value())
        .startsWith("by mx.ex.example (Caravan)");
    assertThat(mail.reversePath()).isEqualTo(outcome.mail().reversePath());
    assertThat(mail.recipients().getFirst().original())
        .isEqualTo(Address.parse("Sales@ex.example"));
    assertThat(outcome.results().getFirst().success()).contains(Notice.Action.EXPANDED);
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(new Attempt.Delivered("forwarded as " + mail.id(), "local"));
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

  @ParameterizedTest
  @ValueSource(strings = {"postmaster", "Mailer-Daemon", "double-bounce"})
  void mailForAPostmasterWhomNobodyHasNamedEnds(String user) throws IOException {
    keepPostmaster = false;
    TaskOutcome outcome = deliver(user);
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(new Attempt.Delivered("discarded", "local"));
    assertThat(outcome.onward()).isEmpty();
    assertThat(delivered()).isEqualTo("-");
    aliases = user.toLowerCase(Locale.ROOT) + ": ann";
    assertThat(onward(deliver(user))).containsExactly("ann@ex.example");
    catchAll = "caught@far.example";
    aliases = "";
    assertThat(onward(deliver(user))).containsExactly("caught@far.example");
  }

  @Test
  void aCommandOfAUsersOwnRunsAsTheUser() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: only root can be another user");
    root = true;
    Path said = directory.resolve("said");
    Files.createDirectory(said);
    Files.setPosixFilePermissions(said, PosixFilePermissions.fromString("rwxrwxrwx"));
    // what JUnit makes is its owner's only
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    users = "inline:{daemon=x, ann=x, root=x}";
    command = "id -un > '" + said + "/who'; echo \"$HOME\" >> '" + said + "/who'";
    assertThat(deliver("Daemon+x").results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(said.resolve("who")).hasContent("daemon\n/usr/sbin");
    // nobody of the machine's, and root himself: as whom the operator says
    assertThat(deliver("ann").results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(deliver("root").results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    command = "";
    file("mail/ex.example/daemon/.forward", "\"|id -un > '" + said + "/forward'\"\n");
    assertThat(deliver("daemon").results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(said.resolve("forward")).hasContent("daemon");
    commandUser = "nobody";
    aliases = "prog: \"|id -un > '" + said + "/alias'\"";
    assertThat(deliver("prog").results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(said.resolve("alias")).hasContent("nobody");
  }

  @Test
  void aCommandIsToldOfTheMessageInPlainSignsOnly() throws IOException {
    aliases =
        "prog: \"|printenv SENDER RECIPIENT EXTENSION USER CLIENT_HELO CLIENT_PROTOCOL > '"
            + directory.resolve("told")
            + "'\"";
    Mail mail = Letters.to("\"prog+a$(x)\"@ex.example");
    assertThat(delivery().deliver(mail).results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    assertThat(Files.readString(directory.resolve("told")).lines().toList())
        .startsWith("joe@far.example", "_prog+a__x__@ex.example", "a__x_", "prog");
  }

  @Test
  void aCommandThatTakesTooLongIsEnded() {
    commandTimeout = Duration.ofMillis(200);
    aliases = "prog: \"|exec tail -f /dev/null\"";
    assertFailed(
        deliver("prog"), "5.3.0", "Command time limit exceeded: \"exec tail -f /dev/null\"");
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

  @Test
  void aUserForwardsHisMailAndKeepsACopy() throws IOException {
    file("mail/ex.example/ann/.forward", "# away\n\\ann, joe@far.example\n");
    assertThat(onward(deliver("ann"))).containsExactly("joe@far.example");
    assertThat(delivered()).isEqualTo("ann");
    file("mail/ex.example/ann/.forward+news", "news@far.example\n");
    assertThat(onward(deliver("ann+news"))).containsExactly("news@far.example");
    file("mail/ex.example/bob/.forward", "# nothing but this\n");
    assertThat(onward(deliver("bob"))).isEmpty();
    assertThat(delivered()).isEqualTo("ann bob");
  }

  @Test
  void aForwardFileThatEverybodyMayWriteIsNotUsed() throws IOException {
    Path forward = file("mail/ex.example/ann/.forward", "joe@far.example\n");
    Files.setPosixFilePermissions(forward, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(onward(deliver("ann"))).isEmpty();
    assertThat(delivered()).isEqualTo("ann");
  }

  /// What it says is done as the user.
  @Test
  void aForwardFileOfSomebodyElseIsNotUsed() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: only root can give files away");
    Path forward = file("mail/ex.example/ann/.forward", "joe@far.example\n");
    Files.setAttribute(forward, "unix:uid", 1234);
    assertThat(onward(deliver("ann"))).isEmpty();
    users = "inline:{daemon=x}";
    Path own = file("mail/ex.example/daemon/.forward", "joe@far.example\n");
    Files.setOwner(
        own, own.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("daemon"));
    assertThat(onward(deliver("daemon"))).containsExactly("joe@far.example");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cat > %s/out | Delivered | delivered to command",
        "exit 75 | Deferred | 4.3.0 Temporary failure",
        "exit 67 | Failed | 5.1.1 User unknown",
        "exit 42 | Failed | 5.3.0 Command died with status 42",
        "echo 4.2.2 mailbox full; exit 1 | Deferred | 4.2.2 mailbox full",
        "echo 5.2.1 closed; exit 75 | Failed | 5.2.1 closed",
        "kill -9 $$ | Deferred | 4.3.0 Command died with signal 9",
      })
  void aCommandSaysByItsExitStatusWhatCameOfIt(String command, String kind, String text)
      throws IOException {
    aliases = "prog: \"|" + command.formatted(directory) + "\"";
    Attempt attempt = deliver("prog").results().getFirst().attempt();
    Attempts.assertSays(attempt, kind, text);
    if (kind.equals("Delivered")) {
      assertThat(directory.resolve("out"))
          .content()
          .startsWith("From joe@far.example  ")
          .contains("\nDelivered-To: prog@ex.example\n");
    }
  }

  @Test
  void commandsAndFilesAreForThoseWhoMayHaveThem() {
    commands = Set.of();
    files = Set.of();
    aliases = "prog: \"|true\"\nfile: /tmp/x";
    assertFailed(deliver("prog"), "5.7.1", "mail to command is restricted");
    assertFailed(deliver("file"), "5.7.1", "mail to file is restricted");
    commands = EVERYWHERE;
    files = EVERYWHERE;
    root = true;
    assertThat(deliver("prog").results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(deliver("file").results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
  }

  @Test
  void aFileIsAnMboxAndOneBehindASlashAMaildir() throws IOException {
    Path mbox = directory.resolve("box");
    aliases = "file: " + mbox + "\ndir: " + directory.resolve("md") + "/";
    Mail mail = Letters.letter("Subject: x\r\n", "From here\r\nto there\r\n", "file@ex.example");
    delivery().deliver(mail);
    delivery().deliver(mail);
    assertThat(mbox)
        .content()
        .matches("(?s)(From joe@far.example  .*\n\n>From here\nto there\n\n){2}");
    deliver("dir");
    assertThat(directory.resolve("md/new")).isDirectory();
    Files.setPosixFilePermissions(mbox, PosixFilePermissions.fromString("rwx------"));
    assertFailed(deliver("file"), "5.7.1", "file is executable");
  }

  @Test
  void whoHasNoMailboxHasSomebodyToTakeItOrNobody() {
    assertFailed(deliver("nobody"), "5.1.1", "unknown user: \"nobody@ex.example\"");
    assertThat(deliver("postmaster").results().getFirst().attempt())
        .isInstanceOf(Attempt.Delivered.class);
    catchAll = "$user+$extension@far.example";
    assertThat(onward(deliver("nobody+x"))).containsExactly("nobody+x@far.example");
    // past his alias
    aliases = "ann: joe@far.example";
    catchAll = "\\ann";
    assertThat(onward(deliver("nobody"))).isEmpty();
    catchAll = "\\cec";
    assertFailed(deliver("nobody"), "5.1.1", "unknown user: \"nobody@ex.example\"");
    aliases = "";
    catchAll = "nobody";
    assertFailed(deliver("nobody"), "5.1.1", "unknown user: \"nobody@ex.example\"");
    fallback = "smtp:[other.example]";
    Mail passed = deliver("nobody").onward().getFirst();
    assertThat(passed.envelope().destination()).contains(Destination.of("smtp", "[other.example]"));
    assertThat(passed.recipients()).extracting(Recipient::address).hasSize(1);
    mailboxes = "drop:there";
    assertThat(deliver("ann").onward().getFirst().envelope().destination())
        .contains(Destination.of("pipe", "drop:there"));
    mailboxes = "lmtp:inet:127.0.0.1:24";
    assertThat(deliver("ann").onward().getFirst().envelope().destination())
        .contains(Destination.of("lmtp", "inet:127.0.0.1:24"));
  }

  @Test
  void aTableSaysItForSome() throws IOException {
    mailboxTable = "inline:{ann=lmtp:inet:127.0.0.1:24}";
    fallbackTable = "inline:{cec=smtp:[cec.example]}";
    assertThat(deliver("ann+x").onward().getFirst().envelope().destination())
        .contains(Destination.of("lmtp", "inet:127.0.0.1:24"));
    assertThat(deliver("cec").onward().getFirst().envelope().destination())
        .contains(Destination.of("smtp", "[cec.example]"));
    assertFailed(deliver("nobody"), "5.1.1", "unknown user: \"nobody@ex.example\"");
    fallbackTable = "fail:x";
    assertThat(deliver("nobody").results().getFirst().attempt())
        .isInstanceOf(Attempt.Deferred.class);
  }

  @Test
  void aCommandTakesMailInThePlaceOfAMaildir() throws IOException {
    command = "exit 75";
    commandTable = "inline:{{ bob = cat > '" + directory.resolve("taken") + "' }}";
    assertThat(deliver("ann").results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(deliver("bob").results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
    assertThat(directory.resolve("taken")).content().startsWith("From ");
  }

  private static AddressSearch some(String table) {
    return table.isEmpty()
        ? new AddressSearch(new SearchPath(List.of()), new Extensions("+"), _ -> true)
        : Cases.search("ex.example", table);
  }

  private static void assertFailed(TaskOutcome outcome, String status, String text) {
    assertThat(outcome.onward()).isEmpty();
    assertThat(outcome.results().getFirst().attempt())
        .isInstanceOfSatisfying(
            Attempt.Failed.class,
            failed -> {
              assertThat(failed.reason().status()).hasToString(status);
              assertThat(failed.reason().text()).isEqualTo(text);
            });
  }

  private TaskOutcome deliver(String user) {
    return delivery().deliver(mail(user));
  }

  private static Mail mail(String user) {
    return Letters.to(user + "@ex.example");
  }

  private static List<String> onward(TaskOutcome outcome) {
    return outcome.onward().stream()
        .flatMap(mail -> mail.recipients().stream())
        .map(recipient -> recipient.address().toString())
        .toList();
  }

  /// Whose Maildirs have mail; `-` for nobody's.
  private String delivered() throws IOException {
    Path users = directory.resolve("mail/ex.example");
    if (!Files.isDirectory(users)) {
      return "-";
    }
    try (var all = Files.list(users)) {
      List<String> names =
          all.filter(user -> Files.isDirectory(user.resolve("Maildir/new")))
              .map(user -> user.getFileName().toString())
              .sorted()
              .toList();
      return names.isEmpty() ? "-" : String.join(" ", names);
    }
  }

  private Path file(String name, String text) throws IOException {
    Path path = directory.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  private LocalDelivery delivery() {
    var extensions = new Extensions("+");
    try {
      String table =
          aliases.startsWith("fail:") ? aliases : "hash:" + file("aliases", aliases + "\n");
      List<String> tables = Stream.concat(Stream.of(table), moreAliases.stream()).toList();
      return new LocalDelivery(
          directory,
          "mail/%d/%u/Maildir/",
          LocalDeliveryTest.RULES,
          new LocalUsers(
              Cases.search("ex.example", users),
              extensions,
              new LocalUsers.ByUser(mailboxes, some(mailboxTable)),
              new LocalUsers.ByUser(fallback, some(fallbackTable)),
              new LocalUsers.ByUser(command, some(commandTable)),
              keepPostmaster,
              new CatchAll(catchAll),
              Set.of("drop")),
          new Aliases(
              Tables.aliases(tables, clock, Aliases.values()),
              new Forward(directory, new ForwardPath(forwardPath), extensions, root),
              extensions,
              new Origin(new Domain("ex.example")),
              new Resolution(Set.of(new Domain("ex.example"))),
              propagate,
              commands,
              files,
              expandOwner,
              resetOwner,
              frozen),
          new DeliveryIdentity(root, commandUser),
          new Programs(commandTimeout, Map.of()),
          new Forwarding(
              rewriting,
              new QueueIds(clock, 1),
              "mx.ex.example",
              deliveredTo.contains("forward"),
              clock),
          deliveredTo,
          "mx.ex.example",
          stored -> {
            throw new IOException("nothing is stored");
          },
          clock);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
