package org.caravanmta.mtasts;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the TXT record by which a domain says that it has a policy, and which version (RFC 8461
/// §3.1): `v=STSv1; id=20260101T000000;`.
final class StsRecord {
  private static final String VERSION = "v=STSv1";

  private static final Pattern ID =
      Pattern.compile("v=STSv1[ \\t]*;(?:.*;)?[ \\t]*id=([A-Za-z0-9]{1,32})[ \\t]*(?:;.*)?");

  private StsRecord() {}

  /// The version of the policy. Empty if there is not just one such record, which then counts as
  /// none (RFC 8461 §3.1).
  static Optional<String> id(List<String> texts) {
    List<String> records = texts.stream().filter(StsRecord::isOne).toList();
    if (records.size() != 1) {
      return Optional.empty();
    }
    Matcher id = ID.matcher(records.getFirst());
    return id.matches() ? Optional.of(id.group(1)) : Optional.empty();
  }

  private static boolean isOne(String text) {
    return text.startsWith(VERSION)
        && text.substring(VERSION.length()).stripLeading().startsWith(";");
  }
}
