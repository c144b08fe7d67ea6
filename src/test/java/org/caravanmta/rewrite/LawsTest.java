package org.caravanmta.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.caravanmta.address.Address;
import org.caravanmta.address.AddressClass;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.SentCopy;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.table.AddressSearch;

/// What holds of each mechanism whatever a message says: it comes to an end, what it does not touch
/// keeps its bytes and its place, and doing it again changes nothing where that can be.
class LawsTest {
  private static final Origin ORIGIN = new Origin(new Domain("ex.com"));
  private static final Set<AddressClass> ALL = Set.of(AddressClass.values());
  private static final HeaderOrigin OWN = Origins.shipped(ORIGIN);

  private final Map<String, UnaryOperator<Case>> once = new LinkedHashMap<>();
  private final Map<String, UnaryOperator<Case>> alsoTwice = new LinkedHashMap<>();

  LawsTest() {
    AddressSearch table =
        Cases.search("ex.com", "inline:{a=b@far.org,@old.org=@ex.com,b=a,c+x=d@h.ex.com}");
    AddressSearch lists =
        Cases.search("ex.com", "inline:{{a = a, b@far.org},{b = c, a},{@old.org = u@ex.com}}");
    AddressSearch settled = Cases.search("ex.com", "inline:{a=x@far.org,b=y@far.org}");
    var masquerade =
        new Masquerade(
            new MasqueradeSettings(
                List.of("ex.com", "!k.far.org", "far.org"), List.of(), List.copyOf(ALL)),
            OWN);
    alsoTwice.put("standard form", new StandardForm(ORIGIN, OWN)::rewrite);
    alsoTwice.put("canonical", new Canonical(settled, ORIGIN, true, ALL, OWN)::rewrite);
    alsoTwice.put("masquerade", masquerade::rewrite);
    alsoTwice.put("completion", completion(true)::rewrite);
    alsoTwice.put(
        "generic",
        c ->
            c instanceof Case.Message message
                    && new Generic(settled, ORIGIN, true).of(message.mail())
                        instanceof SentCopy.Made.Ready(Mail mail)
                ? message.with(mail)
                : c);
    once.put("canonical with a loop", new Canonical(table, ORIGIN, true, ALL, OWN)::rewrite);
    once.put(
        "virtual aliases",
        new VirtualAliases(
                lists,
                ORIGIN,
                true,
                new VirtualAliasSettings(
                    List.of(), new VirtualAliasSettings.Limits(1000, 1000, 1000), true))
            ::rewrite);
    once.put(
        "automatic copies",
        new AutomaticCopies(
                new CopySettings(Optional.of(Address.parse("copy@ex.com")), List.of(), List.of()),
                table,
                table,
                ORIGIN,
                List.of(new Canonical(table, ORIGIN, true, ALL, OWN)),
                masquerade)
            ::rewrite);
    once.putAll(alsoTwice);
  }

  private static Completion completion(boolean always) {
    return new Completion(
        new CompletionSettings(List.of(), Optional.empty(), always),
        new HeaderSettings(List.of(), ""),
        OWN,
        ORIGIN,
        "mx.ex.com");
  }

  @Property(tries = 300)
  void whatIsNotTouchedKeepsItsBytesAndItsPlace(
      @ForAll("sections") String section, @ForAll("addresses") List<String> recipients) {
    once.forEach(
        (name, mechanism) -> {
          Mail mail = mail(section, recipients);
          Mail after = after(mechanism, mail);
          Iterator<Headers.Field> left = after.headers().fields().iterator();
          for (Headers.Field field : mail.headers().fields()) {
            if (field.name().startsWith("X-")) {
              assertThat(next(left)).as(name).isEqualTo(raw(field));
            }
          }
          assertThat(after.headers().fields().stream().map(Headers.Field::name).toList())
              .as(name)
              .containsSubsequence(
                  mail.headers().fields().stream().map(Headers.Field::name).toList());
          assertThat(after.content()).as(name).isEqualTo(mail.content());
          assertThat(after.recipients()).as(name).hasSizeGreaterThanOrEqualTo(1);
        });
  }

  @Property(tries = 300)
  void theSecondTimeNothingChanges(
      @ForAll("sections") String section, @ForAll("addresses") List<String> recipients) {
    alsoTwice.forEach(
        (name, mechanism) -> {
          Mail first = after(mechanism, mail(section, recipients));
          Mail second = after(mechanism, first);
          assertThat(second.headers().bytes()).as(name).isEqualTo(first.headers().bytes());
          assertThat(second.recipients()).as(name).isEqualTo(first.recipients());
          assertThat(second.reversePath()).as(name).isEqualTo(first.reversePath());
        });
  }

  @Property(tries = 200)
  void aStrangersHeaderSectionKeepsAllOfItsBytes(@ForAll("sections") String section) {
    var unasked = new LinkedHashMap<>(once);
    unasked.put("completion", completion(false)::rewrite);
    unasked.remove("generic");
    unasked.forEach(
        (name, mechanism) -> {
          Mail mail = Cases.mail(Cases.stranger("192.0.2.9"), section, "a@ex.com");
          assertThat(after(mechanism, mail).headers().bytes())
              .as(name)
              .isEqualTo(mail.headers().bytes());
        });
  }

  @Provide
  Arbitrary<String> sections() {
    Arbitrary<String> names =
        Arbitraries.of(
            "From", "to", "CC", "Reply-To", "Sender", "Resent-To", "X-Any", "X-To", "X-\u00b5");
    Arbitrary<String> values =
        Arbitraries.of(
                "a",
                "b@ex.com",
                "c+x@ex.com",
                "u@h.ex.com",
                "u@old.org",
                "<a>",
                "\"A, B\" <b>",
                "(c)",
                ",",
                ";",
                ":",
                "g:",
                "@",
                "\"",
                "\\",
                "\r\n\t",
                "\r\n ",
                " ",
                "a!b",
                "a%b",
                "\u00e4",
                "=?utf-8?q?x?=",
                "u@[192.0.2.1]",
                "<>",
                "..",
                "a@k.far.org")
            .list()
            .ofMaxSize(8)
            .map(words -> String.join("", words));
    return Combinators.combine(names, values)
        .as((name, value) -> name.replace("\u00b5", "Mu") + ":" + value + "\r\n")
        .list()
        .ofMaxSize(6)
        .map(fields -> String.join("", fields));
  }

  @Provide
  Arbitrary<List<String>> addresses() {
    return Arbitraries.of(
            "a@ex.com", "b@ex.com", "c+x@ex.com", "u@old.org", "U@H.ex.com", "x@far.org")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  private static Mail mail(String section, List<String> recipients) {
    return Cases.mail(Cases.own(), section, recipients.toArray(String[]::new));
  }

  private static Mail after(UnaryOperator<Case> mechanism, Mail mail) {
    return ((Case.Message) mechanism.apply(new Case.Message(mail))).mail();
  }

  /// The next of the fields that no mechanism knows.
  private static String next(Iterator<Headers.Field> fields) {
    var passed = new ArrayList<String>();
    while (fields.hasNext()) {
      Headers.Field field = fields.next();
      if (field.name().startsWith("X-")) {
        return raw(field);
      }
      passed.add(field.name());
    }
    return "only " + passed;
  }

  private static String raw(Headers.Field field) {
    return new String(field.raw(), StandardCharsets.ISO_8859_1);
  }
}
