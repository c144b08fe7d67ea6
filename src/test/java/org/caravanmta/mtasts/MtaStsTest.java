package org.caravanmta.mtasts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.caravanmta.address.Domain;
import org.caravanmta.dns.DnsSettings;
import org.caravanmta.dns.NameServer;
import org.caravanmta.dns.Resolver;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.peers.Authority;
import org.caravanmta.policy.HandClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The policies of a domain, from a real name server and a real web server.
class MtaStsTest {
  private static final Domain DOMAIN = new Domain("example.test");
  private static final String WEB = "mta-sts A 127.0.0.1\n";
  private static final String FIRST = WEB + "_mta-sts TXT \"v=STSv1; id=1;\"\n";
  private static final String SECOND = WEB + "_mta-sts TXT \"v=STSv1; id=2;\"\n";
  private static final String ENFORCE =
      "version: STSv1\nmode: enforce\nmx: mx.example.test\nmax_age: 864000\n";

  @TempDir static Path shared;
  private static Authority authority;

  @TempDir Path directory;
  private final HandClock clock = new HandClock();
  private ZoneServer zone;
  private PolicyServer web;
  private MtaSts sts;

  @BeforeAll
  static void certificates() throws IOException {
    authority = Authority.make(shared.resolve("ca"), "authority");
  }

  @BeforeEach
  void start() throws IOException, GeneralSecurityException {
    zone = ZoneServer.start(FIRST, "example.test.");
    web = server("mta-sts.example.test");
    sts = open();
  }

  @AfterEach
  void stop() {
    sts.close();
    web.close();
    zone.close();
  }

  @Test
  void aPolicyIsReadOnceAndOutlivesARestart() {
    assertThat(policy().policy()).isEqualTo(StsPolicy.parse(ENFORCE));
    assertThat(policy().id()).isEqualTo("1");
    sts.close();
    web.answer = PolicyServer.of(500, "text/plain", "");
    sts = open();
    assertThat(policy().policy().mode()).isEqualTo(StsPolicy.Mode.ENFORCE);
    assertThat(web.asked).hasValue(1);
  }

  @Test
  void aDomainWithoutARecordIsNotAsked() {
    zone.zone(WEB);
    assertThat(sts.of(DOMAIN)).isEqualTo(new Published.Nothing());
    assertThat(sts.of(new Domain("[127.0.0.1]"))).isEqualTo(new Published.Nothing());
    assertThat(web.asked).hasValue(0);
  }

  /// RFC 8461 §10.2: who can hide the record must not make us forget the policy.
  @Test
  void aPolicyHoldsWhenTheRecordIsGoneOrTheDnsFails() {
    policy();
    zone.zone(WEB);
    assertThat(policy().id()).isEqualTo("1");
    zone.fail();
    assertThat(policy().id()).isEqualTo("1");
    clock.turn(Duration.ofDays(10));
    assertThat(sts.of(DOMAIN)).isEqualTo(new Published.Nothing());
  }

  @Test
  void aNewVersionIsReadAtOnceAndTheOldOneHoldsWhileItCannotBe() {
    policy();
    zone.zone(SECOND);
    web.answer = PolicyServer.of(503, "text/plain", "later");
    assertThat(policy().id()).isEqualTo("1");
    assertThat(policy().id()).isEqualTo("1");
    assertThat(web.asked).describedAs("not again within five minutes").hasValue(2);
    web.answer = PolicyServer.text(ENFORCE.replace("enforce", "none"));
    clock.turn(Duration.ofMinutes(5));
    assertThat(sts.of(DOMAIN)).isEqualTo(new Published.Nothing());
    assertThat(web.asked).hasValue(3);
  }

  @Test
  void aPolicyInUseIsReadAgainEachDayAndSoDoesNotExpire() {
    policy();
    for (int day = 1; day <= 12; day++) {
      clock.turn(Duration.ofDays(1));
      assertThat(policy().id()).isEqualTo("1");
      int reads = day + 1;
      await().until(() -> web.asked.get() == reads && policy().read().equals(clock.instant()));
    }
  }

  @Test
  void whatIsNotAPolicyIsNamed() {
    assertThat(failed(PolicyServer.of(404, "text/plain", "")).kind())
        .isEqualTo(Published.Kind.FETCH_ERROR);
    assertThat(failed(PolicyServer.of(301, "text/plain", "")).why()).isEqualTo("HTTP 301");
    assertThat(failed(PolicyServer.of(200, "text/html", ENFORCE)).why())
        .isEqualTo("not text/plain, but text/html");
    assertThat(failed(PolicyServer.text("nothing")).kind()).isEqualTo(Published.Kind.INVALID);
    assertThat(failed(PolicyServer.text(ENFORCE + "x: y\n".repeat(20_000))).why())
        .isEqualTo("longer than 65536 bytes");
  }

