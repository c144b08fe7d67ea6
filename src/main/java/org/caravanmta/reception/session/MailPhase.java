package org.caravanmta.reception.session;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.caravanmta.address.Address;
import org.caravanmta.address.Literals;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Passage;
import org.caravanmta.policy.Said;
import org.caravanmta.policy.Verdict;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.wire.LineEnds;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;
import org.jspecify.annotations.Nullable;

/// The part of a session that is about one message (RFC 5321 §3.3): MAIL begins a transaction, RCPT
/// adds to it, DATA or BDAT brings the content that ends it.
final class MailPhase implements ContentPhase.Dialogue {
  private static final DateTimeFormatter LOCAL_TIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private static final String END_OF_MESSAGE = "END-OF-MESSAGE";

  private final Reception reception;
  private final ReceptionSettings settings;
  private final Intermediary intermediary;
  private final Questioning inquiries;
  private final ReplyWriter speech;
  private final Supplier<Client> client;
  private final Supplier<EarlierFindings> earlier;
  private final Holding holding;
  private final ContentPhase content;
  private @Nullable MailTransaction transaction;
  private EarlierFindings atMail = EarlierFindings.NOTHING;
  // the recipient that the last command was about
  private Optional<Address> about = Optional.empty();

  /// @param client as it is known at the time
  /// @param earlier what has come of the questions before MAIL
  MailPhase(
      Reception reception,
      Service service,
      Carrier carrier,
      Intermediary intermediary,
      Questioning inquiries,
      ReplyWriter speech,
      LineEnds ends,
      Supplier<Client> client,
      Supplier<EarlierFindings> earlier) {
    this.earlier = earlier;
    this.reception = reception;
    this.settings = reception.settings();
    this.intermediary = intermediary;
    this.inquiries = inquiries;
    this.speech = speech;
    this.client = client;
    this.holding = carrier.holding();
    this.content = new ContentPhase(reception, service, carrier, inquiries, ends, this);
  }

  ContentPhase content() {
    return content;
  }

  void about(Optional<Address> recipient) {
    about = recipient;
  }

  /// What a reply may say of the dialogue, by Postfix's names.
  Map<String, String> facts(String hostname) {
    Client known = client.get();
    var facts = new HashMap<String, String>();
    facts.put("client", known.toString());
    facts.put("client_address", Literals.text(known.address()));
    facts.put("client_name", known.name());
    facts.put("client_port", String.valueOf(known.port()));
    facts.put("reverse_client_name", known.reverse().name());
    facts.put("helo_name", known.helo());
    facts.put("server_name", hostname);
    facts.put("localtime", LOCAL_TIME.format(reception.clock().instant()));
    about.ifPresent(address -> put(facts, "recipient", address));
    if (transaction != null) {
      facts.put("sender", transaction.sender().toString());
      if (transaction.sender() instanceof ReversePath.Mailbox(Address address)) {
        put(facts, "sender", address);
      }
    }
    return facts;
  }

  private static void put(Map<String, String> facts, String name, Address address) {
    facts.put(name, address.toString());
    facts.put(name + "_name", address.localPart());
    facts.put(name + "_domain", address.domain().name());
  }

  /// What is under way; null when nothing is.
  @Nullable MailTransaction transaction() {
    return transaction;
  }

  /// @param discarded what this client is not offered
  void mail(Command.Mail mail, Set<Extension> discarded) {
    if (discarded.contains(Extension.DSN)
        && (mail.parameters().ret().isPresent() || mail.parameters().envid().isPresent())) {
      speech.done(Verb.MAIL, Replies.DSN_DISABLED);
      return;
    }
    if (discarded.contains(Extension.SMTPUTF8) && mail.parameters().smtputf8()) {
      speech.done(Verb.MAIL, Replies.UTF8_UNSUPPORTED);
      return;
    }
    if (mail.parameters().binary() && !settings.binaryMime()) {
      speech.done(Verb.MAIL, Replies.BINARY_UNSUPPORTED);
      return;
    }
    boolean tooLarge = settings.sizeLimit() > 0 && mail.size().orElse(0) > settings.sizeLimit();
    if (tooLarge || !reception.roomLeft().getAsBoolean()) {
      Reply reply = tooLarge ? Replies.SIZE_TOO_LARGE : Replies.NO_ROOM;
      SessionLog.rejected("MAIL", client.get(), null, Optional.empty(), reply);
      speech.done(Verb.MAIL, reply);
    } else if (settings.conduct().delayReject()) {
      begin(mail, EarlierFindings.NOTHING);
    } else {
      new EarlyQuestion(reception, inquiries)
          .ask(
              new Case.Connection(
                  client.get(),
                  Verdict.UNDECIDED,
                  new Passage("", "", mail.size().orElse(0), said(mail))
                      .after(earlier.get().asked(), earlier.get().deferral()),
                  Verb.MAIL.name(),
                  mail.sender()),
              reply -> speech.done(Verb.MAIL, reply),
              found -> begin(mail, found));
    }
  }

