package org.caravanmta.reception.session;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.smtp.EhloKeywords;

/// The service extensions that clients are neither offered nor served (RFC 5321 §2.2; postfix
/// `smtpd_discard_ehlo_keywords`).
///
/// @param all those of every client that `byClient` has nothing for
/// @param byClient looks up those of a client by its address, empty when nothing is known of it;
///   the function may wait, and throws when a table cannot be read. Absent when there are no tables
public record DiscardedExtensions(
    EhloKeywords all, Optional<Function<InetAddress, Optional<EhloKeywords>>> byClient) {
  /// Every extension is offered.
  public static final DiscardedExtensions NONE =
      new DiscardedExtensions(EhloKeywords.NONE, Optional.empty());
}
