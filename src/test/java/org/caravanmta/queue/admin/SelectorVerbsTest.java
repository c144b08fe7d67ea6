package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Content;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.queue.selector.SelectorReader;
import org.caravanmta.queue.spi.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The verbs on messages that a selector means: just those are changed, and each is named.
class SelectorVerbsTest extends SelectedLetters {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachSelectorFindsItsOwn(boolean inside) throws Exception {
    from(inside);
    fill();
    Map.ofEntries(
            Map.entry("all", "4A 4B 4C 4D 4E 4F 4G 4H"),
            Map.entry("id=4C", "4C"),
            Map.entry("domain=two.example", "4B 4C"),
            Map.entry("domain=*.one.example", "4D"),
            Map.entry("domain=*one.example", "4A 4C 4D 4E 4G 4H"),
            Map.entry("recipient=?@one.example", "4A 4C 4E 4G 4H"),
            Map.entry("sender=<>", "4D"),
            Map.entry("sender=ALICE@*", "4A 4B 4C 4E 4F 4G 4H"),
            Map.entry("next-hop=[relay.example]:587", "4C"),
            Map.entry("next-hop=*.example", "4B 4E"),
            Map.entry("transport=lmtp", "4D"),
            Map.entry("transport=smtp", "4B 4C 4E"),
            Map.entry("queue=deferred.* or queue=hold", "4C 4D 4E 4F"),
            Map.entry("reason=\"connection refused\"", "4A 4B 4C 4D 4E 4F 4G 4H"),
            Map.entry("reason=4.4.1*mx.example.net", "4A 4B 4C 4D 4E 4F 4G 4H"),
            Map.entry("attempts>3", "4E"),
            Map.entry("age>=1h", "4A 4B 4C 4D 4E 4F 4G 4H"),
            Map.entry("age>1h", ""),
            Map.entry("domain=one.example and not queue=deferred.*", "4A 4G 4H"))
        .forEach(
            (selector, ids) -> {
              try {
                assertThat(found(selector)).as(selector).isEqualTo(ids);
              } catch (Exception e) {
                throw new AssertionError(selector, e);
              }
            });
  }

