package org.caravanmta.dns;

import java.util.List;

/// What the DNS says of a name and type.
public sealed interface DnsAnswer<T> {
  /// At least one record.
  record Records<T>(List<T> records) implements DnsAnswer<T> {
    public Records {
      records = List.copyOf(records);
    }
  }

  /// The name, or such a record of it, is known not to exist (NXDOMAIN, NODATA).
  record None<T>() implements DnsAnswer<T> {}

  /// No answer, or a server's failure: whoever asked tries again later.
  record Unavailable<T>(String why) implements DnsAnswer<T> {}
}
