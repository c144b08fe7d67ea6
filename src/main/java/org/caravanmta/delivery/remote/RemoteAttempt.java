package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.remote.Approaches.Choice;
import org.caravanmta.delivery.remote.Servers.Search;
import org.caravanmta.delivery.schedule.Admission;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.shaping.ServerGroup;
import org.caravanmta.event.Delays;
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Step;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.SentCopy;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.SmtpDialogue;
import org.caravanmta.smtp.client.Transfer;
import org.caravanmta.smtp.client.Transfer.Ending;
import org.caravanmta.smtp.client.Unreachable;

/// The attempt to deliver one message to a destination: it waits for its turn, and then offers the
/// message to one server after the other, to each with the recipients that those before it have
/// deferred (RFC 5321 §5.1).
final class RemoteAttempt {
  private final Protocol protocol;
  private final Calls calls;
  private final SessionResults outcomes;
  private final Tries tries;
  private final Ourselves ourselves;
  private final Approaches approaches;
  private final Destinations destinations;
  private final ConnectionCache connections;
  private final SentCopy copies;
  private final Bodies bodies;
  private final InstantSource clock;

  RemoteAttempt(
      Protocol protocol,
      SmtpCaller caller,
      Tries tries,
      Ourselves ourselves,
      Approaches approaches,
      Destinations destinations,
      ConnectionCache connections,
      SentCopy copies,
      Bodies bodies,
      InstantSource clock) {
    this.protocol = protocol;
    this.calls = new Calls(protocol, caller, approaches);
    this.outcomes = new SessionResults(protocol);
    this.tries = tries;
    this.ourselves = ourselves;
    this.approaches = approaches;
    this.destinations = destinations;
    this.connections = connections;
    this.copies = copies;
    this.bodies = bodies;
    this.clock = clock;
  }

  /// One of the places that the servers of a message are looked for.
  ///
  /// @param hop the next hop
  /// @param search its lookup
  record Site(NextHop hop, Supplier<Search> search) {}

  /// Makes the attempt. The results are for the recipients of `mail`, even if its copy is sent with
  /// other addresses.
  ///
  /// @param sites the lookups of one or more sites, each with servers of its own; a site is looked
  ///   up only when those before it have not taken the message for every recipient
  TaskOutcome carry(Mail mail, String nextHop, List<Site> sites) {
    return switch (Headway.current().lookup(Step.TABLES, () -> copies.of(mail))) {
      case SentCopy.Made.Ready(Mail outgoing) -> carried(outgoing, mail, nextHop, sites).of(mail);
      case SentCopy.Made.Unavailable(String why) ->
          deferred(mail, Reason.of("4.3.0", "generic table: " + why));
    };
  }

  /// @param mail the copy that leaves
  /// @param given the message as it was, by whose sender we log in
  private TaskOutcome carried(Mail mail, Mail given, String nextHop, List<Site> sites) {
    return switch (Headway.current()
        .await(Step.TURN, Duration.ZERO, () -> destinations.await(nextHop))) {
      case Admission.Suspended(Reason reason) -> deferred(mail, reason);
      case Admission.Crowded(Reason reason) -> deferred(mail, reason).untried();
      case Admission.Turn turn -> {
        try (turn) {
          if (destinations.isSuspended(given)) {
            yield untried(mail);
          }
          yield new Round(mail, given, nextHop, turn).over(sites);
        }
      }
    };
  }

  /// Back to the queue, where it is told what is suspended.
  private TaskOutcome untried(Mail mail) {
    return deferred(mail, Reason.of("4.3.2", "delivery is suspended")).untried();
  }

  private TaskOutcome deferred(Mail mail, Reason reason) {
    return TaskOutcome.all(mail, new Attempt.Deferred(reason), since(mail, clock.instant()));
  }

  private Delays since(Mail mail, Instant begun) {
    Instant now = clock.instant();
    return Delays.of(mail.envelope(), begun, now, now);
  }

  /// Thrown when there is no place to talk to a server for a long time, or the operator has
  /// suspended where the mail goes meanwhile.
  private static final class Unseated extends Exception {
    private static final long serialVersionUID = 1L;

    Unseated() {
      super("too many tasks are at work", null, false, false);
    }
  }

  /// Thrown when the servers have as many connections, or messages in a time, as they may have.
  private static final class Full extends Exception {
    private static final long serialVersionUID = 1L;

    Full(String why) {
      super(why, null, false, false);
    }
  }

