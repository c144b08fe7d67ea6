package org.caravanmta.restriction.dnsbl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.caravanmta.address.Domain;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.dns.Validation;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.HandClock;
import org.caravanmta.policy.LogLines;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsblTest {
  private final HandClock clock = new HandClock();
  private final Zones zones = new Zones();

  @Test
  void aListedClientIsRefusedWithTheListsReason() {
    zones.listings.put("9.2.0.192.bl.example", List.of("127.0.0.2"));
    zones.texts.put("9.2.0.192.bl.example", List.of("see https://bl.example/9\r\n", "böse"));

    assertThat(verdict("192.0.2.9", "bl.example"))
        .isEqualTo(
            new Verdict.Reject(
                Reply.of(
                    554,
                    "5.7.1",
                    "Service unavailable; Client host [192.0.2.9] blocked using bl.example; see"
                        + " https://bl.example/9?? / b?se")));
    assertThat(verdict("192.0.2.10", "bl.example")).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void anIpv6ClientIsAskedForByItsNibbles() {
    zones.listings.put(
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.example",
        List.of("127.0.0.2"));

    assertThat(verdict("2001:db8::1", "bl.example"))
        .isEqualTo(
            new Verdict.Reject(
                Reply.of(
                    554,
                    "5.7.1",
                    "Service unavailable; Client host [2001:db8::1] blocked using bl.example")));
  }

  @ParameterizedTest
  @CsvSource({
    "bl.example, 127.0.0.2, true",
    "bl.example, 127.9.9.9, true",
    // the domain was sold, and every name in it has a web server's address
    "bl.example, 203.0.113.80, false",
    // the list does not answer public resolvers
    "bl.example, 127.255.255.254, false",
    "bl.example=127.0.0.2, 127.0.0.2, true",
    "bl.example=127.0.0.2, 127.0.0.3, false",
    "bl.example=127.0.0.[2..11], 127.0.0.11, true",
    "bl.example=127.0.0.[2..11], 127.0.0.12, false",
    "bl.example=127.0.[0;1].[2;4..6], 127.0.1.5, true",
    "bl.example=127.0.[0;1].[2;4..6], 127.0.1.3, false",
    "bl.example=127.255.255.254, 127.255.255.254, true",
  })
  void aFilterSaysWhichAnswersCount(String zone, String answer, boolean listed) {
    zones.listings.put("9.2.0.192.bl.example", List.of(answer));

    assertThat(verdict("192.0.2.9", zone) instanceof Verdict.Reject).isEqualTo(listed);
  }

  @Test
  void oneAnswerThatCountsIsEnough() {
    zones.listings.put("9.2.0.192.bl.example", List.of("127.0.0.10", "127.0.0.4"));

    assertThat(verdict("192.0.2.9", "bl.example=127.0.0.4")).isInstanceOf(Verdict.Reject.class);
    assertThat(verdict("192.0.2.9", "bl.example=127.0.0.5")).isEqualTo(Verdict.UNDECIDED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bl..example",
        "bl.example=",
        "bl.example=127.0.0",
        "bl.example=127.0.0.0.1",
        "bl.example=127.0.0.256",
        "bl.example=127.0.0.[2..1]",
        "bl.example=127.0.0.[2",
        "bl.example=127.0.0.2x",
        "bl.example=127.0.0.2.",
        "bl example",
        "bl.example*",
        "bl.example*x",
        "bl.example*2*2",
        "bl.example=[1]2.0.0.1"
      })
  void aZoneThatMakesNoSenseIsRefused(String zone) {
    assertThatThrownBy(() -> WeightedZone.all(List.of(zone)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected ");
  }

  @Test
  void aListThatDoesNotAnswerRefusesNobodyAndIsToldOf() {
    zones.dead = "dead.example";
    zones.listings.put("9.2.0.192.bl.example", List.of("127.0.0.2"));
    try (var log = new LogLines(DnsLists.class.getName())) {
      assertThat(verdict("192.0.2.9", "dead.example")).isEqualTo(Verdict.UNDECIDED);
      assertThat(log.lines())
          .containsExactly(
              "WARN dnsbl: 9.2.0.192.dead.example does not answer, the client counts as not listed:"
                  + " SERVFAIL");
    }
    assertThat(verdict("192.0.2.9", "dead.example", "bl.example"))
        .isInstanceOf(Verdict.Reject.class);
  }

  @Test
  void allListsAreAskedAtOnceAndTheFirstInOrderIsNamed() {
    zones.together = new CyclicBarrier(3);
    zones.listings.put("9.2.0.192.two.example", List.of("127.0.0.2"));
    zones.listings.put("9.2.0.192.three.example", List.of("127.0.0.2"));

    assertThat(verdict("192.0.2.9", "one.example", "two.example", "three.example"))
        .isInstanceOfSatisfying(
            Verdict.Reject.class,
            r -> assertThat(r.reply().lines().getFirst()).endsWith("blocked using two.example"));
  }

  @Test
  void anAnswerIsRememberedForAWhile() {
    var dnsbl = dnsbl(1, List.of("bl.example"));
    var question = new Case.Connection(Cases.stranger("192.0.2.9"), Verdict.UNDECIDED);

    dnsbl.check(question);
    dnsbl.check(question);
    assertThat(zones.asked).hasSize(1);
    clock.turn(Duration.ofMinutes(4));
    dnsbl.check(question);
    assertThat(zones.asked).hasSize(2);
  }

  @Test
  void ourOwnClientsAreNotAskedAbout() {
    var question = new Case.Connection(Cases.own(), Verdict.UNDECIDED);

    assertThat(dnsbl(1, List.of("bl.example")).check(question)).isEqualTo(question);
    assertThat(zones.asked).isEmpty();
  }

  /// Postfix's postscreen_dnsbl_threshold; `good` is a list that speaks for clients.
  @ParameterizedTest
  @CsvSource({
    "1, a, a.example, a.example",
    "2, a, a.example, ''",
    "2, a b, a.example b.example, a.example",
    "2, b, a.example b.example, ''",
    "2, a, a.example*2 b.example, a.example",
    "2, b, a.example=127.0.0.2*2 b.example, ''",
    "1, a good, good.example*-1 a.example, ''",
    "1, a good, a.example good.example*-1, ''",
    "1, a b good, a.example good.example*-1 b.example, a.example",
    "1, good, a.example good.example*-1, ''",
    "1, a, a.example dead.example*-1, ''",
    "1, a, a.example dead.example, a.example",
    "2, a, a.example dead.example, ''",
    "1, a good, a.example*0 good.example, good.example"
  })
  void listsHaveWeights(int threshold, String listing, String sites, String named) {
    for (String list : listing.split(" ")) {
      zones.listings.put("9.2.0.192." + list + ".example", List.of("127.0.0.2"));
    }
    zones.dead = "dead.example";
    var asked = new Case.Connection(Cases.stranger("192.0.2.9"), Verdict.UNDECIDED);

    Verdict verdict = dnsbl(threshold, List.of(sites.split(" "))).check(asked).verdict();

    if (named.isEmpty()) {
      assertThat(verdict).isEqualTo(Verdict.UNDECIDED);
    } else {
      assertThat(((Verdict.Reject) verdict).reply().toString()).endsWith("blocked using " + named);
    }
  }

  private Dnsbl dnsbl(int threshold, List<String> lists) {
    return new Dnsbl(new DnsblSettings(lists, threshold, List.of()), zones, clock);
  }

  private Verdict verdict(String address, String... lists) {
    Client client = Cases.stranger(address);
    return dnsbl(1, List.of(lists)).check(new Case.Connection(client, Verdict.UNDECIDED)).verdict();
  }

  /// A resolver whose records are all known.
  private static final class Zones implements DnsNames {
    private final Map<String, List<String>> listings = new ConcurrentHashMap<>();
    private final Map<String, List<String>> texts = new ConcurrentHashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private String dead = "none";
    private CyclicBarrier together = new CyclicBarrier(1);

    @Override
    public DnsAnswer<InetAddress> listing(String name) {
      asked.add(name);
      try {
        together.await(60, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException("asked one after the other", e);
      }
      if (name.endsWith(dead)) {
        return new DnsAnswer.Unavailable<>("SERVFAIL");
      }
      return records(
          listings.getOrDefault(name, List.of()).stream().map(InetAddress::ofLiteral).toList());
    }

    @Override
    public DnsAnswer<String> text(String name) {
      return records(texts.getOrDefault(name, List.of()));
    }

    @Override
    public DnsAnswer<MailExchange> mailExchanges(Domain domain) {
      return new DnsAnswer.None<>();
    }

    @Override
    public DnsAnswer<InetAddress> addresses(String host) {
      return new DnsAnswer.None<>();
    }

    @Override
    public DnsAnswer<String> pointers(InetAddress address) {
      return new DnsAnswer.None<>();
    }

    @Override
    public DnsAnswer<String> nameServers(Domain domain) {
      return new DnsAnswer.None<>();
    }

    @Override
    public DnsAnswer<String> canonical(String host) {
      return new DnsAnswer.None<>();
    }

    @Override
    public DnsAnswer<String> alias(String host) {
      return new DnsAnswer.None<>();
    }

    @Override
    public DnsAnswer<Association> associations(String name) {
      return new DnsAnswer.None<>();
    }

    @Override
    public Validation validation() {
      return Validation.none();
    }

    private static <T> DnsAnswer<T> records(List<T> records) {
      return records.isEmpty() ? new DnsAnswer.None<>() : new DnsAnswer.Records<>(records);
    }
  }
}
