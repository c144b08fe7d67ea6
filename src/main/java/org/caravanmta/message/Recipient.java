package org.caravanmta.message;

import java.util.Optional;
import org.caravanmta.address.Address;

/// One recipient of a message.
///
/// @param address where the copy goes now, after rewriting
/// @param original as given at RCPT TO, before any rewriting
/// @param notifyOn absent when the client said nothing (RFC 3461 §4.1: then failure, and delay by
///   local policy)
/// @param orcpt the ORCPT parameter as given, `rfc822;…` (RFC 3461 §4.2)
/// @param last why the last attempt did not deliver; absent before the first
public record Recipient(
    Address address,
    Address original,
    Optional<Notify> notifyOn,
    Optional<String> orcpt,
    Optional<Reason> last) {
  public static Recipient of(Address address) {
    return new Recipient(address, address, Optional.empty(), Optional.empty(), Optional.empty());
  }

  public Recipient to(Address changed) {
    return new Recipient(changed, original, notifyOn, orcpt, last);
  }

  public Recipient because(Reason reason) {
    return new Recipient(address, original, notifyOn, orcpt, Optional.of(reason));
  }

  /// Whether the sender wants to hear of this event; what was not said is decided by `unsaid`.
  public boolean wants(Notify.Event event, boolean unsaid) {
    return notifyOn.map(n -> n.events().contains(event)).orElse(unsaid);
  }
}
