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

/// What a session knows at the moment (RFC 5321 §4.1.4): who its client is, what has been decided
/// about it, and the transaction that is under way. The parts of the session read and change it, on
/// the session's thread.
final class SessionState {
  /// A part of the session that keeps something for the transaction, or for a reply that is due.
  interface UnderWay {
    /// Nobody waits for it any more.
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

  /// @param holding what the session holds of the memory of all
  /// @param discarded the extensions that no client is offered
  SessionState(Client client, Holding holding, EhloKeywords discarded) {
    this.client = client;
    this.holding = holding;
    this.discarded = discarded;
  }

  Client client() {
    return client;
  }

  /// The client is known better now, or is another.
  void knows(Client better) {
    client = better;
  }

  /// The session begins, or begins anew with another client.
  void connected() {
    denied = false;
    atConnect = EarlierFindings.NOTHING;
    atHello = EarlierFindings.NOTHING;
  }

  /// The client is refused at its connection: only QUIT is heard.
  void deny() {
    denied = true;
  }

  boolean denied() {
    return denied;
  }

  /// @param keywords the extensions that this client is neither offered nor served
  void discard(EhloKeywords keywords) {
    discarded = keywords;
  }

  EhloKeywords keywords() {
    return discarded;
  }

  /// The extensions that this client is neither offered nor served.
  Set<Extension> discarded() {
    return discarded.extensions();
  }

  boolean lacks(Extension extension) {
    return discarded.extensions().contains(extension);
  }

  void foundAtConnect(EarlierFindings found) {
    atConnect = found;
  }

  void foundAtHello(EarlierFindings found) {
    atHello = found;
  }

  /// What has come of the questions before HELO.
  EarlierFindings beforeHello() {
    return atConnect;
  }

  /// What has come of those before MAIL.
  EarlierFindings beforeMail() {
    return atConnect.and(atHello);
  }

  /// What has come of those before RCPT.
  EarlierFindings beforeRecipient() {
    return beforeMail().and(atMail);
  }

  /// MAIL has begun a transaction.
  ///
  /// @param found what has come of the question about it
  void begin(MailTransaction begun, EarlierFindings found) {
    atMail = found;
    transaction = Optional.of(begun);
  }

  /// Absent when nothing is under way.
  Optional<MailTransaction> transaction() {
    return transaction;
  }

  /// The transaction that has to be there by the order of commands.
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

  /// Parts whose work is forgotten with the transaction.
  void has(UnderWay part) {
    parts.add(part);
  }

  /// The transaction has come to its end.
  void complete() {
    transaction = Optional.empty();
    holding.count(Holding.What.ENVELOPE, 0);
  }

  /// The transaction ends without its message, and whatever is under way with it.
  void forget() {
    complete();
    parts.forEach(UnderWay::forget);
  }
}
