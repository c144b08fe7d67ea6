package org.caravanmta.dns;

import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/// What a lookup has found, in the terms of dnsjava.
///
/// @param records of the type that was asked for; none if there is no such record
/// @param failure why there is no answer; empty if there is one
/// @param noName whether the name that was asked for does not exist, with any type
/// @param seconds how long it may be remembered
record Answer(
    List<Record> records, Optional<String> failure, boolean noName, boolean secure, long seconds) {
  static Answer unavailable(String why) {
    return new Answer(List.of(), Optional.of(why), false, false, 0);
  }

  static Answer none(boolean noName, boolean secure, long seconds) {
    return new Answer(List.of(), Optional.empty(), noName, secure, seconds);
  }

  /// Where the records are, after all aliases.
  Optional<Name> owner() {
    return records.isEmpty() ? Optional.empty() : Optional.of(records.getFirst().getName());
  }
}
