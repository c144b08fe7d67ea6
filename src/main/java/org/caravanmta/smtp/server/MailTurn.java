package org.caravanmta.smtp.server;

import java.util.Optional;
import java.util.function.Supplier;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;
import org.jspecify.annotations.Nullable;

/// The part of a session that is about one message (RFC 5321 §3.3): MAIL begins a transaction, RCPT
/// adds to it, DATA or BDAT brings the content that ends it.
final class MailTurn implements ContentTurn.Dialogue {
  /// Recipients beyond the limit that are not yet errors (Postfix:
  /// smtpd_recipient_overshoot_limit).
  private static final int OVERSHOOT = 1000;

  private static final String END_OF_MESSAGE = "END-OF-MESSAGE";

  private final Reception reception;
  private final ReceptionSettings settings;
  private final Intermediary intermediary;
  private final Inquiries inquiries;
  private final Speech speech;
  private final Supplier<Client> client;
  private final ContentTurn content;
  private @Nullable Transaction transaction;

  /// @param client as it is known at the time
  MailTurn(
      Reception reception,
      Service service,
      Carrier carrier,
      Intermediary intermediary,
      Inquiries inquiries,
      Speech speech,
      Supplier<Client> client) {
    this.reception = reception;
    this.settings = reception.settings();
    this.intermediary = intermediary;
    this.inquiries = inquiries;
    this.speech = speech;
    this.client = client;
    this.content = new ContentTurn(reception, service, carrier, inquiries, this);
  }

  ContentTurn content() {
    return content;
  }

  /// What is under way; null when nothing is.
  @Nullable Transaction transaction() {
    return transaction;
  }

  void mail(Command.Mail mail) {
    if (mail.parameters().binary() && !settings.binaryMime()) {
      speech.done(Verb.MAIL, Replies.BINARY_UNSUPPORTED);
      return;
    }
    boolean tooLarge = settings.sizeLimit() > 0 && mail.size().orElse(0) > settings.sizeLimit();
    if (tooLarge || !reception.roomLeft().getAsBoolean()) {
      Reply reply = tooLarge ? Replies.SIZE_TOO_LARGE : Replies.NO_ROOM;
      SessionLog.rejected("MAIL", client.get(), null, Optional.empty(), reply);
      speech.done(Verb.MAIL, reply);
    } else {
      transaction =
          new Transaction(
              mail.sender(), mail.parameters(), intermediary.forwarded(), mail.size().orElse(0));
      speech.done(Verb.MAIL, Replies.SENDER_OK);
    }
  }

  void rcpt(Command.Rcpt rcpt) {
    Transaction current = underWay();
    if (!rcpt.recipient().isAscii() && !current.parameters().smtputf8()) {
      speech.done(Verb.RCPT, Command.UNDECLARED_UTF8);
    } else if (current.count() < settings.recipientLimit()) {
      inquiries.whenWelcome(
          verdict ->
              new RecipientPhase(
                      reception,
                      client.get(),
                      current,
                      verdict,
                      inquiries,
                      reply -> speech.done(Verb.RCPT, reply))
                  .begin(rcpt));
    } else if (current.exceed() <= OVERSHOOT) {
      speech.tally().countHarmless(Verb.RCPT);
      speech.say(Replies.TOO_MANY_RECIPIENTS, () -> {});
    } else {
      speech.done(Verb.RCPT, Replies.TOO_MANY_RECIPIENTS);
    }
  }

  void data() {
    new BeforeData(reception, client.get(), underWay(), inquiries)
        .ask(
            reply -> speech.done(Verb.DATA, reply),
            () -> {
              content.data(client.get(), underWay());
              speech.say(Replies.GO_AHEAD, () -> {});
            });
  }

  /// Restrictions for DATA are asked before the first chunk is taken.
  void bdat(Command.Bdat chunk) {
    if (content.chunked() || Order.missing(transaction) != null) {
      content.bdat(chunk, client.get(), transaction);
    } else {
      new BeforeData(reception, client.get(), underWay(), inquiries)
          .ask(
              reply -> content.refuse(chunk, reply),
              () -> content.bdat(chunk, client.get(), transaction));
    }
  }

  @Override
  public void whole() {
    speech.heard(END_OF_MESSAGE);
  }

  @Override
  public void message(Verb verb, Reply said) {
    Reply reply = settings.given(said);
    if (reply.positive()) {
      speech.tally().forgive();
    } else {
      SessionLog.rejected(END_OF_MESSAGE, client.get(), transaction, underWay().only(), reply);
    }
    transaction = null;
    speech.done(verb, reply);
  }

  @Override
  public void chunk(Reply reply, boolean over) {
    if (over) {
      forget();
    }
    speech.done(Verb.BDAT, reply);
  }

  /// There is no transaction any more.
  void forget() {
    transaction = null;
    intermediary.forget();
    inquiries.forget();
    content.abandon();
  }

  private Transaction underWay() {
    if (transaction == null) {
      throw new IllegalStateException("no transaction is under way");
    }
    return transaction;
  }
}
