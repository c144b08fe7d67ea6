package org.caravanmta.reception.session;

import java.util.function.Function;
import org.caravanmta.message.Client;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.wire.ContentDecoder;
import org.caravanmta.reception.wire.DataDecoder;
import org.caravanmta.reception.wire.LineEnds;
import org.caravanmta.reception.wire.NormalizingDecoder;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;
import org.jspecify.annotations.Nullable;

/// The part of a session in which content comes instead of commands: after DATA (RFC 5321
/// §4.1.1.4), or after each BDAT as much as that says (RFC 3030 §2).
final class ContentPhase {
  /// What goes on with the dialogue when content has come.
  interface Dialogue {
    /// All of a message's content is here, and its reply will follow.
    void whole();

    /// The reply to a message.
    void message(Verb verb, Reply reply);

    /// The reply to a chunk.
    ///
    /// @param over whether the message is over with it, refused
    void chunk(Reply reply, boolean over);
  }

  private final Reception reception;
  private final Service service;
  private final Carrier carrier;
  private final Questioning inquiries;
  private final LineEnds ends;
  private final Dialogue dialogue;
  private final Chunks chunks;
  private @Nullable DataPhase data;

  ContentPhase(
      Reception reception,
      Service service,
      Carrier carrier,
      Questioning inquiries,
      LineEnds ends,
      Dialogue dialogue) {
    this.ends = ends;
    this.reception = reception;
    this.service = service;
    this.carrier = carrier;
    this.inquiries = inquiries;
    this.dialogue = dialogue;
    this.chunks = new Chunks(reception.settings().sizeLimit(), ends);
  }

  /// Whether BDAT has begun a message.
  boolean chunked() {
    return chunks.begun();
  }

  /// Whether content is due, or the reply to it.
  boolean on() {
    return chunks.dropping() != null || data != null && !chunks.betweenChunks();
  }

  /// Whether content can be taken now: it is due, and a file is not behind.
  boolean ready() {
    DataPhase current = data;
    return chunks.dropping() != null
        || current != null && !current.ended() && !current.lagging() && !chunks.betweenChunks();
  }

  /// Whether a message is whole, and only its reply is missing.
  boolean replyDue() {
    return data != null && data.ended();
  }

  /// Whether there is memory for a message to begin.
  boolean hasRoom() {
    return carrier.holding().grow(Holding.What.CONTENT, ContentIntake.FIRST_ROOM);
  }

  /// The content of a message comes, up to the dot.
  void data(Client client, MailTransaction transaction) {
    ContentDecoder decoder =
        ends.tolerated() ? new NormalizingDecoder(ends.any(), ends::bare) : new DataDecoder();
    data = phase(client, transaction, decoder, Verb.DATA, Replies::queued);
  }

  /// A chunk comes, whether taken or dropped.
  ///
  /// @param transaction null when none is under way
  void bdat(Command.Bdat chunk, Client client, @Nullable MailTransaction transaction) {
    Reply refusal = chunks.refusal(chunk, transaction);
    if (refusal != null || transaction == null) {
      abandonData();
      chunks.drop(chunk, refusal == null ? Replies.NEED_RCPT : refusal);
    } else {
      if (data == null) {
        data =
            phase(
                client,
                transaction,
                chunks.begin(transaction.parameters().binary()),
                Verb.BDAT,
                id -> Replies.queued(id, chunks.total()));
      }
      chunks.take(chunk);
    }
    if (chunk.size() == 0) {
      // no byte will come to go on with
      take(new byte[0], 0, 0);
    }
  }

  /// A chunk comes that is dropped, and then refused.
  void refuse(Command.Bdat chunk, Reply why) {
    chunks.drop(chunk, why);
    if (chunk.size() == 0) {
      take(new byte[0], 0, 0);
    }
  }

  /// Takes content.
  ///
  /// @return the index after the last byte taken: less than `to` only where the content, or a chunk
  ///   of it, ends
  int take(byte[] bytes, int from, int to) {
    Reply refusal = chunks.dropping();
    if (refusal != null) {
      int dropped = chunks.drop(to - from);
      if (chunks.hasDropped()) {
        dialogue.chunk(refusal, chunks.dropped());
      }
      return from + dropped;
    }
    DataPhase current = data;
    if (current == null) {
      throw new IllegalStateException("no data is expected");
    }
    int taken = current.take(bytes, from, to);
    if (current.ended()) {
      dialogue.whole();
      current.complete();
    } else if (chunks.betweenChunks()) {
      dialogue.chunk(Replies.chunk(chunks.size()), false);
    }
    return taken;
  }

  /// There is no message any more.
  void abandon() {
    chunks.reset();
    abandonData();
    carrier.holding().count(Holding.What.CONTENT, 0);
  }

  private DataPhase phase(
      Client client,
      MailTransaction transaction,
      ContentDecoder decoder,
      Verb verb,
      Function<String, Reply> queued) {
    return new DataPhase(
        reception,
        service,
        client,
        transaction,
        decoder,
        carrier,
        inquiries,
        queued,
        reply -> {
          data = null;
          chunks.reset();
          carrier.holding().count(Holding.What.CONTENT, 0);
          dialogue.message(verb, reply);
        });
  }

  private void abandonData() {
    if (data != null) {
      data.abandon();
      data = null;
    }
  }
}
