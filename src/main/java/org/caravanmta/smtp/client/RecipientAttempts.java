package org.caravanmta.smtp.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.caravanmta.smtp.Attempt;
import org.jspecify.annotations.Nullable;

/// The outcomes of a mail transaction for its recipients, while it runs (RFC 5321 §3.3). A
/// recipient is identified by its index in the mail, from 0.
final class RecipientAttempts {
  /// Null until the outcome is known.
  private final List<@Nullable Attempt> attempts;

  private final List<Integer> accepted = new ArrayList<>();
  private final Set<Integer> excess = new TreeSet<>();

  /// @param recipients how many there are
  RecipientAttempts(int recipients) {
    attempts = Arrays.asList(new @Nullable Attempt[recipients]);
  }

  /// The server has accepted this recipient: the reply to the end of data decides its outcome.
  void accept(int recipient) {
    accepted.add(recipient);
  }

  /// Whether the server has accepted no recipient so far.
  boolean noneAccepted() {
    return accepted.isEmpty();
  }

  /// The recipients that the server has accepted, in the order of the mail.
  List<Integer> accepted() {
    return List.copyOf(accepted);
  }

  /// Sets the outcome of a recipient.
  void decide(int recipient, Attempt attempt) {
    attempts.set(recipient, attempt);
  }

  /// Takes an outcome back, because it is not certain.
  void reopen(int recipient) {
    attempts.set(recipient, null);
  }

  /// This recipient is more than the server takes in one transaction (RFC 5321 §4.5.3.1.9).
  ///
  /// @param attempt its outcome if there is no further transaction
  void postpone(int recipient, Attempt attempt) {
    excess.add(recipient);
    attempts.set(recipient, attempt);
  }

  /// Sets the outcome of all recipients that have none yet.
  void decideRest(Attempt attempt) {
    attempts.replaceAll(known -> known == null ? attempt : known);
  }

  /// The result, once every recipient has an outcome. Recipients that were too many may have a
  /// further transaction over the same connection if that is usable and this transaction has
  /// delivered something; otherwise a server that accepts nobody would be asked forever.
  ///
  /// @throws NullPointerException if a recipient has no outcome
  Transfer transfer(Transfer.Ending ending) {
    List<Attempt> all = attempts.stream().map(Objects::requireNonNull).toList();
    boolean goesOn =
        ending == Transfer.Ending.REUSABLE
            && accepted.stream().map(all::get).anyMatch(Attempt.Delivered.class::isInstance);
    return new Transfer(all, ending, goesOn ? excess : Set.of());
  }
}
