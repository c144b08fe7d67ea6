package org.caravanmta.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A lookup in a table of a thousand lines; of twenty expressions, where it is `regexp` or `pcre`.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TableBenchmark {
  @Param({"texthash", "regexp", "pcre"})
  private String type = "texthash";

  private Path file = Path.of("");
  private Table table = Tables.open("static:x");

  @Setup
  public void open() throws IOException {
    boolean expressions = !type.equals("texthash");
    file = Files.createTempFile("table", "");
    Files.writeString(
        file,
        IntStream.range(0, expressions ? 20 : 1000)
            .mapToObj(
                n ->
                    expressions
                        ? "/^user" + n + "\\+.*@example\\.(org|net)$/ found"
                        : "user" + n + "@example.org other" + n + "@example.net")
            .collect(Collectors.joining("\n")));
    table = Tables.open(type + ":" + file);
  }

  @TearDown
  public void remove() throws IOException {
    Files.delete(file);
  }

  @Benchmark
  public Lookup found() {
    return table.find(type.equals("texthash") ? "user7@example.org" : "user7+x@example.org");
  }

  @Benchmark
  public Lookup absent() {
    return table.find("nobody@example.com");
  }
}