  /// One name, whichever way the client and the operator write it (RFC 5890 §2.3.2.1).
  @Test
  void aDomainOfAnotherScriptIsFoundInBothForms() throws Exception {
    put("hold", to("4A", "jörg@bücher.example"));
    put("hold", to("4B", "jörg@xn--bcher-kva.example"));
    put("hold", from(to("4C", "a@one.example"), ReversePath.of(Address.parse("é@bücher.example"))));
    for (String domain : List.of("bücher.example", "xn--bcher-kva.example", "BÜCHER.example")) {
      assertThat(found("domain=" + domain)).isEqualTo("4A 4B");
      assertThat(found("recipient=jörg@" + domain)).isEqualTo("4A 4B");
      assertThat(found("recipient=*@" + domain)).isEqualTo("4A 4B");
      assertThat(found("sender=é@" + domain)).isEqualTo("4C");
    }
    assertThat(found("recipient=*büch*")).isEqualTo("4A");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDryRunChangesNothingAndNamesWhatTheVerbThenDoes(boolean inside) throws Exception {
    from(inside);
    for (Deed deed : Deed.values()) {
      fill();
      Map<String, String> before = where();
      List<Touched> would = touched(deed, true);
      assertThat(where()).as(deed.word()).isEqualTo(before);
      List<Touched> done = touched(deed, false);
      assertThat(would).as(deed.word()).isNotEmpty();
      assertThat(done)
          .extracting(Touched::queue, Touched::id, Touched::recipients)
          .containsExactlyInAnyOrderElementsOf(
              would.stream()
                  .map(each -> tuple(each.queue(), each.id(), each.recipients()))
                  .toList());
      assertThat(would).extracting(Touched::outcome).containsOnly(Touched.Outcome.WOULD);
      assertThat(done).extracting(Touched::outcome).containsOnly(Touched.Outcome.DONE);
      assertThat(where()).as(deed.word()).isNotEqualTo(before);
      admin.delete(QueueAdmin.Target.ALL, "");
      assertThat(where()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyWhatIsSelectedMoves(boolean inside) throws Exception {
    from(inside);
    fill();
    // parts of one message on one queue, of which one is meant
    put("deferred.1m", to("4K", "x@three.example"));
    put("deferred.1m", to("4K", "x@four.example"));
    try (var asked = asked(List.of())) {
      assertThat(asked.run("hold", "--domain", "two.example", "--domain", "four.example")).isZero();
      assertThat(asked.out())
          .contains(
              "4B: put on hold (delivery.smtp, 1 recipient)\n",
              "4C: put on hold (deferred.1m, 2 recipients)\n",
              "4K: put on hold (deferred.1m, 1 recipient)\n")
          .endsWith("\n3 put on hold\n");
    }
    assertThat(where())
        .isEqualTo(
            Map.of(
                "routing", "4A",
                "deferred.1m", "4D 4K",
                "deferred.1h", "4E",
                "hold", "4F 4B 4C 4K",
                "report", "4G",
                "dead", "4H"));
    try (var asked = asked(List.of())) {
      assertThat(asked.run("release", "--where", "queue=hold and not id=4F")).isZero();
      assertThat(asked.run("flush", "--sender", "<>")).isZero();
      assertThat(asked.run("delete", "4E", "4A", "--recipient", "f@*")).isZero();
      assertThat(asked.run("bounce", "--queue", "hold")).isZero();
      assertThat(asked.run("requeue", "4A")).isZero();
      assertThat(asked.err()).isEmpty();
    }
    assertThat(where())
        .isEqualTo(
            Map.of(
                "requeue", "4A",
                "routing", "4B 4C 4K 4D",
                "deferred.1m", "4K",
                "force-expired", "4F",
                "report", "4G",
                "dead", "4H"));
  }

  /// What was damaged on the disk stays where it is, and nobody says that it has gone.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatCannotBeReadIsNamedAndLeft(boolean inside) throws Exception {
    from(inside);
    for (String queue : List.of("dead", "hold")) {
      send(new Frame(queue, new byte[] {9, 9}, Map.of(Frame.ID, "4" + queue), true));
    }
    commit();
    for (boolean dry : List.of(true, false)) {
      assertThat(touched(Deed.RELEASE, dry))
          .extracting(Touched::id, Touched::outcome)
          .contains(tuple(Optional.of("4dead"), Touched.Outcome.REFUSED));
      assertThat(touched(Deed.REROUTE, dry))
          .extracting(Touched::id, Touched::outcome)
          .allMatch(each -> each.toList().contains(Touched.Outcome.REFUSED));
    }
    assertThat(where()).isEqualTo(Map.of("dead", "4dead", "routing", "4hold"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void mailIsSentAnotherWayAndWhatIsOnHoldStaysThere(boolean inside) throws Exception {
    from(inside);
    fill();
    var filtered = to("4L", "j@one.example");
    put(
        "deferred.1m",
        filtered.with(
            filtered
                .envelope()
                .through(Optional.of(new NamedTransport("smtp", "[127.0.0.1]:10025")))));
    try (var asked = asked(List.of())) {
      assertThat(asked.run("reroute", "--to", "nowhere:x", "ALL")).isEqualTo(2);
      assertThat(
              asked.run(
                  "reroute", "--to", "smtp:[192.0.2.9]:2525", "--where", "id=4F or id=4C or id=4L"))
          .isEqualTo(1);
      assertThat(asked.out())
          .contains("4L: left as it was: it has not been through its content filter")
          .endsWith("2 rerouted, 1 left as they were\n");
      assertThat(asked.err())
          .contains("there is no transport nowhere", "not everything could be done");
    }
    assertThat(where())
        .containsEntry("hold", "4F")
        .containsEntry("routing", "4A 4C")
        .containsEntry("deferred.1m", "4D 4L")
        .doesNotContainKey("operator");
    var ways = new TreeMap<String, String>();
    admin.find(
        SelectorReader.read("queue=routing or queue=hold"),
        NOW,
        entry ->
            ways.put(
                entry.id().orElseThrow(),
                entry
                    .glance()
                    .flatMap(seen -> seen.envelope().filter())
                    .flatMap(NamedTransport::instead)
                    .map(Object::toString)
                    .orElse("-")));
    assertThat(ways)
        .isEqualTo(Map.of("4A", "-", "4C", "smtp:[192.0.2.9]:2525", "4F", "smtp:[192.0.2.9]:2525"));
  }

  @Test
  void theContentOfWhatIsDeletedIsGivenBackAndOfNothingElse() throws Exception {
    put("deferred.1m", to("4A", "a@one.example").with(new Content.Stored("ref-a", 70_000, 1)));
    put("deferred.1m", to("4B", "a@two.example").with(new Content.Stored("ref-b", 70_000, 1)));
    put("hold", to("4C", "a@one.example").with(new Content.Stored("ref-c", 70_000, 1)));
    try (var asked = asked(List.of())) {
      assertThat(asked.run("delete", "--domain", "one.example")).isZero();
      assertThat(asked.run("reroute", "--to", "smtp:two.example", "4B")).isZero();
    }
    assertThat(released).containsExactlyInAnyOrder("ref-a", "ref-c");
    assertThat(admin.contentRefs()).containsExactly("ref-b");
  }

  @Test
  void countsAreTold() throws Exception {
    fill();
    try (var asked = asked(List.of())) {
      assertThat(asked.run("count", "--domain", "*one.example")).isZero();
      assertThat(asked.out().lines())
          .anyMatch(line -> line.matches("deferred\\.1m +2 +3 +58"))
          .anyMatch(line -> line.matches("total +6 +7 +174"));
    }
  }

  @Test
  void withoutASelectorNothingIsDone() throws Exception {
    fill();
    Map<String, String> before = where();
    for (String verb : List.of("hold", "release", "delete", "bounce", "requeue")) {
      try (var asked = asked(List.of())) {
        assertThat(asked.run(verb)).as(verb).isEqualTo(2);
        assertThat(asked.run(verb, "--where", "all")).as(verb).isEqualTo(2);
        assertThat(asked.err()).contains("or say ALL");
        assertThat(asked.run(verb, "--older", "soon")).isEqualTo(2);
        assertThat(asked.err()).contains("\"soon\" is not a time such as 90s");
      }
    }
    assertThat(where()).isEqualTo(before);
  }
}
