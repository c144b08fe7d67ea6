package org.caravanmta.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.caravanmta.address.Address;
import org.caravanmta.address.AddressClass;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Canonical, masquerading and automatic copies; origin `ex.com`, delimiter `+`.
class MechanismsTest {
  private static final Origin ORIGIN = new Origin(new Domain("ex.com"));
  private static final Set<AddressClass> ALL = Set.of(AddressClass.values());
  private static final Set<AddressClass> SENDERS =
      Set.of(AddressClass.ENVELOPE_SENDER, AddressClass.HEADER_SENDER);
  private static final Set<AddressClass> RECIPIENTS =
      Set.of(AddressClass.ENVELOPE_RECIPIENT, AddressClass.HEADER_RECIPIENT);
  private static final Verdict LATER =
      new Verdict.Defer(Reply.of(451, "4.3.0", "Temporary lookup failure"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "joe=Joe.Doe@ex.com | joe@ex.com | Joe.Doe@ex.com",
        "joe=Joe.Doe | joe+x@ex.com | Joe.Doe+x@ex.com",
        "@old.org=@new.org | u+x@old.org | u+x@new.org",
        "a=b, b=c | a@ex.com | c@ex.com",
        "a=a | A@ex.com | a@ex.com",
        "a=b, b=a | a@ex.com | a@ex.com",
        "joe@x.org=one@y.org, two@y.org | joe@x.org | one@y.org",
        "\"a b\"@ex.com=c | \"a b\"@ex.com | c@ex.com",
        "joe=jd | ann@ex.com | ann@ex.com",
      })
  void canonicalPutsTheKnownAddressInPlace(String table, String given, String put) {
    assertThat(canonical(ALL, tables(table)).put(Address.parse(given)).toString()).isEqualTo(put);
  }

  @Test
  void anExtensionIsDroppedWhenItIsNotToGoOn() {
    var canonical =
        new Canonical(tables("joe=Joe.Doe"), ORIGIN, false, ALL, Origins.shipped(ORIGIN));
    assertThat(canonical.put(Address.parse("joe+x@ex.com"))).hasToString("Joe.Doe@ex.com");
  }

  @Test
  void eachCanonicalTableHasItsPlaces() {
    String headers = "From: joe@ex.com\r\nTo: joe@ex.com, ann@ex.com\r\nSubject: joe@ex.com\r\n";
    Mail sent = rewrite(canonical(SENDERS, "inline:{joe=jd@b.org}"), headers, "joe@ex.com");
    assertThat(sent.headers())
        .hasToString("From: jd@b.org\r\nTo: joe@ex.com, ann@ex.com\r\nSubject: joe@ex.com\r\n");
    assertThat(recipients(sent)).containsExactly("joe@ex.com");

    Mail received = rewrite(canonical(RECIPIENTS, "inline:{joe=jd@b.org}"), headers, "joe@ex.com");
    assertThat(received.headers())
        .hasToString("From: joe@ex.com\r\nTo: jd@b.org, ann@ex.com\r\nSubject: joe@ex.com\r\n");
    assertThat(recipients(received)).containsExactly("jd@b.org");
    assertThat(received.recipients().getFirst().original()).hasToString("joe@ex.com");
  }

  @Test
  void theEnvelopeOfAStrangerIsRewrittenAndNotItsHeaderSection() {
    Mail mail =
        rewrite(
            canonical(ALL, "inline:{joe=jd@b.org}"),
            Cases.stranger("192.0.2.9"),
            "To: joe@ex.com\r\n",
            "joe@ex.com");
    assertThat(mail.headers()).hasToString("To: joe@ex.com\r\n");
    assertThat(recipients(mail)).containsExactly("jd@b.org");
  }

