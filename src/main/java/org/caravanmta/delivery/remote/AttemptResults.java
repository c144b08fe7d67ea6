package org.caravanmta.delivery.remote;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.Delays;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.SmtpDialogue;
import org.caravanmta.smtp.client.Transfer;
import org.caravanmta.smtp.client.Transfer.Ending;

/// What an attempt has come to so far for each recipient (RFC 5321 §4.2.1), and which of them are
/// left for the next server.
final class AttemptResults {
  private final Mail mail;
  private final SessionResults sessions;
  private final InstantSource clock;
  private final Instant begun;
  private final List<Optional<RecipientResult>> results;
  // the recipients without a final result, by their index
  private List<Integer> left;
  private Optional<Instant> connected = Optional.empty();
  private Reason last = Reason.of("4.4.1", "no server was reached");
  // the server that `last` is about, if one took the connection
  private String relay = RecipientResult.NOBODY;
  // the result at a server that the message is not fit for
  private Optional<RecipientResult> unfit = Optional.empty();
  // whether a server could not be reached
  private boolean missed;
  // whether there is a server that we did not let have it: what others refuse is not final then
  private boolean withheld;

  /// @param mail the copy that leaves
  AttemptResults(Mail mail, SessionResults sessions, InstantSource clock) {
    this.mail = mail;
    this.sessions = sessions;
    this.clock = clock;
    this.begun = clock.instant();
    this.left = IntStream.range(0, mail.recipients().size()).boxed().toList();
    this.results =
        new ArrayList<>(left.stream().map(i -> Optional.<RecipientResult>empty()).toList());
  }

  /// The recipients that are left for the next server.
  List<Recipient> left() {
    return left.stream().map(mail.recipients()::get).toList();
  }

  /// Whether none are left.
  boolean areFinal() {
    return left.isEmpty();
  }

  /// Why the last recipient was deferred, or the last server not reached.
  Reason last() {
    return last;
  }

  /// Notes that there is a connection with a server.
  void connected() {
    connected = connected.or(() -> Optional.of(clock.instant()));
  }

  /// Notes that the message was not offered to a server.
  ///
  /// @param ours whether it was for a reason of ours: what other servers refuse is not final then
  void missed(Reason reason, boolean ours) {
    missed(reason, ours, RecipientResult.NOBODY);
  }

  /// The same.
  ///
  /// @param server the server, as the log names it, if it took the connection
  void missed(Reason reason, boolean ours, String server) {
    last = reason;
    relay = server;
    missed = true;
    withheld |= ours;
  }

  /// Notes what a server has replied that the message is not fit for: all recipients are left.
  void unfit(Transfer transfer, SmtpDialogue dialogue) {
    unfit = Optional.of(result(0, transfer, dialogue));
  }

  /// Takes the results at a server that the message was offered to; those whom it has deferred are
  /// left.
  ///
  /// @return whether it has dealt with any of the recipients
  boolean take(Transfer transfer, SmtpDialogue dialogue) {
    var waiting = new ArrayList<Integer>();
    for (int i = 0; i < left.size(); i++) {
      Attempt attempt = transfer.attempts().get(i);
      if (attempt instanceof Attempt.Deferred(Reason reason)) {
        waiting.add(left.get(i));
        last = reason;
      }
      results.set(left.get(i), Optional.of(result(i, transfer, dialogue)));
    }
    boolean dealt = transfer.ending() != Ending.LOST || waiting.size() < left.size();
    left = transfer.ending() == Ending.FINAL ? List.of() : waiting;
    return dealt;
  }

  /// The result for a recipient.
  ///
  /// @param i the index of the recipient in `left`
  private RecipientResult result(int i, Transfer transfer, SmtpDialogue dialogue) {
    return sessions.of(mail.recipients().get(left.get(i)), transfer.attempts().get(i), dialogue);
  }

  /// Ends the attempt, with the same result for all that are left.
  ///
  /// @param peer the server that it is over at
  void end(Attempt attempt, Peer peer) {
    for (int i : left) {
      Recipient recipient = mail.recipients().get(i);
      results.set(
          i,
          Optional.of(
              new RecipientResult(recipient, attempt, peer.toString(), 1, Optional.empty())));
    }
    left = List.of();
  }

  /// The outcome for all recipients.
  ///
  /// @param nowhere the attempt for recipients that no server was tried for, if the last site has
  ///   no servers
  /// @param cut whether the attempt was ended early: it might have come to more
  TaskOutcome outcome(Optional<Attempt> nowhere, boolean cut) {
    Attempt unreached =
        nowhere
            .filter(_ -> !cut)
            .orElseGet(
                () ->
                    last.status().digit() == 5 && !cut && !withheld
                        ? new Attempt.Failed(last)
                        : new Attempt.Deferred(last.softened()));
    var all = new ArrayList<RecipientResult>();
    for (int i = 0; i < results.size(); i++) {
      Recipient recipient = mail.recipients().get(i);
      RecipientResult untaken =
          missed || cut || unfit.isEmpty()
              ? RecipientResult.of(
                  recipient, unreached, nowhere.isEmpty() ? relay : RecipientResult.NOBODY)
              : unfit.get().of(recipient);
      all.add(results.get(i).orElse(untaken));
    }
    Instant now = clock.instant();
    return new TaskOutcome(
        mail, all, Delays.of(mail.envelope(), begun, connected.orElse(now), now), true);
  }
}
