package org.caravanmta.message;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;

/// One recipient of a message.
///
/// @param address where the copy goes now, after rewriting
/// @param original as given at RCPT TO, before any rewriting
/// @param notifyOn absent when the client said nothing (RFC 3461 §4.1: then failure, and delay by
///   local policy)
/// @param orcpt the ORCPT parameter as given, `rfc822;…` (RFC 3461 §4.2)
/// @param last why the last attempt did not deliver; absent before the first
/// @param done what of that which the recipient stands for here needs no further attempt, while the
///   rest waits (RFC 5321 §3.9.1)
public record Recipient(
    Address address,
    Address original,
    Optional<Notify> notifyOn,
    Optional<String> orcpt,
    Optional<Reason> last,
    Set<String> done) {
  public Recipient {
    done = Set.copyOf(done);
  }

  /// Of which nothing is done.
  public Recipient(
      Address address,
      Address original,
      Optional<Notify> notifyOn,
      Optional<String> orcpt,
      Optional<Reason> last) {
    this(address, original, notifyOn, orcpt, last, Set.of());
  }

  public static Recipient of(Address address) {
    return new Recipient(address, address, Optional.empty(), Optional.empty(), Optional.empty());
  }

  public Recipient to(Address changed) {
    return new Recipient(changed, original, notifyOn, orcpt, last, done);
  }

  public Recipient because(Reason reason) {
    return new Recipient(address, original, notifyOn, orcpt, Optional.of(reason), done);
  }

  /// Of which this is done.
  public Recipient having(Set<String> changed) {
    return new Recipient(address, original, notifyOn, orcpt, last, changed);
  }

  /// As it was before its first attempt.
  public Recipient untried() {
    return new Recipient(address, original, notifyOn, orcpt, Optional.empty());
  }

  /// Of which only is done what is done of the other, too.
  public Recipient and(Recipient other) {
    var both = new HashSet<>(done);
    both.retainAll(other.done);
    return having(both);
  }

  /// Whether the sender wants to hear of this event; what was not said is decided by `unsaid`.
  public boolean wants(Notify.Event event, boolean unsaid) {
    return notifyOn.map(n -> n.events().contains(event)).orElse(unsaid);
  }
}
