package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Content;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.Letters;
import org.caravanmta.queue.selector.SelectorReader;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Picked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The verbs on messages that a selector means: just those are changed, and each is named.
class SelectorVerbsTest extends AdminAtBroker {
  private static final String REFUSED =
      "connect to mx.example.net[192.0.2.1]:25: Connection refused";

  private static Mail to(String id, String... recipients) {
    return letter(id)
        .with(
            List.of(recipients).stream()
                .map(to -> Recipient.of(Address.parse(to)).because(Reason.of("4.4.1", REFUSED)))
                .toList());
  }

  private static Mail hop(Mail mail, String transport, String nextHop) {
    return mail.with(mail.envelope().with(Destination.of(transport, nextHop)));
  }

  private static Mail from(Mail mail, ReversePath sender) {
    return mail.with(mail.envelope().with(sender));
  }

  private static Mail tried(Mail mail, int times) {
    return mail.with(
        mail.envelope().with(new Progress(times, 0, Letters.ARRIVED, Letters.ARRIVED)));
  }

  /// A letter of each kind, on all queues on which mail lies.
  private void fill() throws Exception {
    put("routing", to("4A", "a@one.example"));
    put("delivery.smtp", hop(to("4B", "b@two.example"), "smtp", "two.example"));
    put(
        "deferred.1m",
        hop(to("4C", "c@one.example", "d@Two.Example"), "smtp", "[relay.example]:587"));
    put(
        "deferred.1m",
        from(hop(to("4D", "e@sub.one.example"), "lmtp", "unix:/run/lmtp"), ReversePath.NULL));
    put("deferred.1h", tried(hop(to("4E", "f@one.example"), "smtp", "one.example"), 7));
    put("hold", to("4F", "g@three.example"));
    put("report", new Notice(Notice.Action.FAILED, to("4G", "h@one.example")));
    put("dead", to("4H", "i@one.example"));
  }

  private String found(String selector) throws Exception {
    var ids = new ArrayList<String>();
    admin.find(SelectorReader.read(selector), NOW, entry -> ids.add(entry.id().orElseThrow()));
    return ids.stream().sorted().collect(Collectors.joining(" "));
  }

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

