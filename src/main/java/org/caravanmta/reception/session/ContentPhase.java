package org.caravanmta.reception.session;

import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.wire.ContentDecoder;
import org.caravanmta.reception.wire.DataDecoder;
import org.caravanmta.reception.wire.LineEnds;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;
import org.jspecify.annotations.Nullable;

/// The part of a session in which content comes instead of commands: after DATA (RFC 5321
/// §4.1.1.4), or after each BDAT as many bytes as it announces (RFC 3030 §2), up to the reply that
/// ends the transaction.
final class ContentPhase implements SessionState.UnderWay {
  /// The step of the dialogue after the last byte of content, as the log has it (postfix
  /// `smtpd(8)`).
  private static final String END_OF_MESSAGE = "END-OF-MESSAGE";

  private final Dialogue dialogue;
  private final SessionState state;
  private final ReplyWriter writer;
  private final Holding holding;
  private final Service service;
  private final LineEnds ends;
  private final DataQuestion question;
  private final Chunks chunks;
  private @Nullable DataPhase data;

  ContentPhase(Dialogue dialogue, Service service, LineEnds ends) {
    this.dialogue = dialogue;
    this.state = dialogue.state();
    this.writer = dialogue.writer();
    this.holding = dialogue.carrier().holding();
    this.service = service;
    this.ends = ends;
    this.question = new DataQuestion(dialogue);
    this.chunks = new Chunks(dialogue.settings().smtp().message().sizeLimit().bytes(), ends);
  }

  /// Whether a message has begun with BDAT.
  boolean chunked() {
    return chunks.begun();
  }

  /// Whether content comes next, or the reply to it, so that no command can be taken.
  boolean underWay() {
    return chunks.dropping().isPresent() || data != null && !chunks.betweenChunks();
  }

  /// Whether content can be taken now: it comes next, and what has come has been written.
  boolean ready() {
    DataPhase current = data;
    return chunks.dropping().isPresent()
        || current != null && !current.ended() && !current.lagging() && !chunks.betweenChunks();
  }

  /// Whether a whole message has come and has not been replied to.
  boolean replyDue() {
    return data != null && data.ended();
  }

  /// Takes DATA: the content of a message comes next, up to the dot.
  void data() {
    if (!takeRoom()) {
      writer.refuse(Verb.DATA, state.underWay().onlyRecipient(), Replies.NO_ROOM);
      return;
    }
    question.ask(
        reply -> writer.done(Verb.DATA, reply),
        () -> {
          data = phase(new DataDecoder(ends), Verb.DATA, Replies::queued);
          writer.sendOrDelay(Replies.GO_AHEAD, () -> {});
        });
  }

  /// Takes BDAT: a chunk comes next, which is taken or dropped. Before the first one the
  /// restrictions for DATA are asked.
  void bdat(Command.Bdat chunk) {
    if (chunked() || CommandOrder.missing(state.transaction()).isPresent()) {
      take(chunk);
    } else if (!takeRoom()) {
      refuse(
          chunk,
          writer.logRefusal(Verb.BDAT.name(), state.underWay().onlyRecipient(), Replies.NO_ROOM));
    } else {
      question.ask(reply -> refuse(chunk, reply), () -> take(chunk));
    }
  }

  /// Takes the memory with which a message begins, if there is room.
  private boolean takeRoom() {
    return holding.grow(Holding.What.CONTENT, ContentIntake.FIRST_ROOM);
  }

  private void take(Command.Bdat chunk) {
    Optional<Reply> refusal = chunks.refusal(chunk, state.transaction());
    if (refusal.isPresent()) {
      abandonData();
      refuse(chunk, refusal.get());
      return;
    }
    if (data == null) {
      data =
          phase(
              chunks.begin(state.underWay().parameters().binary()),
              Verb.BDAT,
              id -> Replies.queued(id, chunks.total()));
    }
    chunks.take(chunk);
    endIfEmpty(chunk);
  }

  /// Refuses a chunk, after all its bytes have come and been dropped.
  void refuse(Command.Bdat chunk, Reply why) {
    chunks.beginDropping(chunk, why);
    endIfEmpty(chunk);
  }

  /// Goes on after an empty chunk, of which no byte will come.
  private void endIfEmpty(Command.Bdat chunk) {
    if (chunk.size() == 0) {
      take(new byte[0], 0, 0);
    }
  }

  /// Takes content: `bytes[from, to)`.
  ///
  /// @return the index after the last byte taken: less than `to` only where the content, or a chunk
  ///   of it, ends
  int take(byte[] bytes, int from, int to) {
    Optional<Reply> refusal = chunks.dropping();
    if (refusal.isPresent()) {
      return drop(from, to, refusal.get());
    }
    DataPhase current = data;
    if (current == null) {
      throw new IllegalStateException("no data is expected");
    }
    int taken = current.take(bytes, from, to);
    if (current.ended()) {
      writer.reached(END_OF_MESSAGE);
      current.complete();
    } else if (chunks.betweenChunks()) {
      writer.done(Verb.BDAT, Replies.chunk(chunks.size()));
    }
    return taken;
  }

  private int drop(int from, int to, Reply refusal) {
    int dropped = chunks.drop(to - from);
    if (chunks.allDropped()) {
      if (chunks.endDropping()) {
        // the last chunk: with it the message is refused
        state.forget();
      }
      writer.done(Verb.BDAT, refusal);
    }
    return from + dropped;
  }

  private DataPhase phase(ContentDecoder decoder, Verb verb, Function<String, Reply> queued) {
    return new DataPhase(dialogue, service, decoder, queued, reply -> decided(verb, reply));
  }

  /// Gives the reply to a message, which ends its transaction.
  private void decided(Verb verb, Reply said) {
    data = null;
    chunks.reset();
    holding.count(Holding.What.CONTENT, 0);
    Reply reply = said;
    if (said.positive()) {
      writer.tally().forgive();
    } else {
      reply = writer.logRefusal(END_OF_MESSAGE, state.underWay().onlyRecipient(), said);
    }
    state.complete();
    writer.done(verb, reply);
  }

  @Override
  public void forget() {
    chunks.reset();
    abandonData();
    holding.count(Holding.What.CONTENT, 0);
  }

  private void abandonData() {
    if (data != null) {
      data.abandon();
      data = null;
    }
  }
}