  /// Spec of remote_header_rewrite_domain: the same header by a local and by a remote client.
  @Test
  void aDomainOfItsOwnCompletesWhatStrangersWrote() {
    String headers = "From: joe (Joe)\r\nTo: ann, bob@host\r\n";
    HeaderOrigin remote = Origins.remote(ORIGIN, "domain.invalid");
    var form = new StandardForm(ORIGIN, remote);
    var canonical =
        new Canonical(
            Cases.search("ex.com", "inline:{joe=Joe.Doe@ex.com}"), ORIGIN, true, ALL, remote);
    assertThat(twice(form, canonical, Cases.stranger("192.0.2.9"), headers))
        .hasToString("From: joe@domain.invalid (Joe)\r\nTo: ann@domain.invalid, bob@host\r\n");
    assertThat(twice(form, canonical, Cases.own(), headers))
        .hasToString("From: Joe.Doe@ex.com (Joe)\r\nTo: ann@ex.com, bob@host\r\n");
  }

  @Test
  void aTableThatCannotBeAskedDefersTheMessage() {
    var message = new Case.Message(Cases.mail(Cases.own(), "To: a@b.org\r\n", "a@b.org"));
    assertThat(canonical(ALL, "fail:canonical").rewrite(message).verdict()).isEqualTo(LATER);
    assertThat(copies("", "fail:bcc", "inline:{}").rewrite(message).verdict()).isEqualTo(LATER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo.example.com example.com | u@any.thing.foo.example.com | u@foo.example.com",
        "foo.example.com example.com | u@x.example.com | u@example.com",
        "!foo.example.com example.com | u@a.foo.example.com | u@a.foo.example.com",
        "!foo.example.com example.com | u@foo.example.com | u@foo.example.com",
        "!!foo.example.com example.com | u@a.foo.example.com | u@foo.example.com",
        "example.com foo.example.com | u@a.foo.example.com | u@example.com",
        "Example.com | u@H.EXAMPLE.com | u@example.com",
        "example.com | Root@h.example.com | Root@h.example.com",
        "example.com | u@badexample.com | u@badexample.com",
      })
  void masqueradingHidesHosts(String domains, String given, String put) {
    var masquerade =
        new Masquerade(
            new MasqueradeSettings(List.of(domains.split(" ")), List.of("root"), List.copyOf(ALL)),
            Origins.shipped(ORIGIN));
    assertThat(masquerade.put(Address.parse(given))).hasToString(put);
  }

  @Test
  void aCopyIsOneMoreRecipientOfWhomNobodyHears() {
    Mail mail =
        copied(
            copies("archive@ex.com", "inline:{ann@far.example=boss}", "inline:{new@ex.com=log}"),
            "new@ex.com",
            "other@ex.com");
    assertThat(recipients(mail))
        .containsExactly(
            "new@ex.com", "other@ex.com", "boss@ex.com", "log@ex.com", "archive@ex.com");
    assertThat(mail.recipients().subList(2, 5))
        .allMatch(r -> r.notifyOn().equals(Optional.of(Notify.NEVER)))
        .allMatch(r -> r.orcpt().isEmpty());
  }

  @Test
  void aCopyIsCanonicalAndHasNoCopyItself() {
    var copies =
        new AutomaticCopies(
            copies(Optional.of(Address.parse("archive@h.ex.com"))),
            tables(""),
            tables("archive@h.ex.com=loop"),
            ORIGIN,
            List.of(canonical(RECIPIENTS, "inline:{archive@h.ex.com=store@h.ex.com}")),
            new Masquerade(
                new MasqueradeSettings(List.of("ex.com"), List.of(), List.copyOf(ALL)),
                Origins.shipped(ORIGIN)));
    assertThat(recipients(copied(copies, "a@ex.com"))).containsExactly("a@ex.com", "store@ex.com");
  }

  @Test
  void aReportHasNoCopyBySender() {
    var copies = copies("", "inline:{@far.example=boss}", "inline:{}");
    var message = new Case.Message(Cases.mail(Cases.own(), "", "a@ex.com"));
    Mail nulled = message.mail().with(message.mail().envelope().with(ReversePath.NULL));
    assertThat(copies.rewrite(message.with(nulled))).isEqualTo(message.with(nulled));
  }

