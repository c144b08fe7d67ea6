package org.caravanmta.reception.session;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.smtp.EhloKeywords;

/// Which extensions are not offered (RFC 5321 §2.2), and not served.
///
/// @param all those that nobody is offered
/// @param some those that a client of this address is not offered, in place of all; may wait, and
///   is empty when nothing is said of it. Absent when there are no such clients
public record DiscardedExtensions(
    EhloKeywords all, Optional<Function<InetAddress, Optional<EhloKeywords>>> some) {
  public static final DiscardedExtensions NONE =
      new DiscardedExtensions(EhloKeywords.NONE, Optional.empty());
}
