package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Source;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourcesTest {
  private static final Peer FOUR = peer("192.0.2.99");
  private static final Peer SIX = peer("2001:db8::99");

  private final HandClock clock = new HandClock();

  @Test
  void aLineNamesAPoolItsAddressesAndTheirWeights() {
    SourcePool pool = SourcePool.parse(" bulk 192.0.2.1*3  2001:db8::1 helo=bulk.ex.example ");
    assertThat(pool.name()).isEqualTo("bulk");
    assertThat(pool.members()).extracting(SourcePool.Member::weight).containsExactly(3, 1);
    assertThat(pool.members().getLast().source().address())
        .isEqualTo(InetAddress.ofLiteral("2001:db8::1"));
    assertThat(pool.members())
        .allMatch(m -> m.source().helo().orElseThrow().equals(new Domain("bulk.ex.example")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the name of a pool and its addresses",
        "bulk | at least one address in the pool bulk",
        "bulk helo=a.example | at least one address in the pool bulk",
        "bulk 192.0.2 | an address of ours, not \"192.0.2\"",
        "bulk host.example | an address of ours, not \"host.example\"",
        "bulk 192.0.2.1*0 | a weight from 1 to 9999 after *, not \"0\"",
        "bulk 192.0.2.1 192.0.2.1 | each address only once, not \"192.0.2.1\"",
        "bulk 192.0.2.1 helo= | a domain after helo=, not \"helo=\""
      })
  void whatIsNotAPoolIsRefusedWithWhatWasExpected(String line, String expected) {
    assertThatThrownBy(() -> SourcePool.parse(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void theSenderChoosesThenTheDomainThenThePoolOfAllOthers() {
    Sources sources =
        sources(
            List.of("a 192.0.2.1", "b 192.0.2.2", "c 192.0.2.3"),
            "c",
            "inline:{ann@ex.example=a, @lists.example=b, <>=b}",
            "inline:{far.example=b, .far.example=a}");
    assertThat(from(sources, "ann@ex.example", "x@far.example")).isEqualTo("192.0.2.1");
    assertThat(from(sources, "x@lists.example", "x@other.example")).isEqualTo("192.0.2.2");
    assertThat(from(sources, "bob@ex.example", "x@far.example")).isEqualTo("192.0.2.2");
    assertThat(from(sources, "bob@ex.example", "x@sub.far.example")).isEqualTo("192.0.2.1");
    assertThat(from(sources, "bob@ex.example", "x@other.example")).isEqualTo("192.0.2.3");
    assertThat(from(sources, "", "x@other.example")).isEqualTo("192.0.2.2");
  }

  @Test
  void addressesAreDrawnByWeightOfTheFamilyThatTheServerHas() {
    Sources sources = sources(List.of("a 192.0.2.1*9 192.0.2.2 2001:db8::1"), "a", "", "");
    List<InetAddress> drawn =
        IntStream.range(0, 2000).mapToObj(_ -> chosen(sources, FOUR).address()).toList();
    assertThat(drawn.stream().filter(InetAddress.ofLiteral("192.0.2.1")::equals).count())
        .isBetween(1700L, 1900L);
    assertThat(chosen(sources, SIX).address()).isEqualTo(InetAddress.ofLiteral("2001:db8::1"));
  }

  /// The machine may have lost an address: the others take over, and it is tried again later.
  @Test
  void anAddressThatFailsIsLeftAloneForAWhile() {
    Sources sources = sources(List.of("a 192.0.2.1 192.0.2.2"), "a", "", "");
    var lost = new Source(InetAddress.ofLiteral("192.0.2.1"), Optional.empty());
    sources.failed(lost, "no such address");
    clock.turn(Duration.ofMinutes(2));
    sources.failed(lost, "no such address");
    assertThat(sources.suspended()).describedAs("two in two minutes").isEmpty();
    sources.failed(lost, "no such address");
    assertThat(sources.suspended()).containsOnlyKeys(lost.address());
    assertThat(IntStream.range(0, 100).mapToObj(_ -> chosen(sources, FOUR).address()).distinct())
        .containsExactly(InetAddress.ofLiteral("192.0.2.2"));
    clock.turn(Duration.ofMinutes(10));
    assertThat(sources.suspended()).isEmpty();
    assertThat(IntStream.range(0, 200).mapToObj(_ -> chosen(sources, FOUR).address()).distinct())
        .hasSize(2);
  }

  /// None of those that have failed is drawn again for the same call, however much likelier it is.
  @Test
  void eachAddressOfAPoolIsTriedOnceForACall() {
    Sources sources =
        sources(List.of("a 192.0.2.1*1000 192.0.2.2*1000 192.0.2.3", "b 192.0.2.9"), "b", "", "");
    var lost = new ArrayList<Source>();
    Mail mail = Letters.to("x@far.example");
    lost.add(((Sources.Choice.From) sources.of(mail, FOUR, Optional.of("a"))).source().get());
    for (int i = 0; i < 2; i++) {
      Source other =
          sources.instead(lost, Reason.of("4.4.1", "lost"), mail, FOUR, Optional.of("a")).get();
      assertThat(lost).doesNotContain(other);
      lost.add(other);
    }
    assertThat(sources.instead(lost, Reason.of("4.4.1", "lost"), mail, FOUR, Optional.of("a")))
        .isEmpty();
  }

  @Test
  void mailWaitsWhenNoAddressOfItsPoolCanCall() {
    Sources sources = sources(List.of("a 192.0.2.1"), "a", "", "");
    assertThat(sources.of(Letters.to("x@far.example"), SIX, Optional.empty()))
        .isInstanceOfSatisfying(
            Sources.Choice.Not.class,
            not -> assertThat(not.reason().text()).contains("the pool a has no address of its"));
    for (int i = 0; i < 2; i++) {
      sources.failed(chosen(sources, FOUR), "gone");
    }
    assertThat(sources.of(Letters.to("x@far.example"), FOUR, Optional.empty()))
        .isInstanceOfSatisfying(
            Sources.Choice.Not.class,
            not -> {
              assertThat(not.reason().text()).contains("the pool a is out of order");
              assertThat(not.reason().status()).hasToString("4.4.1");
            });
  }

  @Test
  void aPoolThatIsNotThereIsNamedWhereItIsWritten() {
    assertThatThrownBy(() -> settings(List.of("a 192.0.2.1"), "b"))
        .hasMessage("usual must be a pool of pools, one of a");
    assertThatThrownBy(() -> settings(List.of("a 192.0.2.1", "a 192.0.2.2"), ""))
        .hasMessage("pools must have each name only once");
    assertThatThrownBy(() -> Sources.named(List.of("a")).check("b"))
        .hasMessage("\"b\" is not a pool of delivery.sources.pools, which has a");
  }

  private static String from(Sources sources, String sender, String recipient) {
    Mail mail = Letters.to(recipient);
    Mail sent = mail.with(mail.envelope().with(sender.isEmpty() ? ReversePath.NULL : path(sender)));
    return ((Sources.Choice.From) sources.of(sent, FOUR, Optional.empty()))
        .source()
        .orElseThrow()
        .address()
        .getHostAddress();
  }

  private static ReversePath path(String sender) {
    return ReversePath.of(Address.parse(sender));
  }

  private static Source chosen(Sources sources, Peer peer) {
    return ((Sources.Choice.From) sources.of(Letters.to("x@far.example"), peer, Optional.empty()))
        .source()
        .orElseThrow();
  }

  private Sources sources(List<String> pools, String usual, String senders, String domains) {
    return new Sources(
        settings(pools, usual),
        Cases.search("ex.example", tables(senders)),
        new SearchPath(Stream.of(tables(domains)).map(Tables::open).toList()),
        clock);
  }

  private static SourceSettings settings(List<String> pools, String usual) {
    return new SourceSettings(
        pools, usual, List.of(), List.of(), 2, Duration.ofMinutes(1), Duration.ofMinutes(10));
  }

  private static String[] tables(String text) {
    return Stream.of(text).filter(t -> !t.isEmpty()).toArray(String[]::new);
  }

  private static Peer peer(String address) {
    return new Peer("mx.far.example", new InetSocketAddress(InetAddress.ofLiteral(address), 25));
  }
}