  @Test
  void whatChangesNothingLeavesTheBytes() {
    String odd = "from :  joe@x.org ,\r\n\t(c) \"J\" <j@x.org>\r\nX: \r\n";
    Mail mail = rewrite(canonical(ALL, "inline:{nobody=x}"), odd, "a@b.org");
    assertThat(mail.headers()).hasToString(odd);
  }

  /// Whatever the table says, rewriting ends, and doing it again with a table in which nothing that
  /// was found is a key changes nothing.
  @Property(tries = 300)
  void rewritingEndsAndIsDoneAtOnce(@ForAll("entries") List<String> entries) {
    var canonical = canonical(ALL, "inline:{" + String.join(",", entries) + "}");
    for (String name : List.of("a", "b", "c", "d", "e+x")) {
      Address once = canonical.put(Address.of(name, "ex.com"));
      if (entries.stream().noneMatch(e -> e.startsWith(once.localPart().split("\\+")[0] + "="))) {
        assertThat(canonical.put(once)).isEqualTo(once);
      }
    }
  }

  @Provide
  Arbitrary<List<String>> entries() {
    Arbitrary<String> names = Arbitraries.of("a", "b", "c", "d", "e", "f");
    return net.jqwik.api.Combinators.combine(names, names)
        .as((k, v) -> k + "=" + v)
        .list()
        .ofMaxSize(8);
  }

  private static Canonical canonical(Set<AddressClass> classes, String table) {
    return canonical(classes, Cases.search("ex.com", table));
  }

  private static Canonical canonical(Set<AddressClass> classes, AddressSearch tables) {
    return new Canonical(tables, ORIGIN, true, classes, Origins.shipped(ORIGIN));
  }

  /// Entries separated by ", " that each may hold a list.
  private static AddressSearch tables(String entries) {
    if (entries.isEmpty()) {
      return new AddressSearch(
          new SearchPath(List.of()), new Extensions("+"), d -> d.name().equals("ex.com"));
    }
    String braced =
        entries.contains("two@")
            ? "{" + entries.replaceFirst("=", " = ") + "}"
            : String.join(
                ",",
                Arrays.stream(entries.split(", "))
                    .map(e -> "{" + e.replaceFirst("=", " = ") + "}")
                    .toList());
    return Cases.search("ex.com", "inline:{" + braced + "}");
  }

  private static AutomaticCopies copies(String always, String ofSender, String ofRecipient) {
    return new AutomaticCopies(
        copies(always.isEmpty() ? Optional.empty() : Optional.of(Address.parse(always))),
        Cases.search("ex.com", ofSender),
        Cases.search("ex.com", ofRecipient),
        ORIGIN,
        List.of(),
        new Masquerade(
            new MasqueradeSettings(List.of(), List.of(), List.of()), Origins.shipped(ORIGIN)));
  }

  private static CopySettings copies(Optional<Address> always) {
    return new CopySettings(always, List.of(), List.of());
  }

  private static Mail copied(AutomaticCopies copies, String... recipients) {
    var message = new Case.Message(Cases.mail(Cases.own(), "", recipients));
    return ((Case.Message) copies.rewrite(message)).mail();
  }

  private static Mail rewrite(Mechanism mechanism, String headers, String recipient) {
    return rewrite(mechanism, Cases.own(), headers, recipient);
  }

  private static Mail rewrite(
      Mechanism mechanism, Client client, String headers, String recipient) {
    var message = new Case.Message(Cases.mail(client, headers, recipient));
    return ((Case.Message) mechanism.rewrite(message)).mail();
  }

  private static Headers twice(
      StandardForm form, Canonical canonical, Client client, String headers) {
    Case formed = form.rewrite(new Case.Message(Cases.mail(client, headers, "a@b.org")));
    return ((Case.Message) canonical.rewrite(formed)).mail().headers();
  }

  private static List<String> recipients(Mail mail) {
    return mail.recipients().stream().map(Recipient::address).map(Address::toString).toList();
  }
}
