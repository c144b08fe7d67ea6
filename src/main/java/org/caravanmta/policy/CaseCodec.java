package org.caravanmta.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.message.Codec;
import org.caravanmta.message.MailCodec;
import org.caravanmta.message.Malformed;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Status;
import org.caravanmta.message.WireReader;
import org.caravanmta.message.WireWriter;
import org.caravanmta.smtp.Reply;

/// Writes and reads a {@link Case} with its verdict, for a queue: both the question and the answer
/// of a stage.
public final class CaseCodec implements Codec<Case> {
  private final MailCodec mails = new MailCodec();

  @Override
  public byte tag() {
    return 'C';
  }

  @Override
  public Class<Case> type() {
    return Case.class;
  }

  @Override
  public int room(Case question) {
    return question instanceof Case.Message message ? mails.room(message.mail()) + 256 : 1024;
  }

  @Override
  public byte version(Case question) {
    return question instanceof Case.Message message
        ? mails.version(message.mail())
        : Codec.super.version(question);
  }

  @Override
  public void write(Case question, WireWriter to) {
    writeVerdict(to, question.verdict());
    switch (question) {
      case Case.Connection c -> {
        to.octet('c');
        MailCodec.writeClient(to, c.client());
        writeState(to, c.restrictionState());
        to.text(c.command());
        MailCodec.writePath(to, c.sender());
      }
      case Case.Rcpt r -> {
        to.octet('r');
        MailCodec.writeClient(to, r.client());
        MailCodec.writePath(to, r.sender());
        MailCodec.writeAddress(to, r.recipient());
        to.number(r.accepted());
        to.flag(r.vouched());
        writeState(to, r.restrictionState());
      }
      case Case.Data d -> {
        to.octet('d');
        MailCodec.writeClient(to, d.client());
        MailCodec.writePath(to, d.sender());
        to.list(d.recipients(), MailCodec::writeAddress);
        writeState(to, d.restrictionState());
      }
      case Case.Event e -> {
        to.octet('e');
        MailCodec.writeClient(to, e.client());
        writeEvent(to, e.event());
        to.list(List.copyOf(e.wanted()), (writer, kind) -> writer.octet(kind.ordinal()));
      }
      case Case.Message m -> {
        to.octet('m');
        mails.write(m.mail(), to);
        to.flag(m.kept());
        writeState(to, m.restrictionState());
      }
    }
  }

  @Override
  public Case read(WireReader from) {
    Verdict verdict = readVerdict(from);
    int kind = from.octet();
    return switch (kind) {
      case 'c' ->
          new Case.Connection(
              MailCodec.readClient(from),
              verdict,
              readState(from),
              from.text(),
              MailCodec.readPath(from));
      case 'r' ->
          new Case.Rcpt(
              MailCodec.readClient(from),
              MailCodec.readPath(from),
              MailCodec.readAddress(from),
              from.number(),
              from.flag(),
              verdict,
              readState(from));
      case 'd' ->
          new Case.Data(
              MailCodec.readClient(from),
              MailCodec.readPath(from),
              from.list(MailCodec::readAddress),
              verdict,
              readState(from));
      case 'e' ->
          new Case.Event(
              MailCodec.readClient(from),
              verdict,
              readEvent(from),
              Set.copyOf(from.list(reader -> reader.pick(DialogueEvent.Kind.values()))));
      case 'm' -> new Case.Message(mails.read(from), verdict, from.flag(), readState(from));
      default -> throw new Malformed("a case of kind " + kind);
    };
  }

  private static void writeVerdict(WireWriter to, Verdict verdict) {
    switch (verdict) {
      case Verdict.Undecided() -> to.octet('u');
      case Verdict.Permit() -> to.octet('p');
      case Verdict.Defer(Reply reply) -> {
        to.octet('d');
        writeReply(to, reply);
      }
      case Verdict.Reject(Reply reply) -> {
        to.octet('r');
        writeReply(to, reply);
      }
      case Verdict.Hold(String why, String queue) when queue.equals(Queues.HOLD) -> {
        to.octet('h');
        to.text(why);
      }
      case Verdict.Hold(String why, String queue) -> {
        to.octet('q');
        to.text(why);
        to.text(queue);
      }
      case Verdict.Taken(Reply reply) -> {
        to.octet('t');
        writeReply(to, reply);
      }
      case Verdict.Discard(String why) -> {
        to.octet('x');
        to.text(why);
      }
    }
  }

  private static Verdict readVerdict(WireReader from) {
    int kind = from.octet();
    return switch (kind) {
      case 'u' -> Verdict.UNDECIDED;
      case 'p' -> Verdict.PERMIT;
      case 'd' -> new Verdict.Defer(readReply(from));
      case 'r' -> new Verdict.Reject(readReply(from));
      case 'h' -> new Verdict.Hold(from.text(), Queues.HOLD);
      case 'q' -> new Verdict.Hold(from.text(), from.text());
      case 't' -> new Verdict.Taken(readReply(from));
      case 'x' -> new Verdict.Discard(from.text());
      default -> throw new Malformed("a verdict of kind " + kind);
    };
  }

