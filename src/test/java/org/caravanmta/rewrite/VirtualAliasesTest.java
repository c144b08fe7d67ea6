package org.caravanmta.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.policy.BrokenTable;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.TableNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Origin `ex.com`, delimiter `+`.
class VirtualAliasesTest {
  private static final Origin ORIGIN = new Origin(new Domain("ex.com"));
  private static final VirtualAliasSettings.Limits LIMITS =
      new VirtualAliasSettings.Limits(1000, 1000, 1000);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{joe = joe@vm.org} | joe+x@ex.com | joe+x@vm.org",
        "{info@va.org = ann, bob@rel.net} | info@va.org | ann@ex.com bob@rel.net",
        "{@va.org = catch@ex.com} | x+y@va.org | catch@ex.com",
        "{ann = ann, copy@vm.org} | ann@ex.com | ann@ex.com copy@vm.org",
        "{ann = copy@vm.org, Ann} | ann@ex.com | copy@vm.org Ann@ex.com",
        "{\"a b\"@ex.com = c@ex.com} | \"a b\"@ex.com | c@ex.com",
        "{joe@a.org = jd@b.org} | joe+news@a.org | jd+news@b.org",
        "{joe+news@a.org = x@b.org} | joe+news@a.org | x@b.org",
        "{@a.org = info@b.org} | joe+news@a.org | info@b.org",
        "{@a.org = @b.org} | joe+news@a.org | joe+news@b.org",
        "{u@a.org = @b.org} | u+x@a.org | u+x@b.org",
        "{joe@a.org = p, q@c.org} | joe+n@a.org | p+n@ex.com q+n@c.org",
        "{a = b} {b = c} {c = d@d.org} | a@ex.com | d@d.org",
        "{all = a, b} {a = x@x.org} {b = x@x.org, y@y.org} | all@ex.com | x@x.org y@y.org",
        "{none = x@x.org} | ann@ex.com | ann@ex.com",
        "{ann@ex.com = \"Ann\" <a@a.org>, (home) b@b.org} | ann@ex.com | a@a.org b@b.org",
        "{ann@ex.com = site!ann, ann%b.org} | ann@ex.com | ann@site ann@b.org",
      })
  void anAliasStandsForOthers(String table, String recipient, String results) {
    Case.Message answer = rewrite("inline:{" + table + "}", recipient);

    assertThat(answer.open()).isTrue();
    assertThat(answer.mail().recipients())
        .extracting(r -> r.address().toString())
        .containsExactly(results.split(" "));
    assertThat(answer.mail().recipients()).allMatch(r -> r.original().toString().equals(recipient));
  }

  @Test
  void aPatternSeesTheWholeAddress() {
    assertThat(rewrite("pcre:{ {/^(.*)@a\\.org$/ $1@b.org} }", "joe+n@a.org").mail().recipients())
        .extracting(r -> r.address().toString())
        .containsExactly("joe+n@b.org");
  }

  @Test
  void twoAliasesThatStandForEachOtherDoNotEnd() {
    assertThat(rewrite("inline:{a=b, b=a}", "a@ex.com").verdict())
        .isEqualTo(new Verdict.Defer(Reply.of(451, "4.6.0", "Alias expansion error")));
    assertThat(rewrite("pcre:{ {/^(.*)@ex.com$/ x$1@ex.com} }", "a@ex.com").verdict())
        .isEqualTo(new Verdict.Defer(Reply.of(451, "4.6.0", "Alias expansion error")));
  }

  @Test
  void whatCannotBeLookedUpDefersTheMessage() {
    var broken =
        new VirtualAliases(
            new AddressSearch(
                new SearchPath(List.of(new BrokenTable("ldap"))), new Extensions("+"), _ -> true),
            ORIGIN,
            true,
            new VirtualAliasSettings(List.of(), LIMITS, true));
    var lookup = new Verdict.Defer(Reply.of(451, "4.3.0", "Temporary lookup failure"));

    assertThat(
            broken.rewrite(new Case.Message(Cases.mail(Cases.own(), "", "ann@ex.com"))).verdict())
        .isEqualTo(lookup);
    assertThat(rewrite("static:a@b..org", "ann@ex.com").verdict()).isEqualTo(lookup);
    assertThat(rewrite("inline:{ {ann = ,} }", "ann@ex.com").verdict()).isEqualTo(lookup);
    assertThat(rewrite("inline:{ {ann = a, @b.org} }", "ann@ex.com").verdict()).isEqualTo(lookup);
  }

  @Test
  void aValueThatIsNoListOfAddressesIsRefusedWithItsPlace() {
    for (String value : List.of(",", "a, @b.org", "a@b..org", "a@b.org'")) {
      assertThatThrownBy(
              () ->
                  VirtualAliases.tables(
                      TableNames.of("inline:{ {x = y} {ann = " + value + "} }"),
                      InstantSource.system()))
          .hasMessageContaining("}, entry 2: ");
    }
    assertThat(
            VirtualAliases.tables(
                    TableNames.of("inline:{ {ann = @b.org, c} }", "pcre:{ {/^(.*)@a$/ $1@b} }"),
                    InstantSource.system())
                .tables())
        .hasSize(2);
  }

  @Test
  void duplicatesGoUnlessTheyWereAddressedDifferently() {
    Mail mail = Cases.mail(Cases.own(), "", "a@ex.com", "b@ex.com", "A@ex.com", "b@ex.com");

    assertThat(rewritten("inline:{a=x@x.org, b=x@x.org}", mail).recipients())
        .extracting(r -> r.original() + " " + r.address())
        .containsExactly("a@ex.com x@x.org", "b@ex.com x@x.org");
  }

  @Test
  void whatTheSenderAskedToHearGoesWithEach() {
    Mail mail = Cases.mail(Cases.own(), "", "a@ex.com");
    var asked =
        new Recipient(
            mail.recipients().getFirst().address(),
            mail.recipients().getFirst().original(),
            Optional.of(Notify.NEVER),
            Optional.of("rfc822;a@ex.com"),
            Optional.empty());

    assertThat(
            rewritten("inline:{ {a = x@x.org, y@y.org} }", mail.with(List.of(asked))).recipients())
        .hasSize(2)
        .allMatch(r -> r.notifyOn().equals(Optional.of(Notify.NEVER)))
        .allMatch(r -> r.orcpt().equals(Optional.of("rfc822;a@ex.com")));
  }

  @Test
  void moreThanFiveHundredRecipientsAreQueuedInParts() {
    var names = IntStream.range(0, 800).mapToObj(i -> "u" + i + "@x.org").toList();
    String table = "inline:{ {all = " + String.join(", ", names) + "} }";
    Case.Message answer = rewrite(table, "all@ex.com");

    assertThat(answer.tasks("routing"))
        .extracting(task -> ((Mail) task.body()).recipients().size())
        .containsExactly(500, 300);
    assertThat(answer.tasks("routing")).extracting(Task::queue).containsOnly("routing");

    Mail stored =
        Cases.mail(Cases.own(), "", "all@ex.com").with(new Content.Stored("4XyZ", 100_000, 7));
    Case deferred = aliases(table).rewrite(new Case.Message(stored));
    assertThat(deferred.verdict())
        .isEqualTo(new Verdict.Defer(Reply.of(452, "4.5.3", "Too many recipients")));
    assertThat(((Case.Message) deferred).tasks("routing")).isEmpty();
  }

  @Property(tries = 200)
  void everyTableComesToAnEnd(@ForAll("tables") String table) {
    Case.Message answer = rewrite(table, "a@ex.com");

    switch (answer.verdict()) {
      case Verdict.Undecided() -> assertThat(answer.mail().recipients()).isNotEmpty();
      case Verdict.Defer(Reply reply) -> assertThat(reply.code()).isEqualTo(451);
      case Verdict.Permit _, Verdict.Reject _, Verdict.Hold _, Verdict.Discard _, Verdict.Taken _ ->
          throw new AssertionError("rewriting has no such verdict: " + answer.verdict());
    }
  }

  @Provide
  Arbitrary<String> tables() {
    Arbitrary<String> name = Arbitraries.of("a", "b", "c", "d", "a+x", "e@far.org");
    return name.list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(to -> String.join(", ", to))
        .list()
        .ofSize(4)
        .map(to -> "inline:{ {a = %s} {b = %s} {c = %s} {@ex.com = %s} }".formatted(to.toArray()));
  }

  private static Case.Message rewrite(String table, String recipient) {
    return (Case.Message)
        aliases(table).rewrite(new Case.Message(Cases.mail(Cases.own(), "", recipient)));
  }

  private static Mail rewritten(String table, Mail mail) {
    return ((Case.Message) aliases(table).rewrite(new Case.Message(mail))).mail();
  }

  @Test
  void limitsAreSettings() {
    var few =
        new VirtualAliases(
            Cases.search("ex.com", "inline:{{ all@ex.com = a, b, c }, { d@ex.com = e }}"),
            ORIGIN,
            true,
            new VirtualAliasSettings(List.of(), new VirtualAliasSettings.Limits(2, 10, 100), true));
    assertThat(
            ((Case.Message)
                    few.rewrite(new Case.Message(Cases.mail(Cases.own(), "", "all@ex.com"))))
                .verdict())
        .isInstanceOf(Verdict.Defer.class);
    assertThat(
            ((Case.Message) few.rewrite(new Case.Message(Cases.mail(Cases.own(), "", "d@ex.com"))))
                .verdict())
        .isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void withoutOriginalRecipientsOneCopyIsMade() {
    var aliases =
        new VirtualAliases(
            Cases.search("ex.com", "inline:{{ a@ex.com = c }, { b@ex.com = c }}"),
            ORIGIN,
            true,
            new VirtualAliasSettings(List.of(), LIMITS, false));
    Mail mail =
        ((Case.Message)
                aliases.rewrite(
                    new Case.Message(Cases.mail(Cases.own(), "", "a@ex.com", "b@ex.com"))))
            .mail();
    assertThat(mail.recipients()).hasSize(1);
  }

  /// Spec of propagate_unmatched_extensions.
  @Test
  void anExtensionIsDroppedWhenItIsNotToGoOn() {
    for (boolean propagate : new boolean[] {true, false}) {
      var aliases =
          new VirtualAliases(
              Cases.search("ex.com", "inline:{joe@ex.com=ann@far.org}"),
              ORIGIN,
              propagate,
              new VirtualAliasSettings(List.of(), LIMITS, true));
      Case rewritten =
          aliases.rewrite(new Case.Message(Cases.mail(Cases.own(), "", "joe+x@ex.com")));
      assertThat(((Case.Message) rewritten).mail().recipients().getFirst().address())
          .hasToString(propagate ? "ann+x@far.org" : "ann@far.org");
    }
  }

  private static VirtualAliases aliases(String table) {
    return new VirtualAliases(
        Cases.search("ex.com", table),
        ORIGIN,
        true,
        new VirtualAliasSettings(List.of(), LIMITS, true));
  }
}