  /// The way of one message from server to server.
  private final class Round {
    private final Mail mail;
    private final Mail given;
    private final String nextHop;
    private final Instant begun = clock.instant();
    private final Headway headway = Headway.current();
    private final List<Optional<RecipientResult>> results;
    // the recipients without a final result, by their index
    private List<Integer> left;
    private Optional<Instant> connected = Optional.empty();
    private Reason last = Reason.of("4.4.1", "no server was reached");
    // the result at a server that the message is not fit for
    private Optional<RecipientResult> unfit = Optional.empty();
    // whether a server could not be reached
    private boolean missed;
    // whether there is a server that we did not let have it: what others refuse is not final then
    private boolean withheld;
    // whether a server was called, which takes an address of ours, and whether one was reached
    private boolean called;
    private boolean reached;
    // the servers of this site that the message was offered to
    private int sessions;
    private final Admission.Turn turn;
    private final GroupPlace place;
    private final Hearing hearing;
    // whether there was no place to talk to a server
    private boolean unseated;
    // whether the servers of this site have all that they may have
    private boolean full;
    // whether it is known which groups the servers are in
    private boolean noted;

    Round(Mail mail, Mail given, String nextHop, Admission.Turn turn) {
      this.turn = turn;
      this.place = new GroupPlace(turn);
      this.hearing = new Hearing(turn);
      this.mail = mail;
      this.given = given;
      this.nextHop = nextHop;
      this.left = IntStream.range(0, mail.recipients().size()).boxed().toList();
      this.results =
          new ArrayList<>(left.stream().map(i -> Optional.<RecipientResult>empty()).toList());
    }

    TaskOutcome over(List<Site> sites) {
      try (place) {
        return visited(sites);
      }
    }

    private TaskOutcome visited(List<Site> sites) {
      Optional<Attempt> nowhere = Optional.empty();
      for (Site site : sites) {
        if (left.isEmpty() || headway.isCut() || full) {
          break;
        }
        Search search = headway.lookup(Step.RESOLVE, site.search()::get);
        switch (search) {
          case Search.Found found -> {
            nowhere = Optional.empty();
            over(site.hop(), found);
          }
          case Search.Nowhere(Attempt attempt, _) -> nowhere = Optional.of(attempt);
        }
        if (search.ours()) {
          break; // we are an exchanger here: a fallback relay would only send the message back to
          // us
        }
      }
      if (reached) {
        turn.reached();
      } else if (called && !headway.isCut()) {
        turn.failed(last);
      }
      TaskOutcome outcome = outcome(nowhere);
      boolean waits = unseated || full && destinations.isNoted(nextHop);
      return waits && !called ? outcome.untried() : outcome;
    }

    private void over(NextHop hop, Search.Found found) {
      boolean best = true;
      sessions = 0;
      full = false;
      int at = 0;
      for (Peer peer : found.peers()) {
        boolean done = left.isEmpty() || sessions == tries.sessions() || hearing.suspended();
        if (done || headway.isCut() || full && at >= found.best()) {
          break; // a worse server is not called because the better ones have enough
        }
        at++;
        try {
          visit(hop, peer, best, found);
        } catch (Unreachable e) {
          last = hearing.of(peer, e.reason());
          missed = true;
          withheld |= hearing.suspended();
          reached |= e.onlyLogin();
          called |= !e.unbound();
          withheld |= e.unbound();
        } catch (Unseated e) {
          unseated = true;
          return;
        } catch (Full e) {
          full = true;
          missed = true;
          withheld = true;
          last = called ? last : Reason.of("4.4.5", String.valueOf(e.getMessage()));
          continue;
        }
        full = false;
        best = false;
      }
    }

    private Admission.Seat seat() throws Unseated {
      try {
        Admission.Seat seat =
            headway.await(Step.TURN, Duration.ZERO, turn::seat).orElseThrow(Unseated::new);
        if (!called && destinations.isSuspended(given)) {
          seat.close();
          throw new Unseated();
        }
        return seat;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Unseated();
      }
    }

    private void visit(NextHop hop, Peer peer, boolean best, Search.Found found)
        throws Unreachable, Unseated, Full {
      switch (headway.lookup(Step.POLICY, () -> approaches.to(given, hop, peer, turn.pool()))) {
        case Choice.Not(Reason reason, var problem) -> {
          last = reason;
          missed = true;
          withheld = true;
          problem.ifPresent(it -> TlsTold.notTried(hop, peer, it, reason));
        }
        case Choice.As(Approach approach) -> {
          take(peer, found);
          try (Admission.Seat _ = seat()) {
            visit(hop, peer, approach, best);
          }
          called = true;
        }
      }
    }