  private static Said said(Command.Mail mail) {
    return new Said(mail.given(), "", mail.submitter());
  }

  private void begin(Command.Mail mail, EarlierFindings found) {
    var begun =
        new MailTransaction(
            mail.sender(),
            mail.parameters(),
            intermediary.forwarded(),
            mail.size().orElse(0),
            said(mail));
    if (!holding.grow(Holding.What.ENVELOPE, begun.room())) {
      refuse(Verb.MAIL, Optional.empty());
      return;
    }
    atMail = found;
    transaction = begun;
    speech.done(Verb.MAIL, Replies.SENDER_OK);
  }

  void rcpt(Command.Rcpt rcpt, Set<Extension> discarded) {
    about = Optional.of(rcpt.recipient());
    if (discarded.contains(Extension.DSN)
        && (rcpt.notifyOn().isPresent() || rcpt.orcpt().isPresent())) {
      speech.done(Verb.RCPT, Replies.DSN_DISABLED);
      return;
    }
    MailTransaction current = underWay();
    if (!rcpt.recipient().isAscii() && !current.parameters().smtputf8()) {
      speech.done(Verb.RCPT, Command.UNDECLARED_UTF8);
    } else if (current.count() < settings.recipients().most()) {
      if (!holding.grow(Holding.What.ENVELOPE, current.room() + MailTransaction.room(rcpt))) {
        refuse(Verb.RCPT, about);
        return;
      }
      inquiries.whenWelcome(
          verdict ->
              new RecipientPhase(
                      reception,
                      client.get(),
                      current,
                      verdict,
                      earlier.get().and(atMail),
                      inquiries,
                      reply -> speech.done(Verb.RCPT, reply))
                  .begin(rcpt));
    } else if (current.exceed() <= settings.recipients().overshoot()) {
      speech.tally().countHarmless(Verb.RCPT);
      speech.say(Replies.TOO_MANY_RECIPIENTS, () -> {});
    } else {
      speech.done(Verb.RCPT, Replies.TOO_MANY_RECIPIENTS);
    }
  }

  /// There is no memory for more.
  private void refuse(Verb verb, Optional<Address> recipient) {
    SessionLog.rejected(verb.name(), client.get(), transaction, recipient, Replies.NO_ROOM);
    speech.done(verb, Replies.NO_ROOM);
  }

  void data() {
    if (!content.hasRoom()) {
      refuse(Verb.DATA, underWay().only());
      return;
    }
    new DataQuestion(reception, client.get(), underWay(), inquiries)
        .ask(
            reply -> speech.done(Verb.DATA, reply),
            () -> {
              content.data(client.get(), underWay());
              speech.say(Replies.GO_AHEAD, () -> {});
            });
  }

  /// Restrictions for DATA are asked before the first chunk is taken.
  void bdat(Command.Bdat chunk) {
    if (content.chunked() || CommandOrder.missing(transaction) != null) {
      content.bdat(chunk, client.get(), transaction);
    } else if (!content.hasRoom()) {
      SessionLog.rejected("BDAT", client.get(), transaction, underWay().only(), Replies.NO_ROOM);
      content.refuse(chunk, Replies.NO_ROOM);
    } else {
      new DataQuestion(reception, client.get(), underWay(), inquiries)
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
    over();
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
    over();
    intermediary.forget();
    inquiries.forget();
    content.abandon();
  }

  private void over() {
    transaction = null;
    holding.count(Holding.What.ENVELOPE, 0);
  }

  private MailTransaction underWay() {
    if (transaction == null) {
      throw new IllegalStateException("no transaction is under way");
    }
    return transaction;
  }
}
