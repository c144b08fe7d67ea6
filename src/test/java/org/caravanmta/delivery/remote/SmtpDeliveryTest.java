package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.dns.NameServer;
import org.caravanmta.dns.Resolver;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.policy.Cases;
import org.caravanmta.rewrite.Generic;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mail exchangers are told apart by their loopback addresses; all are asked on the port of the
/// first server that a test starts.
class SmtpDeliveryTest {
  private static final Duration LONG = Duration.ofSeconds(5);

  private final AtomicReference<Instant> now = new AtomicReference<>(Letters.ARRIVED);
  private final InstantSource clock = now::get;
  private final ZoneServer zones = ZoneServer.start("@ MX 10 mx1", "far.example.");
  private final TestServer server = TestServer.start();
  private final ConnectionCache connections =
      new ConnectionCache(Duration.ofSeconds(10), 10, InstantSource.system());
  private final Destinations destinations =
      new Destinations(
          new Load(2, 100, 1000, LONG, LONG, Duration.ZERO, false), Duration.ofMinutes(5), clock);
  private Generic generic = generic("inline:{}");
  private final List<InetSocketAddress> listeners = new ArrayList<>();
  private final Set<InetAddress> outside = new HashSet<>();
  private SmtpCaller caller = caller();
  private Tries tries = Tries.USUAL;
  private String fallback = "";

  @AfterEach
  void close() {
    connections.close();
    server.close();
    zones.close();
  }

  private static Generic generic(String table) {
    return new Generic(
        Cases.search("ex.example", table), new Origin(new Domain("ex.example")), false);
  }

  @Test
  void anAddressThatIsOnlyOursLeavesAsAnotherAndTheLogKnowsTheRecipient() {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    generic = generic("inline:{joe@far.example=joe@isp.example, a@far.example=b@far.example}");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(server.commands()).anyMatch(c -> c.startsWith("MAIL FROM:<joe@isp.example>"));
    assertThat(server.received().getFirst().recipients()).containsExactly("b@far.example");
    assertThat(outcome.results().getFirst().recipient().address())
        .isEqualTo(Address.parse("a@far.example"));
  }

  @Test
  void nothingLeavesWhileTheGenericTableCannotBeAsked() {
    generic = generic("fail:generic");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(server.received()).isEmpty();
  }

