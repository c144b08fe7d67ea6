package org.caravanmta.smtp.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.caravanmta.smtp.Attempt;
import org.jspecify.annotations.Nullable;

/// What a mail transaction comes to for each of its recipients, while it goes on (RFC 5321 §3.3).
/// Recipients are known by their places in the mail, from 0.
final class RecipientAttempts {
  // null until it is decided
  private final List<@Nullable Attempt> attempts;
  private final List<Integer> accepted = new ArrayList<>();
  private final Set<Integer> excess = new TreeSet<>();

  /// @param recipients how many there are
  RecipientAttempts(int recipients) {
    attempts = Arrays.asList(new @Nullable Attempt[recipients]);
  }

  /// The server has taken this recipient: the reply to the end of data decides.
  void accept(int recipient) {
    accepted.add(recipient);
  }

  boolean noneAccepted() {
    return accepted.isEmpty();
  }

  /// The recipients that the server has taken, in the order of the mail.
  List<Integer> accepted() {
    return List.copyOf(accepted);
  }

  void decide(int recipient, Attempt attempt) {
    attempts.set(recipient, attempt);
  }

  /// Takes a decision back, as nobody can be sure of it.
  void reopen(int recipient) {
    attempts.set(recipient, null);
  }

  /// This recipient is one more than the server takes in one transaction (RFC 5321 §4.5.3.1.9).
  ///
  /// @param attempt what it comes to if there is no further transaction
  void postpone(int recipient, Attempt attempt) {
    excess.add(recipient);
    attempts.set(recipient, attempt);
  }

  /// Decides for all that are still undecided.
  void decideRest(Attempt attempt) {
    attempts.replaceAll(known -> known == null ? attempt : known);
  }

  /// All of them, when every one is decided. Those who were too many may have a further transaction
  /// over the same connection, if that is fit for it and this one has delivered something: a server
  /// that takes nobody would be asked for ever.
  Transfer transfer(Transfer.Ending ending) {
    List<Attempt> all = attempts.stream().map(Objects::requireNonNull).toList();
    boolean goesOn =
        ending == Transfer.Ending.REUSABLE
            && accepted.stream().map(all::get).anyMatch(Attempt.Delivered.class::isInstance);
    return new Transfer(all, ending, goesOn ? excess : Set.of());
  }
}
