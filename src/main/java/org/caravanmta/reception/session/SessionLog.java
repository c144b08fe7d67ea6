package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.reception.limits.MemoryBudget;
import org.caravanmta.reception.limits.Tally;
import org.caravanmta.smtp.Keywords;
import org.caravanmta.smtp.Reply;

/// What a session tells of itself.
public final class SessionLog {
  private SessionLog() {}

  static void connected(Client client) {
    Events.tell(new SessionEvent.Connected(client));
  }

  static void substituted(Client from, Client to) {
    Events.tell(new SessionEvent.Substituted(from, to));
  }

  static void exceeded(String what, Client client) {
    Events.tell(new SessionEvent.LimitExceeded(what, client));
  }

  static void bareLf(Client client) {
    Events.tell(new SessionEvent.BareLfReceived(client));
  }

  static void discarding(Client client, Keywords keywords) {
    Events.tell(new SessionEvent.KeywordsDiscarded(client, keywords));
  }

  public static void displaced(int sessions, MemoryBudget budget) {
    Events.tell(new SessionEvent.Displaced(sessions, budget.held(), budget.limit()));
  }

  static void named(String id, Client client, Forwarded forwarded) {
    Events.tell(new SessionEvent.Begun(id, client, forwarded.toString()));
  }

  static void secured(Client client) {
    Events.tell(new SessionEvent.Secured(client));
  }

  public static void notSecured(Client client, Throwable why) {
    Events.tell(new SessionEvent.NotSecured(client, why));
  }

  static void loggedIn(Client client, String mechanism) {
    Events.tell(new SessionEvent.LoggedIn(client, mechanism));
  }

  static void loginUndecided(Client client, String mechanism, String why) {
    Events.tell(new SessionEvent.LoginUndecided(client, mechanism, why));
  }

  static void loginFailed(Client client, String mechanism, String reason, String user) {
    Events.tell(new SessionEvent.LoginFailed(client, mechanism, reason, user));
  }

  static void messageId(Mail mail) {
    Events.tell(new SessionEvent.Completed(mail));
  }

  static void queued(Mail mail) {
    Events.tell(new SessionEvent.Queued(mail));
  }

  static void notTaken(Mail mail) {
    Events.tell(new SessionEvent.NotQueued(mail));
  }

  static void held(Mail mail, String why, boolean known) {
    Events.tell(new SessionEvent.Held(mail, why, known));
  }

  static void discarded(Mail mail, String why, boolean known) {
    Events.tell(new SessionEvent.Discarded(mail, why, known));
  }

  static void rejected(
      String step,
      Client client,
      Optional<MailTransaction> transaction,
      Optional<Address> recipient,
      Reply reply) {
    Events.tell(
        new SessionEvent.Refused(
            step,
            client,
            id(transaction),
            transaction.map(MailTransaction::sender),
            recipient,
            reply));
  }

  static void ended(String what, String last, Client client) {
    Events.tell(new SessionEvent.Ended(what, last, client));
  }

  static void disconnected(Client client, Tally tally) {
    Events.tell(new SessionEvent.Disconnected(client, tally.toString()));
  }

  static void fault(Optional<MailTransaction> transaction, Client client, Throwable why) {
    Events.tell(new SessionEvent.Faulted(id(transaction), client, why));
  }

  static void bug(Optional<MailTransaction> transaction, Client client, Throwable why) {
    Events.tell(new SessionEvent.Broken(id(transaction), client, why));
  }

  private static Optional<String> id(Optional<MailTransaction> transaction) {
    return transaction.flatMap(MailTransaction::id);
  }
}