    /// Takes a place with the group that a server is in, and waits until the message may begin
    /// there. A server that the policy is against is not called, and takes none.
    private void take(Peer peer, Search.Found found) throws Unseated, Full {
      if (!noted) {
        noted = true;
        destinations.note(
            nextHop,
            found.peers().stream()
                .limit(found.best())
                .map(each -> destinations.group(each.host()))
                .toList());
      }
      Optional<ServerGroup> group = destinations.group(peer.host());
      try {
        if (!headway.await(Step.TURN, Duration.ZERO, () -> place.at(group))) {
          throw new Full(group.map(ServerGroup::trouble).orElse(""));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Unseated();
      }
    }

    private void visit(NextHop hop, Peer peer, Approach approach, boolean best) throws Unreachable {
      int uses = destinations.messagesPerConnection(nextHop, peer.host());
      Optional<SmtpDialogue> kept = connections.take(peer, protocol, approach, uses);
      while (kept.isPresent()) {
        if (put(kept.get(), uses)) {
          return;
        }
        kept = connections.take(peer, protocol, approach, uses);
      }
      place.makeRoom();
      SmtpDialogue dialogue = calls.open(given, hop, peer, approach, turn.pool());
      if (peer.port().isPresent() && ourselves.is(dialogue.names(), peer.port().getAsInt())) {
        dialogue.close();
        itIsUs(peer, best);
      } else {
        put(dialogue, uses);
      }
    }

    /// Offers the message to a server.
    ///
    /// @param uses how many messages its connection may carry
    /// @return whether it was offered; if not, the connection, kept since an earlier message,
    ///   turned out to be closed
    private boolean put(SmtpDialogue dialogue, int uses) {
      connected = connected.or(() -> Optional.of(clock.instant()));
      try {
        Transfer transfer =
            hearing.of(dialogue.peer(), dialogue.transfer(mail.with(recipients()), bodies));
        if (transfer.ending() == Ending.STALE && !hearing.suspended()) {
          return false;
        }
        place.offered();
        if (transfer.ending() == Ending.UNFIT) {
          reached = true;
          unfit = Optional.of(result(0, transfer, dialogue));
        } else {
          sessions++;
          take(dialogue, transfer);
        }
        return true;
      } finally {
        headway.release();
        connections.keep(dialogue, uses); // from now on another message may take it
      }
    }

    private void take(SmtpDialogue dialogue, Transfer transfer) {
      var waiting = new ArrayList<Integer>();
      for (int i = 0; i < left.size(); i++) {
        Attempt attempt = transfer.attempts().get(i);
        if (attempt instanceof Attempt.Deferred(Reason reason)) {
          waiting.add(left.get(i));
          last = reason;
        }
        results.set(left.get(i), Optional.of(result(i, transfer, dialogue)));
      }
      reached |= transfer.ending() != Ending.LOST || waiting.size() < left.size();
      left = transfer.ending() == Ending.FINAL ? List.of() : waiting;
    }

    /// The result for a recipient.
    ///
    /// @param i the index of the recipient in `left`
    private RecipientResult result(int i, Transfer transfer, SmtpDialogue dialogue) {
      return outcomes.of(mail.recipients().get(left.get(i)), transfer.attempts().get(i), dialogue);
    }

    /// Ends the attempt at a server that greets with our name (RFC 5321 §6.3): the message would go
    /// in a loop.
    ///
    /// @param best whether it is the first server of the next hop
    private void itIsUs(Peer peer, boolean best) {
      String text = "mail for " + nextHop + " loops back to myself";
      Attempt attempt =
          best
              ? new Attempt.Failed(Reason.of("5.4.6", text))
              : new Attempt.Deferred(Reason.of("4.4.6", text));
      for (int i : left) {
        Recipient recipient = mail.recipients().get(i);
        results.set(
            i,
            Optional.of(
                new RecipientResult(recipient, attempt, peer.toString(), 1, Optional.empty())));
      }
      left = List.of();
      reached = true;
    }

    private List<Recipient> recipients() {
      return left.stream().map(mail.recipients()::get).toList();
    }

    /// The outcome for all recipients.
    ///
    /// @param nowhere the attempt for recipients that no server was tried for, if the last site has
    ///   no servers
    private TaskOutcome outcome(Optional<Attempt> nowhere) {
      boolean whole = !headway.isCut(); // an attempt that was ended might have come to more
      Attempt unreached =
          nowhere
              .filter(_ -> whole)
              .orElseGet(
                  () ->
                      last.status().digit() == 5 && whole && !withheld
                          ? new Attempt.Failed(last)
                          : new Attempt.Deferred(last.softened()));
      var all = new ArrayList<RecipientResult>();
      for (int i = 0; i < results.size(); i++) {
        Recipient recipient = mail.recipients().get(i);
        RecipientResult untaken =
            missed || !whole || unfit.isEmpty()
                ? RecipientResult.of(recipient, unreached)
                : unfit.get().of(recipient);
        all.add(results.get(i).orElse(untaken));
      }
      Instant now = clock.instant();
      return new TaskOutcome(
          mail, all, Delays.of(mail.envelope(), begun, connected.orElse(now), now), true);
    }
  }
}
