package org.caravanmta.sasl.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.config.Secret;
import org.caravanmta.peers.Authority;
import org.caravanmta.peers.Identity;
import org.caravanmta.peers.TokenServer;
import org.caravanmta.sasl.client.TokenSource;
import org.caravanmta.sasl.client.TokenSource.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens of a real token endpoint over HTTP, whose answers the test says.
class TokenEndpointTest {
  private static final String SECRET = "client-Secret&1";

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-29T12:00:00Z"));
  private final InstantSource clock = now::get;
  private final List<String> asked = new ArrayList<>();
  private final ConcurrentLinkedDeque<String> answers = new ConcurrentLinkedDeque<>();
  private final Map<String, Optional<TokenCondition>> seen = new HashMap<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private volatile boolean holding;
  private HttpServer http;
  private Path refresh;
  private Path secret;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    refresh = secretFile(directory.resolve("refresh"), "refresh-0");
    secret = secretFile(directory.resolve("secret"), SECRET);
    http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 10);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext(
        "/token",
        exchange -> {
          synchronized (asked) {
            asked.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          }
          if (holding) {
            try {
              held.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          String answer = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
          byte[] body = answer.substring(4).getBytes(UTF_8);
          exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    http.start();
  }

  @AfterEach
  void stop() {
    held.countDown();
    http.stop(0);
  }

  @Test
  void clientCredentialsAreAskedForOnceAndAgainAheadOfTime() {
    answers.add("200 {\"access_token\":\"one\",\"expires_in\":3600}");
    try (var tokens = tokens("work %s client=me secret-file=" + secret + " scope=a scope=b")) {
      assertThat(token(tokens)).isEqualTo("one");
      assertThat(token(tokens)).isEqualTo("one");
      assertThat(asked)
          .containsExactly(
              "grant_type=client_credentials&client_id=me&client_secret=client-Secret%261"
                  + "&scope=a+b");
      answers.add("200 {\"access_token\":\"two\",\"expires_in\":\"3600\"}");
      answers.removeFirst();
      now.updateAndGet(t -> t.plus(Duration.ofMinutes(45)));
      // nobody asks for it, and it would still be good
      tokens.tend();
      assertThat(asked).hasSize(2);
      assertThat(token(tokens)).isEqualTo("two");
      assertThat(asked).hasSize(2);
    }
  }

  @Test
  void aNewRefreshTokenIsInItsFileBeforeTheAccessTokenIsUsed() throws Exception {
    answers.add("200 {\"access_token\":\"one\",\"expires_in\":60,\"refresh_token\":\"refresh-1\"}");
    try (var tokens = tokens("work %s client=me refresh-file=" + refresh)) {
      assertThat(token(tokens)).isEqualTo("one");
      assertThat(asked)
          .containsExactly("grant_type=refresh_token&refresh_token=refresh-0&client_id=me");
      assertThat(Files.readString(refresh)).isEqualTo("refresh-1\n");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(refresh)))
          .isEqualTo("rw-------");
      now.updateAndGet(t -> t.plus(Duration.ofMinutes(2)));
      token(tokens);
      assertThat(asked.getLast()).contains("refresh_token=refresh-1");
      try (var files = Files.list(refresh.getParent())) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("refresh", "secret");
      }
    }
  }

  @Test
  void aRefreshTokenThatCannotBeSavedIsKeptAndTheOperatorTold() throws Exception {
    answers.add("200 {\"access_token\":\"one\",\"expires_in\":60,\"refresh_token\":\"refresh-1\"}");
    try (var tokens = tokens("work %s client=me refresh-file=" + refresh)) {
      // a directory in the way of the new file
      Path way = refresh.resolveSibling(".refresh.new");
      Files.createDirectories(way.resolve("full"));
      assertThat(token(tokens)).isEqualTo("one");
      tokens.tend();
      assertThat(seen.get("work").orElseThrow().kind()).isEqualTo(TokenCondition.Kind.NOT_SAVED);
      now.updateAndGet(t -> t.plus(Duration.ofMinutes(2)));
      token(tokens);
      assertThat(asked.getLast()).contains("refresh_token=refresh-1");
      Files.delete(way.resolve("full"));
      tokens.tend();
      assertThat(Files.readString(refresh)).isEqualTo("refresh-1\n");
      assertThat(seen.get("work")).isEmpty();
    }
  }

  @Test
  void aFailureBacksOffIsSaidWithoutSecretsAndEndsWhenTheFileChanges() throws Exception {
    answers.add(
        "400 {\"error\":\"invalid_grant\",\"error_description\":\"no refresh-0 for "
            + SECRET
            + "\"}");
    try (var tokens =
        tokens("work %s client=me refresh-file=" + refresh + " secret-file=" + secret)) {
      String why = ((Answer.None) source(tokens).token()).why();
      assertThat(why)
          .endsWith("said: 400 invalid_grant no (secret) for (secret)")
          .doesNotContain("refresh-0", SECRET);
      tokens.tend();
      source(tokens).token();
      assertThat(asked).hasSize(1);
      assertThat(seen.get("work").orElseThrow())
          .hasToString(why + "; mail that needs it waits")
          .extracting(TokenCondition::kind)
          .isEqualTo(TokenCondition.Kind.ABSENT);
      answers.add("200 {\"access_token\":\"one\"}");
      answers.removeFirst();
      source(tokens).token();
      assertThat(asked).hasSize(1);
      secretFile(refresh, "refresh-by-hand");
      assertThat(token(tokens)).isEqualTo("one");
      tokens.tend();
      assertThat(seen.get("work")).isEmpty();
    }
  }

  @Test
  void afterAPassingFailureItIsTriedAgainLaterAndLater() {
    answers.add("503 overloaded");
    try (var tokens = tokens("work %s client=me secret-file=" + secret)) {
      int[] requests = {1, 1, 2, 2, 2, 2, 3};
      for (int i = 0; i < requests.length; i++) {
        source(tokens).token();
        assertThat(asked).as("after %s s", i * 6).hasSize(requests[i]);
        now.updateAndGet(t -> t.plusSeconds(6));
      }
    }
  }

  @Test
  void manyWaitForOneRequest() throws Exception {
    answers.add("200 {\"access_token\":\"one\",\"expires_in\":3600}");
    holding = true;
    try (var tokens = tokens("work %s client=me secret-file=" + secret);
        var many = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<java.util.concurrent.Future<String>>();
      for (int i = 0; i < 20; i++) {
        all.add(many.submit(() -> token(tokens)));
      }
      held.countDown();
      for (var each : all) {
        assertThat(each.get()).isEqualTo("one");
      }
      assertThat(asked).hasSize(1);
    }
  }

  @Test
  void aTokenThatAServerRefusesIsFetchedAnewUnlessItIsYoung() {
    answers.add("200 {\"access_token\":\"one\",\"expires_in\":3600}");
    answers.add("200 {\"access_token\":\"two\",\"expires_in\":3600}");
    try (var tokens = tokens("work %s client=me secret-file=" + secret)) {
      token(tokens);
      source(tokens).refused(new Secret("one"));
      assertThat(token(tokens)).isEqualTo("one");
      now.updateAndGet(t -> t.plus(Duration.ofMinutes(2)));
      source(tokens).refused(new Secret("one"));
      assertThat(token(tokens)).isEqualTo("two");
    }
  }

  @Test
  void whatOnlyTheOperatorCanRenewIsSaidAheadOfTime() {
    answers.add("200 {\"access_token\":\"one\",\"expires_in\":3600}");
    try (var tokens = tokens("work %s client=me secret-file=" + secret + " expires=2026-12-20")) {
      tokens.tend();
      assertThat(seen.get("work")).isEmpty();
      now.set(Instant.parse("2026-12-07T12:00:00Z"));
      tokens.tend();
      assertThat(seen.get("work").orElseThrow())
          .hasToString("has to be renewed before 2026-12-20T00:00:00Z; it is good until then");
    }
  }

  @Test
  void aFileIsReadAgainWhenItHasChanged() throws Exception {
    Path file = secretFile(refresh.resolveSibling("token"), "one\n");
    try (var tokens = tokens("work file=" + file)) {
      assertThat(token(tokens)).isEqualTo("one");
      secretFile(
          file,
          "{\"access_token\":\"three\",\"expiry\":\""
              + now.get().plusSeconds(600).getEpochSecond()
              + "\"}");
      assertThat(token(tokens)).isEqualTo("three");
      now.updateAndGet(t -> t.plusSeconds(601));
      assertThat(source(tokens).token())
          .isEqualTo(new Answer.None("the token in " + file + " has expired"));
    }
  }

  @Test
  void aCommandPrintsATokenOrSaysNothingOfItsOutput() throws Exception {
    Path good = program("good", "echo token-1");
    Path bad = program("bad", "echo marker; echo marker >&2; exit 3");
    try (var tokens = tokens("work command=" + good + " x")) {
      assertThat(token(tokens)).isEqualTo("token-1");
    }
    try (var tokens = tokens("work command=" + bad)) {
      assertThat(source(tokens).token()).isEqualTo(new Answer.None(bad + " ended with status 3"));
    }
  }

  @Test
  void whatHasNoTokenInItIsNotUsed() {
    for (String answer :
        List.of(
            "200 {}",
            "200 <html>",
            "200 {\"access_token\":\"a b\"}",
            "200 {\"access_token\":\"\"}",
            "302 {\"access_token\":\"x\"}")) {
      answers.clear();
      answers.add(answer);
      try (var tokens = tokens("work %s client=me secret-file=" + secret)) {
        assertThat(source(tokens).token()).as(answer).isInstanceOf(Answer.None.class);
      }
    }
  }

  /// RFC 6749 §3.2: over TLS with an endpoint that proves its name by an authority of the
  /// operator's.
  @Test
  void anEndpointOverTlsHasToProveItsName(@TempDir Path directory) throws Exception {
    Authority authority = Authority.make(directory.resolve("ca"), "authority");
    Authority.make(directory.resolve("other"), "authority");
    Path trusted = directory.resolve("ca/authority.pem");
    Files.writeString(secret, TokenServer.SECRET);
    try (var right = server(authority.issue("right", "localhost"), authority);
        var wrong = server(authority.issue("wrong", "login.example"), authority);
        var late = server(authority.expired("late", "localhost"), authority)) {
      try (var tokens = tokens(line(right, trusted))) {
        assertThat(token(tokens)).isEqualTo("Marker-token-1");
      }
      List<String> refused =
          List.of(
              line(right, directory.resolve("other/authority.pem")),
              "work endpoint=" + right.endpoint() + " client=me secret-file=" + secret,
              line(wrong, trusted),
              line(late, trusted));
      for (String line : refused) {
        try (var tokens = tokens(line)) {
          assertThat(source(tokens).token())
              .isInstanceOfSatisfying(
                  Answer.None.class,
                  none ->
                      assertThat(none.why())
                          .matches("https://localhost:\\d+/token cannot be asked: .*")
                          .doesNotContain(TokenServer.SECRET));
        }
      }
      assertThat(List.of(right.issued(), wrong.issued(), late.issued())).containsExactly(1, 0, 0);
    }
  }

  private static TokenServer server(Identity identity, Authority authority) throws Exception {
    return new TokenServer(identity, authority, "ann");
  }

  private String line(TokenServer server, Path authorities) {
    return "work endpoint=%s client=me secret-file=%s ca-file=%s"
        .formatted(server.endpoint(), secret, authorities);
  }

  private Tokens tokens(String line) {
    String endpoint = "endpoint=http://127.0.0.1:" + http.getAddress().getPort() + "/token";
    return new Tokens(
        new TokenSettings(List.of(line.replace("%s", endpoint)), Duration.ofDays(14)),
        clock,
        seen::put);
  }

  private static TokenSource source(Tokens tokens) {
    return tokens.all().get("work");
  }

  private static String token(Tokens tokens) {
    return ((Answer.Good) source(tokens).token()).token().text();
  }

  private Path program(String name, String script) throws Exception {
    Path file = Files.writeString(refresh.resolveSibling(name), "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static Path secretFile(Path file, String text) throws Exception {
    Files.deleteIfExists(file);
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