  /// A byte now and then keeps a read from its time-out.
  @Test
  void aServerThatNeverEndsIsGivenUp() {
    var over = new CountDownLatch(1);
    var endless =
        failed(
            exchange -> {
              exchange.getResponseHeaders().add("Content-Type", "text/plain");
              exchange.sendResponseHeaders(200, 0);
              try {
                while (!over.await(50, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                  exchange.getResponseBody().write('a');
                  exchange.getResponseBody().flush();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    over.countDown();
    assertThat(endless.why()).isEqualTo("no policy within 2 s");
  }

  @Test
  void aServerThatCannotProveItsNameIsNotBelieved() throws IOException, GeneralSecurityException {
    try (var other = server("other.example.test")) {
      try (var lured =
          new MtaSts(names(), web(other), Files.createTempDirectory(directory, "lured"), clock)) {
        assertThat(((Published.Failed) lured.of(DOMAIN)).kind()).isEqualTo(Published.Kind.WEBPKI);
      }
    }
  }

  @Test
  void manyWhoAskAtOnceReadItOnce() throws Exception {
    var all = new CountDownLatch(1);
    web.answer =
        exchange -> {
          try {
            all.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          PolicyServer.text(ENFORCE).to(exchange);
        };
    try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers =
          IntStream.range(0, 50).mapToObj(i -> askers.submit(() -> policy().id())).toList();
      await().until(() -> web.asked.get() == 1);
      all.countDown();
      for (var answer : answers) {
        assertThat(answer.get()).isEqualTo("1");
      }
    }
    assertThat(web.asked).hasValue(1);
  }

  @Test
  void filesThatHaveExpiredOrAreDamagedAreForgotten() throws IOException {
    policy();
    Path kept = directory.resolve("kept/example.test.txt");
    Files.writeString(directory.resolve("kept/damaged.test.txt"), "1\nx");
    assertThat(sts.forgetExpired()).isEqualTo(1);
    assertThat(kept).exists();
    clock.turn(Duration.ofDays(10));
    assertThat(sts.forgetExpired()).isEqualTo(1);
    assertThat(kept).doesNotExist();
  }

  @Test
  void whatHasExpiredIsForgottenWithoutBeingAskedFor() throws IOException {
    var files = new PolicyFiles(directory.resolve("kept"));
    files.keep("old.test", known("old", Duration.ofDays(11)));
    files.keep("young.test", known("young", Duration.ofDays(9)));
    sts.begin();
    await().until(() -> Files.notExists(directory.resolve("kept/old.test.txt")));
    assertThat(directory.resolve("kept/young.test.txt")).exists();
  }

  /// A policy that is read again at the moment in which the old one is to be forgotten.
  @Test
  void whatIsBeingReadAgainIsNotForgotten() throws Exception {
    var files = new PolicyFiles(directory.resolve("kept"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        files.keep("busy.test", known("old", Duration.ofDays(11)));
        var fresh = known("new" + i, Duration.ZERO);
        var kept =
            threads.submit(
                () -> {
                  files.keep("busy.test", fresh);
                  return true;
                });
        assertThat(files.forget(clock.instant())).isBetween(0, 1);
        assertThat(kept.get()).isTrue();
        assertThat(files.find("busy.test")).contains(fresh);
      }
    }
    try (var left = Files.list(directory.resolve("kept"))) {
      assertThat(left).hasSize(1);
    }
  }

  private KnownPolicy known(String id, Duration age) {
    return new KnownPolicy(
        id,
        clock.instant().minus(age).truncatedTo(ChronoUnit.SECONDS),
        ENFORCE,
        StsPolicy.parse(ENFORCE));
  }

  private PolicyServer server(String name) throws IOException, GeneralSecurityException {
    return new PolicyServer(authority.issue(name, name), authority, PolicyServer.text(ENFORCE));
  }

  private Resolver names() {
    return new Resolver(
        new DnsSettings(List.of(NameServer.parse(zone.address())), Duration.ofSeconds(2)));
  }

  private MtaSts open() {
    return new MtaSts(names(), web(web), directory.resolve("kept"), clock);
  }

  private WebServers web(PolicyServer server) {
    return new WebServers(names(), server.port(), Duration.ofSeconds(2), server.trusted());
  }

  private KnownPolicy policy() {
    return ((Published.Policy) sts.of(DOMAIN)).known();
  }

  private Published.Failed failed(PolicyServer.Answer answer) {
    web.answer = answer;
    clock.turn(Duration.ofMinutes(5));
    return (Published.Failed) sts.of(DOMAIN);
  }
}
