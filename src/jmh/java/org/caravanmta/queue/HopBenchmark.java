package org.caravanmta.queue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Reverse;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.queue.camel.Unanswered;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The queues of an embedded broker, with its journal on this machine's disk: one durable hop, from
/// the send to the stage after it; and a question with its answer.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HopBenchmark {
  /// As many at once as sessions that wait for their 250.
  private static final int AT_ONCE = 50;

  private static final Case QUESTION =
      new Case.Connection(
          new Client(
              new ClientHost(
                  InetAddress.getLoopbackAddress(), 40_000, "localhost", Reverse.UNASKED, true),
              new Greeting("client.example", "ESMTP"),
              Entrance.by("smtp")),
          Verdict.UNDECIDED);

  private final Semaphore taken = new Semaphore(0);
  private Path directory;
  private Depot depot;

  @Setup(Level.Trial)
  public void start() throws Exception {
    directory = Files.createTempDirectory("hop");
    depot = Depot.at(directory);
    depot
        .context
        .getRegistry()
        .bind("undecided", (Unanswered) (question, _) -> ((Case) question).decided(Verdict.PERMIT));
    depot
        .route(to -> to.from("artemis:routing?batch=64").process(_ -> taken.release()))
        .route(
            to ->
                to.from("artemis:dnsbl?exchangePattern=InOut&settle=individual&window=500")
                    .process(
                        exchange ->
                            exchange
                                .getMessage()
                                .setBody(
                                    exchange
                                        .getMessage()
                                        .getBody(Case.class)
                                        .decided(Verdict.PERMIT))))
        .start();
  }

  @TearDown(Level.Trial)
  public void stop() throws IOException {
    depot.close();
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(AT_ONCE)
  public void durableHop() throws InterruptedException {
    all("artemis:routing", Letters.letter("4G1s2zT8kLz0Bc7d"));
    taken.acquire(AT_ONCE);
  }

  @Benchmark
  @OperationsPerInvocation(AT_ONCE)
  public void questionAndAnswer() {
    all("artemis:dnsbl?exchangePattern=InOut&requestTimeout=10s&unanswered=#undecided", QUESTION);
  }

  private void all(String uri, Object body) {
    CompletableFuture.allOf(
            IntStream.range(0, AT_ONCE)
                .mapToObj(_ -> depot.send(uri, body))
                .toArray(CompletableFuture[]::new))
        .join();
  }
}
