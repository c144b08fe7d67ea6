package org.caravanmta.reception.wire;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.caravanmta.address.Domain;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.CommandParser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/// SMTP framing: a command line, and data to its end.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FramingBenchmark {
  private static final Domain ORIGIN = new Domain("example.org");

  @Param({"4096", "102400"})
  private int size;

  private byte[] data = {};

  @Setup
  public void write() {
    String line = "x".repeat(70) + "\r\n";
    data = (line.repeat(size / line.length()) + ".\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  @Benchmark
  public int data(Blackhole hole) {
    return new DataDecoder(LineEnds.STRICT)
        .decode(data, 0, data.length, (bytes, from, to) -> hole.consume(to));
  }

  @Benchmark
  public Command command() {
    return CommandParser.parse("RCPT TO:<joe.user+list@sub.example.net> NOTIFY=FAILURE", ORIGIN);
  }
}
