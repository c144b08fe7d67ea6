package org.caravanmta.rewrite;

import java.util.concurrent.TimeUnit;
import org.caravanmta.address.Address;
import org.caravanmta.address.AddressTree;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Addresses: one of an envelope, and the list in a field.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AddressBenchmark {
  @Benchmark
  public Address address() {
    return Address.parse("joe.user+list@sub.example.net");
  }

  @Benchmark
  public AddressTree list() {
    return AddressTree.parse(
        " Bob <bob@example.net>, \"Carol, C.\" <carol@example.net>, list@example.com (a list)");
  }
}
