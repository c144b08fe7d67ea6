package org.caravanmta.dns;

import java.util.List;

/// The answer of the DNS for a name and a type of record (RFC 1034 §3.7).
///
/// An answer is *secure* if it has been validated by DNSSEC, with every alias on the way to it (RFC
/// 4033 §5); all others are insecure. One whose validation fails is {@link Unavailable}.
public sealed interface DnsAnswer<T> {
  /// There are such records.
  ///
  /// @param records at least one
  record Records<T>(List<T> records, boolean secure) implements DnsAnswer<T> {
    public Records {
      records = List.copyOf(records);
    }

    /// Insecure records.
    public Records(List<T> records) {
      this(records, false);
    }
  }

  /// The name, or such a record of it, does not exist (NXDOMAIN, NODATA; RFC 2308 §2).
  ///
  /// @param secure whether that is proved (RFC 4035 §5.4)
  record None<T>(boolean secure) implements DnsAnswer<T> {
    /// Nothing, without a proof.
    public None() {
      this(false);
    }
  }

  /// There was no answer, a name server failed, or what it said is not what was signed: whoever
  /// asked tries again later.
  ///
  /// @param why for the log
  record Unavailable<T>(String why) implements DnsAnswer<T> {}
}