  private List<Touched> touched(Deed deed, boolean dry) throws Exception {
    var touched = new ArrayList<Touched>();
    String argument = deed == Deed.REROUTE ? "smtp:[192.0.2.9]:2525" : "";
    admin.change(new Order(deed, argument, SelectorReader.read("all"), dry, NOW), touched::add);
    return touched;
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWaitsForItsTurnAtADestinationIsMailOnItsWay(boolean inside) throws Exception {
    from(inside);
    var targets =
        Map.of(
            Deed.HOLD, Map.of("hold", "4A"),
            Deed.RELEASE, Map.of("waiting.smtp.3", "4A"),
            Deed.FLUSH, Map.of("waiting.smtp.3", "4A"),
            Deed.DELETE, Map.<String, String>of(),
            Deed.BOUNCE, Map.of("force-expired", "4A"),
            Deed.REQUEUE, Map.of("requeue", "4A"),
            Deed.REROUTE, Map.of("routing", "4A"));
    for (Deed deed : Deed.values()) {
      put("waiting.smtp.3", to("4A", "a@one.example"));
      assertThat(found("transport=smtp and queue=waiting.*")).isEqualTo("4A");
      List<Touched> touched = touched(deed, false);
      if (deed.fits("waiting.smtp.3")) {
        assertThat(touched)
            .as(deed.word())
            .containsExactly(
                new Touched("waiting.smtp.3", Optional.of("4A"), 1, Touched.Outcome.DONE));
      } else {
        assertThat(touched).as(deed.word()).isEmpty();
      }
      assertThat(where()).as(deed.word()).isEqualTo(targets.get(deed));
      admin.delete(QueueAdmin.Target.ALL, "");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsMetAgainOnItsNewWayIsNotReroutedOnceMore(boolean inside) throws Exception {
    from(inside);
    put("routing", to("4A", "a@one.example"));
    put("delivery.smtp", to("4B", "a@one.example"));
    var touched = new ArrayList<Touched>();
    admin.change(
        new Order(Deed.REROUTE, "smtp:[192.0.2.9]:2525", SelectorReader.read("all"), false, NOW),
        each -> {
          touched.add(each);
          if (each.queue().equals("routing")) {
            moveAll("routing", "delivery.smtp");
          }
        });
    assertThat(touched)
        .containsExactlyInAnyOrder(
            new Touched("routing", Optional.of("4A"), 1, Touched.Outcome.DONE),
            new Touched("delivery.smtp", Optional.of("4B"), 1, Touched.Outcome.DONE));
    assertThat(where()).isEqualTo(Map.of("delivery.smtp", "4A", "routing", "4B"));
  }

  /// What was damaged on the disk stays where it is, and nobody says that it has gone.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatCannotBeReadIsNamedAndLeft(boolean inside) throws Exception {
    from(inside);
    for (String queue : List.of("dead", "hold")) {
      try (var producer = session.createProducer(queue)) {
        producer.send(
            new Frame(queue, new byte[] {9, 9}, Map.of(Frame.ID, "4" + queue), true)
                .message(session));
      }
    }
    session.commit();
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

  /// As routing does meanwhile.
  private void moveAll(String from, String to) {
    try (var desk = at.desk()) {
      var picked = new Picked();
      desk.browse(
          from,
          seen -> {
            picked.add(seen.number(), new Picked.Item(Optional.empty(), Optional.empty(), 1));
            return true;
          });
      assertThat(desk.move(from, picked, to)).isPositive();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsQueuedAgainIsNotQueuedOnceMoreWhenItIsMetAgain() throws Exception {
    put("delivery.smtp", to("4A", "a@one.example"));
    var order = Letters.ARRIVED.minusMillis(1);
    var touched = new ArrayList<Touched>();
    admin.change(
        new Order(Deed.REQUEUE, "", SelectorReader.read("all"), false, order), touched::add);
    assertThat(touched).isEmpty();
    assertThat(touched(Deed.REQUEUE, false)).hasSize(1);
    assertThat(where()).isEqualTo(Map.of("requeue", "4A"));
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAStageHasTakenIsNamedAndLeft(boolean inside) throws Exception {
    from(inside);
    put("delivery.smtp", to("4A", "a@one.example"));
    put("delivery.smtp", to("4B", "a@one.example"));
    take("delivery.smtp");
    try (var asked = asked(List.of())) {
      assertThat(asked.run("delete", "--queue", "delivery.*", "--json")).isEqualTo(1);
      assertThat(asked.out())
          .contains("\"queue_id\": \"4B\"", "\"outcome\": \"done\"")
          .contains("\"queue_id\": \"4A\"", "\"outcome\": \"taken\"");
    }
    giveBack();
    assertThat(where()).isEqualTo(Map.of("delivery.smtp", "4A"));
  }

  @Test
  void theHeadOfALaneIsPutBackForTheOperator() throws Exception {
    put("deferred.1h", to("4A", "a@one.example"));
    put("deferred.1h", to("4B", "a@one.example"));
    take("deferred.1h");
    var touched = new ArrayList<Touched>();
    admin.change(
        new Order(Deed.HOLD, "", SelectorReader.read("domain=one.example"), false, NOW),
        touched::add);
    assertThat(lanes).containsExactly("put back", "taken again");
    assertThat(touched).extracting(Touched::outcome).containsOnly(Touched.Outcome.DONE);
    assertThat(where()).isEqualTo(Map.of("hold", "4B 4A"));
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
  void messagesInPageFilesAreFoundAndChanged() throws Exception {
    var settings = broker.server().getAddressSettingsRepository();
    settings.addMatch(
        "deferred.1h",
        new AddressSettings(settings.getMatch("deferred.1h"))
            .setMaxSizeMessages(100)
            .setPageSizeBytes(64 << 10));
    for (int i = 0; i < 3000; i++) {
      send("deferred.1h", to("4A" + i, "a@" + (i % 3 == 0 ? "one" : "two") + ".example"));
    }
    session.commit();
    assertThat(
            broker
                .server()
                .getPagingManager()
                .getPageStore(SimpleString.of("deferred.1h"))
                .getNumberOfPages())
        .isGreaterThan(3);
    for (String verb : List.of("hold", "requeue", "bounce", "reroute")) {
      var touched = new ArrayList<Touched>();
      String domain = verb.equals("hold") ? "one.example" : "two.example";
      Deed deed = Deed.named(verb);
      int digit = deed.ordinal() % 3;
      String selector =
          verb.equals("hold")
              ? "domain=" + domain
              : "domain=" + domain + " and id=4A*" + digit + " and queue=deferred.1h";
      String argument = verb.equals("reroute") ? "smtp:three.example" : "";
      long meant = count(selector);
      assertThat(meant).isPositive();
      admin.change(
          new Order(deed, argument, SelectorReader.read(selector), false, NOW), touched::add);
      assertThat(touched)
          .hasSize((int) meant)
          .extracting(Touched::outcome)
          .containsOnly(Touched.Outcome.DONE);
    }
    assertThat(count("all")).isEqualTo(3000);
    assertThat(count("queue=hold")).isEqualTo(1000);
    assertThat(count("queue=operator")).isZero();
    assertThat(
            allIds().entrySet().stream()
                .filter(each -> each.getValue() != 1)
                .map(Map.Entry::getKey))
        .as("lost or doubled")
        .isEmpty();
  }

  private long count(String selector) throws Exception {
    var ids = new ArrayList<String>();
    admin.find(SelectorReader.read(selector), NOW, entry -> ids.add(entry.id().orElse("-")));
    return ids.size();
  }

  private Map<String, Long> allIds() throws Exception {
    var ids = new ArrayList<String>();
    admin.find(SelectorReader.read("all"), NOW, entry -> ids.add(entry.id().orElse("-")));
    return ids.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  @Test
  void whatAnEarlierLifeLeftInTheMiddleGoesBack() throws Exception {
    fill();
    try (var desk = at.desk()) {
      for (String queue : List.of("deferred.1m", "hold")) {
        var picked = new Picked();
        desk.browse(
            queue,
            seen -> {
              picked.add(seen.number(), new Picked.Item(Optional.empty(), Optional.empty(), 1));
              return true;
            });
        desk.move(queue, picked, "operator");
      }
    }
    assertThat(where()).containsEntry("operator", "4C 4D 4F");
    assertThat(admin.giveBack()).isEqualTo(3);
    assertThat(where())
        .containsEntry("deferred.1m", "4C 4D")
        .containsEntry("hold", "4F")
        .doesNotContainKey("operator");
    assertThat(admin.giveBack()).isZero();
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