  private static void writeEvent(WireWriter to, DialogueEvent event) {
    to.octet(event.kind().ordinal());
    switch (event) {
      case DialogueEvent.Connected(int connections) -> to.number(connections);
      case DialogueEvent.Sender sender -> {
        MailCodec.writePath(to, sender.sender());
        to.text(sender.given());
        to.list(sender.parameters(), WireWriter::text);
      }
      case DialogueEvent.Recipient recipient -> writeRecipient(to, recipient);
      case DialogueEvent.Refused(var recipient, Reply said) -> {
        writeRecipient(to, recipient);
        writeReply(to, said);
      }
      case DialogueEvent.Data(String queueId) -> to.text(queueId);
      case DialogueEvent.Unknown(String verb) -> to.text(verb);
      case DialogueEvent.Greeted(), DialogueEvent.Reset() -> {}
    }
  }

  private static DialogueEvent readEvent(WireReader from) {
    return switch (from.pick(DialogueEvent.Kind.values())) {
      case CONNECT -> new DialogueEvent.Connected(from.number());
      case HELO -> new DialogueEvent.Greeted();
      case MAIL ->
          new DialogueEvent.Sender(
              MailCodec.readPath(from), from.text(), from.list(WireReader::text));
      case RCPT -> readRecipient(from);
      case REFUSED -> new DialogueEvent.Refused(readRecipient(from), readReply(from));
      case DATA -> new DialogueEvent.Data(from.text());
      case UNKNOWN -> new DialogueEvent.Unknown(from.text());
      case RESET -> new DialogueEvent.Reset();
    };
  }

  private static void writeRecipient(WireWriter to, DialogueEvent.Recipient recipient) {
    MailCodec.writeAddress(to, recipient.recipient());
    to.text(recipient.given());
    to.list(recipient.parameters(), WireWriter::text);
    to.optional(recipient.queueId(), WireWriter::text);
  }

  private static DialogueEvent.Recipient readRecipient(WireReader from) {
    return new DialogueEvent.Recipient(
        MailCodec.readAddress(from),
        from.text(),
        from.list(WireReader::text),
        from.optional(WireReader::text));
  }

  private static void writeState(WireWriter to, RestrictionState restrictionState) {
    to.text(restrictionState.instance());
    to.text(restrictionState.id());
    to.number(restrictionState.size());
    to.text(restrictionState.givenPaths().sender());
    to.text(restrictionState.givenPaths().recipient());
    to.text(restrictionState.givenPaths().submitter());
    to.list(List.copyOf(restrictionState.before()), (writer, list) -> writer.octet(list.ordinal()));
    to.octet(restrictionState.list().ordinal());
    to.flag(restrictionState.permitted());
    to.optional(restrictionState.deferIfPermit(), CaseCodec::writeReply);
    to.optional(restrictionState.deferIfReject(), CaseCodec::writeReply);
    to.list(restrictionState.actions(), CaseCodec::writeAction);
    to.number(restrictionState.depth());
  }

  private static RestrictionState readState(WireReader from) {
    var transaction =
        new TransactionFacts(
            from.text(),
            from.text(),
            from.longNumber(),
            new GivenPaths(from.text(), from.text(), from.text()));
    var before = Set.copyOf(from.list(reader -> reader.pick(RestrictionList.values())));
    RestrictionList list = from.pick(RestrictionList.values());
    boolean permitted = from.flag();
    var deferrals =
        new Deferrals(from.optional(CaseCodec::readReply), from.optional(CaseCodec::readReply));
    List<MessageAction> actions = from.list(CaseCodec::readAction);
    return new RestrictionState(
        transaction, new ListPosition(before, list, permitted, from.number()), deferrals, actions);
  }

  private static void writeAction(WireWriter to, MessageAction action) {
    switch (action) {
      case MessageAction.Hold(String why) -> {
        to.octet('h');
        to.text(why);
      }
      case MessageAction.Filter(NamedTransport through) -> {
        to.octet('f');
        MailCodec.writeFilter(to, through);
      }
      case MessageAction.Redirect(Address address) -> {
        to.octet('r');
        MailCodec.writeAddress(to, address);
      }
      case MessageAction.Bcc(Address address) -> {
        to.octet('b');
        MailCodec.writeAddress(to, address);
      }
      case MessageAction.Prepend(String field) -> {
        to.octet('p');
        to.text(field);
      }
    }
  }

  private static MessageAction readAction(WireReader from) {
    int kind = from.octet();
    return switch (kind) {
      case 'h' -> new MessageAction.Hold(from.text());
      case 'f' -> new MessageAction.Filter(MailCodec.readFilter(from));
      case 'r' -> new MessageAction.Redirect(MailCodec.readAddress(from));
      case 'b' -> new MessageAction.Bcc(MailCodec.readAddress(from));
      case 'p' -> new MessageAction.Prepend(from.text());
      default -> throw new Malformed("an action of kind " + kind);
    };
  }

  private static void writeReply(WireWriter to, Reply reply) {
    to.number(reply.code());
    to.optional(reply.status().map(Status::toString), WireWriter::text);
    to.list(reply.lines(), WireWriter::text);
  }

  private static Reply readReply(WireReader from) {
    int code = from.number();
    Optional<Status> status = from.optional(WireReader::text).map(Status::of);
    List<String> lines = from.list(WireReader::text);
    return new Reply(code, status, lines);
  }
}
