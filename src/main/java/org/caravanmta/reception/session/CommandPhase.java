package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// The part of a session in which commands come (RFC 5321 §4.1): it decides whether a command may
/// come now, and gives it to the part that carries it out.
final class CommandPhase {
  private final SessionTerms settings;
  private final SessionState state;
  private final ReplyWriter writer;
  private final CommandOrder order;
  private final EventQuestions filters;
  private final Protection protection;
  private final Intermediary intermediary;
  private final GreetingPhase greeting;
  private final SecurityPhase security;
  private final MailPhase mail;
  private final RecipientPhase recipients;
  private final ContentPhase content;
  private final VrfyPhase vrfy;
  private final EtrnPhase etrn;

  CommandPhase(
      Dialogue dialogue,
      Quota quota,
      Protection protection,
      Intermediary intermediary,
      GreetingPhase greeting,
      SecurityPhase security,
      ContentPhase content) {
    this.settings = dialogue.settings();
    this.state = dialogue.state();
    this.writer = dialogue.writer();
    this.filters = dialogue.filters();
    this.order = new CommandOrder(dialogue, protection, quota);
    this.protection = protection;
    this.intermediary = intermediary;
    this.greeting = greeting;
    this.security = security;
    this.mail = new MailPhase(dialogue, intermediary);
    this.recipients = new RecipientPhase(dialogue);
    this.content = content;
    this.vrfy = new VrfyPhase(dialogue);
    this.etrn = new EtrnPhase(dialogue);
  }

  /// Takes a command.
  ///
  /// @param more whether the client has sent more after it
  void command(Command command, boolean more) {
    Verb verb = command.verb();
    writer.reached(verb.name());
    state.about(Optional.empty());
    if (more && mustWait(command)) {
      writer.count(verb, false);
      writer.breakOff("improper command pipelining", Replies.SYNCHRONIZATION);
      return;
    }
    Optional<Reply> refusal = order.refusal(verb, content.chunked());
    if (refusal.isEmpty()) {
      carryOut(command);
    } else if (command instanceof Command.Bdat chunk) {
      // the bytes after BDAT are read whatever the reply
      content.refuse(chunk, refusal.get());
    } else {
      writer.done(verb, refusal.get());
    }
  }

  /// Whether the client has to wait for the reply to a command before it sends more (RFC 2920
  /// §3.1). STARTTLS is not among them, because what follows it in the clear is thrown away (RFC
  /// 3207 §4.2).
  private boolean mustWait(Command command) {
    Verb verb = command.verb();
    boolean alone = verb.endsGroup() && verb != Verb.STARTTLS;
    return (alone || !ClientFacts.isExtended(state.client()))
        && !(command instanceof Command.Ignored)
        && !settings.rules().tolerance().mayTalkAhead(state.client());
  }

  private void carryOut(Command command) {
    Verb verb = command.verb();
    switch (command) {
      case Command.Hello hello -> greeting.hello(hello);
      case Command.StartTls() -> security.startTls();
      case Command.Auth login -> security.auth(login);
      case Command.Mail begun -> mail.mail(begun);
      case Command.Rcpt rcpt -> recipients.rcpt(rcpt);
      case Command.Data() -> content.data();
      case Command.Bdat chunk -> content.bdat(chunk);
      case Command.Rset() -> {
        state.forget();
        filters.tell(new DialogueEvent.Reset(), () -> writer.done(verb, Replies.OK));
      }
      case Command.Noop(), Command.Ignored() -> writer.done(verb, Replies.OK);
      case Command.Vrfy question -> {
        if (settings.smtp().offers().vrfy()) {
          vrfy.vrfy(question);
        } else {
          writer.done(verb, Replies.VRFY_DISABLED);
        }
      }
      case Command.Etrn domain -> etrn.etrn(domain);
      case Command.Help() -> writer.done(verb, help());
      case Command.Quit() -> {
        writer.count(verb, true);
        writer.end(Replies.BYE, true);
      }
      case Command.ProxyAttributes(_, String attributes) -> {
        if (verb == Verb.XFORWARD) {
          writer.done(verb, intermediary.xforward(state.client(), attributes));
        } else {
          greeting.substitute(attributes);
        }
      }
      case Command.Refused(_, Reply reply) -> writer.done(verb, reply);
      case Command.Unknown(String word) ->
          filters.ask(
              new DialogueEvent.Unknown(word),
              reply -> writer.done(verb, reply),
              _ -> writer.done(verb, Command.Unknown.REPLY));
      case Command.Foreign() -> writer.breakOff("non-SMTP command", Replies.NO_SMTP);
    }
  }

  private Reply help() {
    var served =
        new ServedCommands(
            protection, intermediary, state.discarded(), settings.smtp().offers().vrfy());
    return Replies.help(served.to(state.client()));
  }
}
