package org.caravanmta.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Content;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.message.Verp;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

/// The tasks that a message is divided into, by next hop and recipients.
class RoutingTest extends RoutedMail {
  @Test
  void whoWantsToHearOfSuccessHearsOnceOfAnAlias() {
    Mail mail = Letters.to("ann@far.example", "bob@near.example", "cec@far.example");
    var success = Optional.of(new Notify(Set.of(Notify.Event.SUCCESS, Notify.Event.DELAY)));
    Address alias = Address.parse("all@ex.example");
    Function<Recipient, Recipient> aliased =
        r ->
            new Recipient(
                r.address(),
                alias,
                success,
                Optional.of("rfc822;all@ex.example"),
                Optional.of(Reason.EXPANDED));
    Recipient plain =
        new Recipient(
            mail.recipients().get(2).address(),
            mail.recipients().get(2).address(),
            success,
            Optional.empty(),
            Optional.empty());
    Mail expanded =
        mail.with(
            List.of(
                aliased.apply(mail.recipients().get(0)),
                aliased.apply(mail.recipients().get(1)),
                plain));
    Handover next = routing().route(expanded);

    assertThat(next.tasks("report")).hasSize(1);
    var notice = (Notice) next.tasks("report").getFirst().body();
    assertThat(notice.action()).isEqualTo(Notice.Action.EXPANDED);
    assertThat(notice.mail().recipients())
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.address()).isEqualTo(alias);
              assertThat(r.orcpt()).contains("rfc822;all@ex.example");
              assertThat(r.last().orElseThrow().status()).hasToString("2.0.0");
            });
    List<Recipient> onward =
        next.tasks("delivery.*").stream()
            .flatMap(task -> ((Mail) task.body()).recipients().stream())
            .toList();
    assertThat(onward)
        .filteredOn(r -> r.original().equals(alias))
        .hasSize(2)
        .allMatch(r -> r.notifyOn().equals(Optional.of(new Notify(Set.of(Notify.Event.DELAY)))));
    assertThat(onward).contains(plain);

    // routed again after a deferral, or from the null reverse path, nothing is told
    assertThat(routing().route(expanded.with(onward)).tasks("report")).isEmpty();
    Mail report = expanded.with(expanded.envelope().with(ReversePath.NULL));
    assertThat(routing().route(report).tasks("report")).isEmpty();
  }

  /// Acceptance row 204: the return path is user+rcpt=dom@.
  @Test
  void eachRecipientOfAListWithVerpHasAReversePathAndATask() {
    Mail mail = Letters.to("ann@far.example", "bob@far.example", "x@ex.example");
    mail = mail.with(mail.envelope().with(ReversePath.parse("owner@list.example")));
    List<Task> tasks =
        tasks(mail.with(mail.envelope().with(mail.envelope().parameters().with(Verp.USUAL))));
    assertThat(tasks)
        .extracting(task -> ((Mail) task.body()).reversePath().toString())
        .containsExactly(
            "owner+ann=far.example@list.example",
            "owner+bob=far.example@list.example",
            "owner+x=ex.example@list.example");
    assertThat(addresses(tasks))
        .containsExactly("ann@far.example", "bob@far.example", "x@ex.example");
    // routed again after a deferral, it has its reverse path already
    Mail again = (Mail) tasks.getFirst().body();
    assertThat(again.envelope().parameters().verp()).isEmpty();
    assertThat(((Mail) tasks(again).getFirst().body()).reversePath())
        .isEqualTo(again.reversePath());
  }

  @Test
  void thereIsOneTaskForEachNextHopAndForEachMailbox() {
    List<Task> tasks =
        tasks(
            Letters.to(
                "a@far.example",
                "x@ex.example",
                "b@FAR.example",
                "c@near.example",
                "y@ex.example"));
    assertThat(tasks)
        .extracting(task -> task.queue() + " " + addresses(List.of(task)))
        .containsExactlyInAnyOrder(
            "delivery.smtp [a@far.example, b@FAR.example]",
            "delivery.smtp [c@near.example]",
            "delivery.local [x@ex.example]",
            "delivery.local [y@ex.example]");
  }

  @Test
  void aTaskHasAtMostFiftyRecipients() {
    String[] many =
        IntStream.range(0, 120).mapToObj(i -> "u" + i + "@far.example").toArray(String[]::new);
    assertThat(tasks(Letters.to(many)))
        .extracting(task -> ((Mail) task.body()).recipients().size())
        .containsExactly(50, 50, 20);
  }

  @Test
  void eachTaskHoldsStoredContentOfItsOwnAndASingleOneKeepsIt() {
    var stored = new Content.Stored("R", 9, 0);
    tasks(Letters.to("a@far.example").with((Content) stored));
    assertThat(linked).isEmpty();
    List<Task> tasks = tasks(Letters.to("a@far.example", "x@ex.example").with((Content) stored));
    assertThat(linked).containsExactly("R.1", "R.2");
    assertThat(tasks)
        .extracting(task -> ((Content.Stored) ((Mail) task.body()).content()).ref())
        .containsExactly("R.1", "R.2");
  }

  @Test
  void contentThatCannotBeSplitWaitsWhole() {
    links =
        (from, ref) -> {
          throw new IOException("disk full");
        };
    Mail mail =
        Letters.to("a@far.example", "x@ex.example").with((Content) new Content.Stored("R", 9, 0));
    Handover next = routing().route(mail);
    assertThat(next.tasks("delivery.*")).isEmpty();
    assertThat(addresses(next.tasks("deferred.*")))
        .containsExactly("a@far.example", "x@ex.example");
  }

  @Test
  void whoeverIsNamedInOtherLettersGetsOneCopy() {
    Mail mail =
        Letters.to(
            "u@far.example",
            "u@FAR.example",
            "U@Far.Example",
            "v@far.example",
            "a@ex.example",
            "A@EX.example");
    assertThat(recipients(routing().route(mail)))
        .containsExactly("u@far.example", "v@far.example", "a@ex.example");

    Recipient plain = Recipient.of(Address.parse("u@far.example"));
    var asked =
        new Recipient(
            Address.parse("U@far.example"),
            plain.original(),
            Optional.of(new Notify(Set.of(Notify.Event.SUCCESS))),
            Optional.empty(),
            Optional.empty());
    var listed =
        new Recipient(
            plain.address(),
            Address.parse("list@ex.example"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    // the sender is to hear of one, and the other was addressed otherwise
    assertThat(recipients(routing().route(mail.with(List.of(plain, asked, listed, plain)))))
        .hasSize(3);
  }

  @Test
  void aTaskHasNoMoreRecipientsThanTheOperatorWants() {
    Mail mail =
        Letters.to(
            IntStream.range(0, 7).mapToObj(i -> "u" + i + "@far.example").toArray(String[]::new));
    together = 3;
    assertThat(routing().route(mail).all())
        .extracting(task -> ((Mail) task.body()).recipients().size())
        .containsExactly(3, 3, 1);
    together = 0;
    assertThat(routing().route(mail).all()).hasSize(1);
  }
}