  @Test
  void theExchangerWithTheLowestPreferenceIsTriedFirst() {
    zones.zone("@ MX 20 mx2\n@ MX 10 mx1\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(outcome.results().getFirst().relay())
        .isEqualTo("mx1.far.example[127.0.0.1]:" + server.port());
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
  }

  @Test
  void anExchangerThatCannotBeReachedIsPassedOver() {
    zones.zone("@ MX 10 mx0\n@ MX 20 mx1\nmx0 A 127.0.0.9\nmx1 A 127.0.0.1");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(server.received()).hasSize(1);
    assertThat(outcome.results().getFirst().relay()).startsWith("mx1.far.example");
  }

  @Test
  void whoIsDeferredAtOneExchangerIsTriedAtTheNextAndWhoIsRefusedIsNot() {
    try (var second = sibling()) {
      zones.zone("@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
      server.on("RCPT TO:<busy", "450 4.2.1 later").on("RCPT TO:<gone", "550 5.1.1 no such user");
      TaskOutcome outcome =
          deliver(
              "far.example", Letters.to("a@far.example", "busy@far.example", "gone@far.example"));
      assertThat(server.received().getFirst().recipients()).containsExactly("a@far.example");
      assertThat(second.received().getFirst().recipients()).containsExactly("busy@far.example");
      assertThat(outcome.results())
          .extracting(result -> result.attempt().getClass().getSimpleName())
          .containsExactly("Delivered", "Delivered", "Failed");
    }
  }

  @Test
  void whatNeedsSmtputf8GoesToTheExchangerThatOffersIt() {
    try (var second = sibling()) {
      second.offering("SMTPUTF8");
      zones.zone("@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
      TaskOutcome outcome = deliver("far.example", Letters.to("jörg@far.example"));
      assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
      assertThat(second.received().getFirst().recipients()).containsExactly("jörg@far.example");
    }
  }

  @Test
  void whatNoExchangerOffersFailsAtTheLastAndWaitsForOneThatIsAway() {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    TaskOutcome outcome = deliver("far.example", Letters.to("jörg@far.example"));
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Failed.class);
    assertThat(reason(outcome).status()).hasToString("5.6.7");
    assertThat(outcome.results().getFirst().relay()).startsWith("mx1.far.example[127.0.0.1]");

    zones.zone("@ MX 10 mx1\n@ MX 20 mx0\nmx0 A 127.0.0.9\nmx1 A 127.0.0.1");
    TaskOutcome later = deliver("far.example", Letters.to("jörg@far.example"));
    assertThat(later.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
  }

  @Test
  void aServerThatGreetsWith554IsPassedOverAndAtTheEndDefers() {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    server.greeting("554 5.7.1 not you");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(reason(outcome).text()).contains("refused to talk to me: 554 5.7.1 not you");
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
  }

  @Test
  void anAnswerThatIsMissingAfterTheDotIsNotSoughtElsewhere() {
    try (var second = sibling()) {
      zones.zone("@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
      server.on(".", TestServer.CLOSE);
      TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
      assertThat(reason(outcome).text()).contains("message may be sent more than once");
      assertThat(second.connections()).isZero();
    }
  }

  @Test
  void aDomainWithoutExchangersIsItsOwn() {
    zones.zone("@ A 127.0.0.1");
    deliver("far.example", Letters.to("a@far.example"));
    assertThat(server.received()).hasSize(1);
  }

  @Test
  void aNullMxRefusesAllMail() {
    zones.zone("@ MX 0 .\n@ A 127.0.0.1");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(
            new Attempt.Failed(
                Reason.of("5.1.0", "Domain far.example does not accept mail (nullMX)")));
    assertThat(server.connections()).isZero();
  }

  @Test
  void aDomainThatIsNotThereFailsAndOneThatCannotBeAskedForDoesNot() {
    TaskOutcome outcome = deliver("nowhere.example", Letters.to("a@nowhere.example"));
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(
            new Attempt.Failed(
                Reason.of(
                    "5.4.4",
                    "Host or domain name not found. Name service error for name=nowhere.example"
                        + " type=AAAA: Host not found")));
    zones.fail();
    outcome = deliver("other.example", Letters.to("a@other.example"));
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(
            new Attempt.Deferred(
                Reason.of(
                    "4.4.3",
                    "Host or domain name not found. Name service error for name=other.example"
                        + " type=MX: Host not found, try again")));
  }

  @Test
  void anExchangerThatCannotBeLookedUpIsReasonToTryAgain() {
    zones.zone("@ MX 10 mx1\n@ MX 20 mx2");
    zones.fail("mx2.far.example");
    assertThat(reason(deliver("far.example", Letters.to("a@far.example"))).status().toString())
        .isEqualTo("4.4.3");
  }

  @Test
  void aRelayHostThatIsNotThereFailsNobody() {
    TaskOutcome outcome = deliver("relay.nowhere.example", Letters.to("a@far.example"));
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(reason(outcome).status().toString()).isEqualTo("4.3.5");
    assertThat(reason(deliver("[bad", Letters.to("a@far.example"))).status().toString())
        .isEqualTo("4.3.5");
  }

  @Test
  void aHostInBracketsIsNotAskedForExchangersAndAListIsTriedInOrder() {
    zones.zone("host A 127.0.0.1\nhost MX 10 elsewhere");
    deliver("[host.far.example]:" + server.port(), Letters.to("a@far.example"));
    deliver("[127.0.0.9], [127.0.0.1]", Letters.to("a@far.example"));
    assertThat(server.received()).hasSize(2);
  }

  @Test
  void mailIsNotSentToOurselves() {
    listeners.add(server.address());
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(
            new Attempt.Failed(Reason.of("5.4.6", "mail for far.example loops back to myself")));
    assertThat(server.connections()).isZero();
  }

  @Test
  void aBackupExchangerSendsOnlyToThoseBetterThanItself() {
    try (var better = sibling()) {
      listeners.add(server.address());
      zones.zone(
          "@ MX 10 mx2\n@ MX 20 mx1\n@ MX 30 mx3\n"
              + "mx1 A 127.0.0.1\nmx2 A 127.0.0.2\nmx3 A 127.0.0.3");
      deliver("far.example", Letters.to("a@far.example"));
      assertThat(better.received()).hasSize(1);
    }
  }

  @Test
  void aServerThatGreetsWithOurNameIsUs() {
    listeners.add(new InetSocketAddress("192.0.2.1", server.port())); // behind a translated address
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    server.greeting("220 Relay.Example ESMTP");
    assertThat(reason(deliver("far.example", Letters.to("a@far.example"))).status().toString())
        .isEqualTo("5.4.6");
    assertThat(server.received()).isEmpty();
  }

  @Test
  void anExchangerWhoseAddressLeadsHereIsUs() {
    listeners.add(new InetSocketAddress("192.0.2.1", server.port()));
    outside.add(InetAddress.ofLiteral("127.0.0.1"));
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    assertThat(reason(deliver("far.example", Letters.to("a@far.example"))).text())
        .isEqualTo("mail for far.example loops back to myself");
    assertThat(server.connections()).isZero();
  }

  @Test
  void manyUnreachableAddressesOfOneProtocolDoNotHideTheOther() {
    zones.zone(
        "@ MX 10 mx1\n@ MX 20 mx2\nmx2 A 127.0.0.1\n"
            + IntStream.range(1, 9).mapToObj("mx1 AAAA fd00::%x\n"::formatted).toList().stream()
                .reduce("", String::concat));
    deliver("far.example", Letters.to("a@far.example"));
    assertThat(server.received()).hasSize(1);

    tries = new Tries(5, 2, false);
    assertThat(reason(deliver("far.example", Letters.to("a@far.example"))).text())
        .contains("[fd00:");
  }

  @Test
  void asManyServersAreTriedAsTheOperatorSays() {
    try (var second = sibling()) {
      zones.zone("@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 127.0.0.1\nmx2 A 127.0.0.2");
      server.on("MAIL", "450 4.7.1 later");
      tries = new Tries(5, 1, true);
      assertThat(reason(deliver("far.example", Letters.to("a@far.example"))).text())
          .contains("mx1.far.example");
      tries = new Tries(1, 0, true);
      deliver("far.example", Letters.to("a@far.example"));
      assertThat(second.connections()).isZero();
      tries = new Tries(0, 0, true);
      deliver("far.example", Letters.to("a@far.example"));
      assertThat(second.received()).hasSize(1);
    }
  }

  @Test
  void whatItsServersDoNotTakeGoesToTheFallback() {
    try (var last = sibling()) {
      fallback = "[127.0.0.2]";
      zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
      server.on("RCPT TO:<busy", "450 4.2.1 later").on("RCPT TO:<gone", "550 5.1.1 nobody");
      deliver("far.example", Letters.to("a@far.example", "busy@far.example", "gone@far.example"));
      assertThat(last.received().getFirst().recipients()).containsExactly("busy@far.example");

      TaskOutcome unknown = deliver("nowhere.example", Letters.to("a@nowhere.example"));
      assertThat(unknown.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);

      // whose answer to the end of data is missing may have it
      server.on(".", TestServer.CLOSE);
      deliver("far.example", Letters.to("b@far.example"));
      assertThat(last.received()).hasSize(2);
      server.close();
      deliver("far.example", Letters.to("c@far.example"));
      assertThat(last.received()).hasSize(3);
    }
    TaskOutcome away = deliver("nowhere.example", Letters.to("a@nowhere.example"));
    assertThat(away.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
  }

  @Test
  void aBackupExchangerDoesNotUseTheFallback() {
    try (var last = sibling()) {
      fallback = "[127.0.0.2]";
      listeners.add(server.address());
      zones.zone("@ MX 10 mx9\n@ MX 20 mx1\nmx1 A 127.0.0.1\nmx9 A 127.0.0.9");
      TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
      assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
      assertThat(last.connections()).isZero();
    }
  }

  @Test
  void weCallFromTheAddressAndUnderTheNameThatTheOperatorWants() {
    caller =
        new SmtpCaller(
            "helo.example",
            caller.waits(),
            List.of(InetAddress.ofLiteral("::1"), InetAddress.ofLiteral("127.0.0.77")),
            false,
            0,
            false,
            false);
    deliver("[127.0.0.1]", Letters.to("a@far.example"));
    assertThat(server.commands()).startsWith("EHLO helo.example");
    assertThat(server.callers()).containsExactly(InetAddress.ofLiteral("127.0.0.77"));
    // an address that is not this machine's keeps no mail back
    caller =
        new SmtpCaller(
            "helo.example",
            caller.waits(),
            List.of(InetAddress.ofLiteral("192.0.2.77")),
            false,
            0,
            false,
            false);
    server.disconnect();
    deliver("[127.0.0.1]", Letters.to("a@far.example"));
    assertThat(server.received()).hasSize(2);
    // and a greeting of 5yz is a refusal, if the operator wants it so
    server.disconnect();
    server.greeting("554 5.7.1 not you");
    TaskOutcome refused = deliver("[127.0.0.1]", Letters.to("a@far.example"));
    assertThat(refused.results().getFirst().attempt()).isInstanceOf(Attempt.Failed.class);
  }

  @Test
  void theNextMessageGoesOverTheOpenConnectionAndAStaleOneIsReplaced() {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    deliver("far.example", Letters.to("a@far.example"));
    TaskOutcome second = deliver("far.example", Letters.to("b@far.example"));
    assertThat(server.connections()).isEqualTo(1);
    assertThat(second.results().getFirst().uses()).isEqualTo(2);
    server.on("MAIL", TestServer.CLOSE, "250 Ok");
    TaskOutcome third = deliver("far.example", Letters.to("c@far.example"));
    assertThat(third.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
    assertThat(third.results().getFirst().uses()).isEqualTo(1);
  }

  @Test
  void aDestinationThatCannotBeReachedIsLeftAloneForAWhile() {
    server.close();
    String connect = "connect to 127.0.0.1[127.0.0.1]:" + server.port() + ": Connection refused";
    for (int i = 0; i < Destinations.FAILURES; i++) {
      assertThat(reason(deliver("[127.0.0.1]", Letters.to("a@far.example"))).text())
          .isEqualTo(connect);
    }
    assertThat(reason(deliver("[127.0.0.1]", Letters.to("a@far.example"))).text())
        .isEqualTo("delivery temporarily suspended: " + connect);
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(5)));
    assertThat(reason(deliver("[127.0.0.1]", Letters.to("a@far.example"))).text())
        .isEqualTo(connect);
  }

  @Test
  void manyMessagesAtOnceGoOverAsManyConnectionsAsAreAllowed() {
    var outcomes =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> deliver("[127.0.0.1]", Letters.to("u" + i + "@far.example")),
                        Thread::startVirtualThread))
            .toList();
    assertThat(outcomes)
        .allMatch(o -> o.join().results().getFirst().attempt() instanceof Attempt.Delivered);
    assertThat(server.received().stream().flatMap(r -> r.recipients().stream()))
        .hasSize(200)
        .doesNotHaveDuplicates();
    assertThat(server.connections()).isLessThanOrEqualTo(4); // two, a hundred messages each
  }

  @Test
  void lmtpGoesToTheHostThatTheOperatorNamed() {
    server.lmtp();
    LmtpDelivery lmtp = lmtp(Path.of("/"));
    Mail mail = Letters.to("a@far.example");
    TaskOutcome outcome =
        lmtp.deliver(Letters.hopping(mail, "lmtp", "inet:127.0.0.1:" + server.port()));
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
    assertThat(server.commands()).startsWith("LHLO relay.example");
    outcome = lmtp.deliver(Letters.hopping(mail, "lmtp", "inet:nowhere.example:24"));
    assertThat(reason(outcome).status().toString()).isEqualTo("4.3.5");
  }

  @Test
  void lmtpGoesToASocketInTheFileSystem(@TempDir Path home) throws Exception {
    server.lmtp();
    Path socket = Files.createDirectory(home.resolve("private")).resolve("lmtp");
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Thread.startVirtualThread(() -> passOn(listener));
      Mail mail = Letters.to("a@far.example", "b@far.example");
      for (String hop : List.of("unix:" + socket, "unix:private/lmtp")) {
        TaskOutcome outcome = lmtp(home).deliver(Letters.hopping(mail, "lmtp", hop));
        assertThat(outcome.results())
            .allMatch(result -> result.attempt() instanceof Attempt.Delivered)
            .allMatch(result -> result.relay().equals("relay.example[" + socket + "]"));
      }
      assertThat(server.received()).hasSize(2);
      assertThat(server.received().getFirst().recipients()).hasSize(2);
    }
    TaskOutcome outcome =
        lmtp(home).deliver(Letters.hopping(Letters.to("a@b"), "lmtp", "unix:gone"));
    assertThat(reason(outcome).status().toString()).isEqualTo("4.4.1");
    assertThat(reason(outcome).text()).contains("connect to relay.example[" + home + "/gone]");
    // Postfix's smtp client cannot either
    outcome = deliver("unix:" + socket, Letters.to("a@far.example"));
    assertThat(reason(outcome).text()).contains("lmtp only");
  }

  /// What comes over the socket goes to the server, and back.
  private void passOn(ServerSocketChannel listener) {
    while (listener.isOpen()) {
      try {
        SocketChannel from = listener.accept();
        SocketChannel to = SocketChannel.open(new InetSocketAddress("127.0.0.1", server.port()));
        Thread.startVirtualThread(() -> copy(from, to));
        Thread.startVirtualThread(() -> copy(to, from));
      } catch (IOException e) {
        return; // the test is over
      }
    }
  }

  private static void copy(SocketChannel from, SocketChannel to) {
    try (from;
        to) {
      Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
    } catch (IOException e) {
      // the other way has ended
    }
  }

  private LmtpDelivery lmtp(Path home) {
    return new LmtpDelivery(
        resolver(),
        home,
        caller(),
        Tries.USUAL,
        destinations,
        connections,
        generic,
        nothingStored(),
        clock);
  }

  /// A server on the same port of 127.0.0.2.
  private TestServer sibling() {
    return TestServer.start(new InetSocketAddress("127.0.0.2", server.port()));
  }

  private TaskOutcome deliver(String nextHop, Mail mail) {
    var delivery =
        new SmtpDelivery(
            resolver(),
            caller,
            tries,
            server.port(),
            fallback,
            new Ourselves("relay.example", listeners, outside),
            destinations,
            connections,
            generic,
            nothingStored(),
            clock);
    return delivery.deliver(Letters.hopping(mail, "smtp", nextHop));
  }

  private Resolver resolver() {
    return new Resolver(List.of(NameServer.parse(zones.address())), Duration.ofSeconds(2));
  }

  private static SmtpCaller caller() {
    return new SmtpCaller("relay.example", LONG, LONG, LONG);
  }

  private static Bodies nothingStored() {
    return stored -> {
      throw new IOException("nothing is stored");
    };
  }

  private static Reason reason(TaskOutcome outcome) {
    return switch (outcome.results().getFirst().attempt()) {
      case Attempt.Failed(Reason reason) -> reason;
      case Attempt.Deferred(Reason reason) -> reason;
      case Attempt.Delivered delivered -> throw new AssertionError(delivered);
    };
  }
}
