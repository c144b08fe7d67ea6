package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.remote.Approaches.Choice;
import org.caravanmta.delivery.remote.Servers.Search;
import org.caravanmta.delivery.schedule.Admission;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.event.Delays;
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Step;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
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
  private final SessionResults sessionResults;
  private final Seats seats;
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
    this.sessionResults = new SessionResults(protocol);
    this.seats = new Seats(destinations);
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

  /// The way of one message from server to server.
  private final class Round {
    private final Mail mail;
    private final Mail given;
    private final String nextHop;
    private final Admission.Turn turn;
    private final AttemptResults results;
    private final GroupPlace place;
    private final Hearing hearing;
    private final Headway headway = Headway.current();
    // whether a server was called, which takes an address of ours, and whether one was reached
    private boolean called;
    private boolean reached;
    // the servers of this site that the message was offered to
    private int sessions;
    // whether there was no place to talk to a server
    private boolean unseated;
    // whether the servers of this site have all that they may have
    private boolean full;
    // whether it is known which groups the servers are in
    private boolean noted;

    Round(Mail mail, Mail given, String nextHop, Admission.Turn turn) {
      this.mail = mail;
      this.given = given;
      this.nextHop = nextHop;
      this.turn = turn;
      this.results = new AttemptResults(mail, sessionResults, clock);
      this.place = new GroupPlace(turn);
      this.hearing = new Hearing(turn);
    }

    TaskOutcome over(List<Site> sites) {
      try (place) {
        return visited(sites);
      }
    }

    private TaskOutcome visited(List<Site> sites) {
      Optional<Attempt> nowhere = Optional.empty();
      for (Site site : sites) {
        if (results.areFinal() || headway.isCut() || full) {
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
        turn.failed(results.last());
      }
      TaskOutcome outcome = results.outcome(nowhere, headway.isCut());
      boolean waits = unseated || full && destinations.isNoted(nextHop);
      return waits && !called ? outcome.untried() : outcome;
    }

    private void over(NextHop hop, Search.Found found) {
      boolean best = true;
      sessions = 0;
      full = false;
      int at = 0;
      for (Peer peer : found.peers()) {
        boolean done = results.areFinal() || sessions == tries.sessions() || hearing.suspended();
        if (done || headway.isCut() || full && at >= found.best()) {
          break; // a worse server is not called because the better ones have enough
        }
        at++;
        try {
          visit(hop, peer, best, found);
        } catch (Unreachable e) {
          Reason reason = hearing.of(peer, e.reason());
          String server = e.connected() ? peer.toString() : RecipientResult.NOBODY;
          results.missed(reason, hearing.suspended() || e.unbound(), server);
          reached |= e.onlyLogin();
          called |= !e.unbound();
        } catch (Seats.Unseated e) {
          unseated = true;
          return;
        } catch (Seats.Full e) {
          full = true;
          results.missed(called ? results.last() : e.reason(), true);
          continue;
        }
        full = false;
        best = false;
      }
    }

    private void visit(NextHop hop, Peer peer, boolean best, Search.Found found)
        throws Unreachable, Seats.Unseated, Seats.Full {
      switch (headway.lookup(Step.POLICY, () -> approaches.to(given, hop, peer, turn.pool()))) {
        case Choice.Not(Reason reason, var problem) -> {
          results.missed(reason, true);
          problem.ifPresent(it -> TlsTold.notTried(hop, peer, it, reason));
        }
        case Choice.As(Approach approach) -> {
          if (!noted) {
            noted = true;
            seats.note(nextHop, found);
          }
          // a server that the policy is against is not called, and takes no place
          seats.enter(place, peer);
          try (Admission.Seat _ = called ? seats.take(turn) : seats.takeFirst(turn, given)) {
            visit(hop, peer, approach, best);
          }
          called = true;
        }
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
      results.connected();
      try {
        Transfer transfer =
            hearing.of(dialogue.peer(), dialogue.transfer(mail.with(results.left()), bodies));
        if (transfer.ending() == Ending.STALE && !hearing.suspended()) {
          return false;
        }
        place.offered();
        if (transfer.ending() == Ending.UNFIT) {
          reached = true;
          results.unfit(transfer, dialogue);
        } else {
          sessions++;
          reached |= results.take(transfer, dialogue);
        }
        return true;
      } finally {
        headway.release();
        connections.keep(dialogue, uses); // from now on another message may take it
      }
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
      results.end(attempt, peer);
      reached = true;
    }
  }
}
