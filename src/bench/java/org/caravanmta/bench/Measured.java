package org.caravanmta.bench;

/// What one round of one load through one server came to.
///
/// @param accepted messages answered 250 in a second
/// @param delivered messages that reached the next hop in a second
/// @param cpuMicros processor time of the server for a message
/// @param harnessMicros that of the benchmark's own client and next hop
/// @param memory bytes, after the round
/// @param missing messages answered 250 that did not come
/// @param twice messages that came more than once
/// @param refused commands answered 4yz or 5yz, and connections never greeted, which were sent or
///   opened again
record Measured(
    String peer,
    Load load,
    int round,
    double accepted,
    double delivered,
    double cpuMicros,
    double harnessMicros,
    Ledger.Percentiles reply,
    Ledger.Percentiles journey,
    long memory,
    int missing,
    int twice,
    int refused) {

  static final String HEADING =
      "%-5s %-9s %9s %9s %8s %8s %15s %15s %7s %7s %5s %7s"
          .formatted(
              "round",
              "server",
              "250/s",
              "sent/s",
              "cpu µs",
              "own µs",
              "250 p50/p99 ms",
              "hop p50/p99 ms",
              "MiB",
              "missing",
              "twice",
              "refused");

  @Override
  public String toString() {
    return "%-5d %-9s %9.1f %9.1f %8.0f %8.0f %15s %15s %7.1f %7d %5d %7d"
        .formatted(
            round,
            peer,
            accepted,
            delivered,
            cpuMicros,
            harnessMicros,
            "%.1f/%.1f".formatted(reply.p50(), reply.p99()),
            "%.1f/%.1f".formatted(journey.p50(), journey.p99()),
            memory / 1048576.0,
            missing,
            twice,
            refused);
  }
}
