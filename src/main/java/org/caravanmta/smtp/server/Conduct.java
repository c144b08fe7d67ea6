package org.caravanmta.smtp.server;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Extension;

/// How the server conducts a dialogue where RFC 5321 §7 leaves it to the operator.
///
/// @param heloRequired whether MAIL waits for HELO or EHLO
/// @param delayReject whether what is decided against a client at its connection is said to each
///   recipient, or in the place of the greeting
/// @param forbidden first words that are no SMTP and end the session, in capitals
/// @param discarded extensions that nobody is offered
/// @param discardedFor those that a client of this address is not offered; may wait, and is empty
///   when it cannot tell. Absent when there are no such clients
/// @param footer what stands behind refusals
/// @param normalizing whether a line may end with LF alone, and is made one that ends with CRLF; if
///   not, it is refused
public record Conduct(
    boolean heloRequired,
    boolean delayReject,
    Set<String> forbidden,
    Set<Extension> discarded,
    Optional<Function<InetAddress, Set<Extension>>> discardedFor,
    RejectFooter footer,
    boolean normalizing) {
  public static final Conduct USUAL =
      new Conduct(
          true, true, Command.FOREIGN, Set.of(), Optional.empty(), RejectFooter.NONE, false);

  public Conduct {
    forbidden = Set.copyOf(forbidden);
    discarded = Set.copyOf(discarded);
  }
}
