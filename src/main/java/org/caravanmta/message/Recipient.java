package org.caravanmta.message;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;

/// One recipient of a message (RFC 5321 §4.1.1.3).
///
/// @param address where the message goes, after rewriting
/// @param original the address of RCPT TO, before any rewriting
/// @param notifyOn the NOTIFY parameter; absent when the client has not given it (RFC 3461 §4.1:
///   then a failure is reported, and a delay if we choose so)
/// @param orcpt the ORCPT parameter as given, `rfc822;…` (RFC 3461 §4.2)
/// @param last why the last attempt did not deliver; absent before the first attempt
/// @param done of what an alias stands for (RFC 5321 §3.9.1), the part that needs no further
///   attempt, while the rest waits
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

  /// A recipient of which nothing is done yet.
  public Recipient(
      Address address,
      Address original,
      Optional<Notify> notifyOn,
      Optional<String> orcpt,
      Optional<Reason> last) {
    this(address, original, notifyOn, orcpt, last, Set.of());
  }

  /// A recipient without DSN parameters and before any rewriting.
  public static Recipient of(Address address) {
    return new Recipient(address, address, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// The same recipient at another address.
  public Recipient to(Address changed) {
    return new Recipient(changed, original, notifyOn, orcpt, last, done);
  }

  /// The same recipient, whom the last attempt did not deliver to for this reason.
  public Recipient because(Reason reason) {
    return new Recipient(address, original, notifyOn, orcpt, Optional.of(reason), done);
  }

  /// The same recipient, of which this is done.
  public Recipient having(Set<String> changed) {
    return new Recipient(address, original, notifyOn, orcpt, last, changed);
  }

  /// The same recipient as before its first attempt.
  public Recipient untried() {
    return new Recipient(address, original, notifyOn, orcpt, Optional.empty());
  }

  /// The same recipient, of which only that is done which is done of the other too.
  public Recipient and(Recipient other) {
    var both = new HashSet<>(done);
    both.retainAll(other.done);
    return having(both);
  }

  /// Whether the sender wants a report of this event.
  ///
  /// @param otherwise the answer if the client has not given NOTIFY
  public boolean wants(Notify.Event event, boolean otherwise) {
    return notifyOn.map(n -> n.events().contains(event)).orElse(otherwise);
  }
}
