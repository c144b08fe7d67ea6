package org.caravanmta.dns;

import java.util.List;

/// The answer of the DNS for a name and a type of record (RFC 1034 §3.7).
public sealed interface DnsAnswer<T> {
  /// There are such records.
  ///
  /// @param records at least one
  record Records<T>(List<T> records) implements DnsAnswer<T> {
    public Records {
      records = List.copyOf(records);
    }
  }

  /// The name, or such a record of it, does not exist (NXDOMAIN, NODATA; RFC 2308 §2).
  record None<T>() implements DnsAnswer<T> {}

  /// There was no answer, or a name server failed: whoever asked tries again later.
  ///
  /// @param why for the log
  record Unavailable<T>(String why) implements DnsAnswer<T> {}
}
