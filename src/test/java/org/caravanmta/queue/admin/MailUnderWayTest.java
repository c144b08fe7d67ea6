package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.caravanmta.queue.Letters;
import org.caravanmta.queue.selector.SelectorReader;
import org.caravanmta.queue.spi.Picked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The verbs on messages that are on their way meanwhile: taken, met again, in page files, or left
/// in the middle by an earlier life.
class MailUnderWayTest extends SelectedLetters {
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
  void messagesInPageFilesAreFoundAndChanged() throws Exception {
    pageEarly("deferred.1h");
    for (int i = 0; i < 3000; i++) {
      send("deferred.1h", to("4A" + i, "a@" + (i % 3 == 0 ? "one" : "two") + ".example"));
    }
    commit();
    assertThat(pages("deferred.1h")).isGreaterThan(5);
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
}
