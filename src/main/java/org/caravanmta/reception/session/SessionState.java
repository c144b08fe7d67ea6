package org.caravanmta.reception.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.message.Client;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.smtp.EhloKeywords;
import org.caravanmta.smtp.Extension;

/// The state of a session (RFC 5321 §4.1.4): who its client is, what has been decided about the
/// client, and the transaction under way. The parts of the session read and change it, on the
/// session's thread.
final class SessionState {
  /// A part of the session that keeps something for the transaction, or for a reply that is due.
  interface UnderWay {
    /// Forgets it, because the transaction or the session has ended.
    void forget();
  }

  private final Holding holding;
  private final List<UnderWay> parts = new ArrayList<>();
  private Client client;
  private boolean denied;
  private EhloKeywords discarded;
  private EarlierFindings atConnect = EarlierFindings.NOTHING;
  private EarlierFindings atHello = EarlierFindings.NOTHING;
  private EarlierFindings atMail = EarlierFindings.NOTHING;
  private Optional<MailTransaction> transaction = Optional.empty();
  private Optional<Address> recipient = Optional.empty();

  /// @param holding what the session holds of the memory budget
  /// @param discarded the extensions that no client is offered, unless a table says otherwise
  SessionState(Client client, Holding holding, EhloKeywords discarded) {
    this.client = client;
    this.holding = holding;
    this.discarded = discarded;
  }

  Client client() {
    return client;
  }

  /// Takes the client as it is known now: better than before, or another after XCLIENT.
  void knows(Client better) {
    client = better;
  }

  /// Begins the session, or begins it anew with another client.
  void connected() {
    denied = false;
    atConnect = EarlierFindings.NOTHING;
    atHello = EarlierFindings.NOTHING;
  }

  /// Takes note that the client was refused in place of the greeting: of its commands only QUIT is
  /// carried out (RFC 5321 §3.1).
  void deny() {
    denied = true;
  }

  /// Whether the client was refused in place of the greeting.
  boolean denied() {
    return denied;
  }

  /// @param keywords the extensions that this client is neither offered nor served
  void discard(EhloKeywords keywords) {
    discarded = keywords;
  }

  /// The same as {@link #discarded}, with whether the operator wants silence about it.
  EhloKeywords keywords() {
    return discarded;
  }

  /// The extensions that this client is neither offered nor served.
  Set<Extension> discarded() {
    return discarded.extensions();
  }

  /// Whether this client is neither offered nor served an extension.
  boolean lacks(Extension extension) {
    return discarded.extensions().contains(extension);
  }

  /// Takes what the question about the connection has found.
  void foundAtConnect(EarlierFindings found) {
    atConnect = found;
  }

  /// Takes what the question about HELO has found.
  void foundAtHello(EarlierFindings found) {
    atHello = found;
  }

  /// What the questions before HELO have found.
  EarlierFindings beforeHello() {
    return atConnect;
  }

  /// What the questions before MAIL have found.
  EarlierFindings beforeMail() {
    return atConnect.and(atHello);
  }

  /// What the questions before RCPT have found.
  EarlierFindings beforeRecipient() {
    return beforeMail().and(atMail);
  }

  /// Begins a transaction, after MAIL.
  ///
  /// @param found what the question about MAIL has found
  void begin(MailTransaction begun, EarlierFindings found) {
    atMail = found;
    transaction = Optional.of(begun);
  }

  /// The transaction under way; absent when there is none.
  Optional<MailTransaction> transaction() {
    return transaction;
  }

  /// The transaction under way, where the order of commands makes sure that there is one.
  ///
  /// @throws IllegalStateException when there is none
  MailTransaction underWay() {
    return transaction.orElseThrow(() -> new IllegalStateException("no transaction is under way"));
  }

  boolean inTransaction() {
    return transaction.isPresent();
  }

  /// The recipient that the last command was about.
  Optional<Address> recipient() {
    return recipient;
  }

  void about(Optional<Address> address) {
    recipient = address;
  }

  /// Adds a part that forgets its work with the transaction.
  void add(UnderWay part) {
    parts.add(part);
  }

  /// Ends the transaction, after its message.
  void complete() {
    transaction = Optional.empty();
    holding.count(Holding.What.ENVELOPE, 0);
  }

  /// Ends the transaction without its message, and with it whatever is under way.
  void forget() {
    complete();
    parts.forEach(UnderWay::forget);
  }
}
