package org.caravanmta.reception.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Headers;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.limits.MemoryBudget;
import org.caravanmta.reception.wire.ContentDecoder;
import org.caravanmta.smtp.MessageReplies;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;

/// The intake of one message's content, which makes a header section and a body of the bytes after
/// DATA (RFC 5321 §4.1.1.4) or BDAT (RFC 3030 §2) as they arrive. A small body stays in memory, a
/// large one goes to the {@link ContentStore} while it arrives. A message that cannot be taken is
/// read to its end all the same, and then refused.
final class ContentIntake implements ContentDecoder.Sink {
  /// Bytes of memory that a message takes at first: enough for most header sections.
  static final int FIRST_ROOM = 8 * 1024;

  /// The most bytes of a body that stay in memory when memory is short.
  private static final int LITTLE = 4 * 1024;

  private static final byte[] NOTHING = {};
  private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MAILBOX_LINE = "X-Mailbox-Line: ".getBytes(StandardCharsets.US_ASCII);

  /// What came of the message.
  sealed interface Result {
    /// The message is here; a body in a file is on stable storage.
    record Whole(Headers headers, Content content) implements Result {}

    /// The message may not be taken, for a fault of its own or lack of room.
    record Refused(Reply reply) implements Result {}

    /// The body could not be written.
    record Failed(Exception why) implements Result {}
  }

  private final ContentDecoder decoder;
  private final SessionTerms settings;
  private final Replies replies;
  private final ContentStore store;
  private final String id;
  private final Executor session;
  private final Holding holding;

  // the header section, and after it the body until it is too long to be kept here
  private byte[] held = new byte[FIRST_ROOM];
  private int length;
  // where the line begins whose end has not arrived
  private int line;
  private boolean anyLine;
  private OptionalInt headerEnd = OptionalInt.empty();
  private @Nullable BodySpool spool;
  private long size;
  private @Nullable Reply refusal;

  /// @param id the message's
  /// @param session runs a task on the session's thread
  /// @param holding what the session holds of the memory budget
  ContentIntake(
      ContentDecoder decoder,
      SessionTerms settings,
      Replies replies,
      ContentStore store,
      String id,
      Executor session,
      Holding holding) {
    this.decoder = decoder;
    this.settings = settings;
    this.replies = replies;
    this.store = store;
    this.id = id;
    this.session = session;
    this.holding = holding;
  }

  /// Takes bytes from the wire.
  ///
  /// @return the index after the last byte taken: less than `to` only where the data, or a chunk of
  ///   it, ends
  int take(byte[] bytes, int from, int to) {
    return decoder.decode(bytes, from, to, this);
  }

  /// Whether the content has ended.
  boolean ended() {
    return decoder.ended();
  }

  /// Whether so much of the body has not been written yet that no more should be read for now.
  boolean lagging() {
    return spool != null && spool.lagging();
  }

  @Override
  public void content(byte[] bytes, int from, int to) {
    size += to - from;
    if (refusal != null) {
      return;
    }
    if (size > settings.smtp().message().sizeLimit().bytes()) {
      giveUp(MessageReplies.TOO_BIG);
      return;
    }
    if (spool != null) {
      spool(bytes, from, to);
      return;
    }
    if (!takeRoom(length + to - from)) {
      if (headerEnd.isEmpty()) {
        giveUp(Replies.NO_ROOM);
      } else {
        spill();
        spool(bytes, from, to);
      }
      return;
    }
    hold(bytes, from, to);
    if (headerEnd.isEmpty()) {
      findHeaderEnd();
    }
    if (headerEnd.orElse(length) > settings.smtp().message().headerLimit().bytes()) {
      giveUp(Replies.HEADER_TOO_BIG);
    } else if (headerEnd.isPresent() && length - bodyStart() > inlineLimit()) {
      spill();
    }
  }

  private int inlineLimit() {
    int limit = settings.content().inlineLimit().asInt();
    return holding.budget().tight() ? Math.min(LITTLE, limit) : limit;
  }

  /// Moves the body to a file, where the rest of it will go too.
  private void spill() {
    spool = new BodySpool(store, id, session, holding);
    int body = bodyStart();
    spool(held, body, length);
    if (refusal == null) {
      keep(Arrays.copyOf(held, body));
      length = body;
    }
  }

  private void spool(byte[] bytes, int from, int to) {
    if (spool != null && !spool.add(bytes, from, to)) {
      giveUp(Replies.NO_ROOM);
    }
  }

  /// Ends the message, once the content has ended: tells `then` on the session's thread what came
  /// of it, at once or when the file is on stable storage.
  void finish(Consumer<Result> then) {
    boolean bareLf = decoder.bareLf() || refusal == null && hasBareLf();
    if (bareLf || decoder.bareCr()) {
      abandon();
      String what = bareLf ? "<LF>" : "<CR>";
      then.accept(new Result.Refused(replies.bare(what)));
    } else if (refusal != null) {
      then.accept(new Result.Refused(refusal));
    } else if (spool == null) {
      var body = new Content.Inline(Arrays.copyOfRange(held, bodyStart(), length));
      then.accept(whole(headers(), body));
    } else {
      spool.finish(
          outcome ->
              then.accept(
                  switch (outcome) {
                    case BodySpool.Outcome.Kept(Content.Stored kept) -> whole(headers(), kept);
                    case BodySpool.Outcome.Lost(Exception why) -> new Result.Failed(why);
                  }));
    }
  }

  /// The result for a whole message; from now on only the message itself is counted as memory.
  private Result whole(Headers headers, Content content) {
    held = NOTHING;
    int inside = content instanceof Content.Inline(byte[] bytes) ? bytes.length : 0;
    holding.count(Holding.What.CONTENT, headers.length() + inside);
    return new Result.Whole(headers, content);
  }

  /// Forgets the message.
  void abandon() {
    if (spool != null) {
      spool.abandon();
      spool = null;
    }
    keep(NOTHING);
    length = 0;
  }

  /// Whether a line of the header section ends with LF alone: even of binary content, the header
  /// section must consist of lines (RFC 3030 §3).
  private boolean hasBareLf() {
    int end = headerEnd.orElse(length);
    for (int i = 0; i < end; i++) {
      if (held[i] == '\n' && (i == 0 || held[i - 1] != '\r')) {
        return true;
      }
    }
    return false;
  }

  /// Gives the message up, which is read on and then refused with `why`.
  private void giveUp(Reply why) {
    abandon();
    refusal = why;
  }

  private void hold(byte[] bytes, int from, int to) {
    int needed = length + to - from;
    if (needed > held.length) {
      keep(Arrays.copyOf(held, room(needed)));
    }
    System.arraycopy(bytes, from, held, length, to - from);
    length = needed;
  }

  /// Takes the memory for so many bytes, if there is room.
  private boolean takeRoom(int bytes) {
    return bytes <= held.length || holding.grow(Holding.What.CONTENT, room(bytes));
  }

  /// The size of the array for so many bytes: twice the last one, or a step more when memory is
  /// short.
  private int room(int bytes) {
    int ahead = holding.budget().tight() ? MemoryBudget.STEP : held.length;
    return Math.max(bytes, held.length + ahead);
  }

  private void keep(byte[] bytes) {
    held = bytes;
    holding.count(Holding.What.CONTENT, bytes.length);
  }

  /// Looks for the end of the header section in the lines that have arrived since the last time.
  private void findHeaderEnd() {
    int end = length;
    while (end > line && held[end - 1] != '\n') {
      end--;
    }
    if (end == line) {
      return;
    }
    if (!anyLine) {
      anyLine = true;
      if (isMailboxLine()) {
        end += MAILBOX_LINE.length;
        markMailboxLine();
      }
    }
    headerEnd = Headers.end(held, line, end);
    line = end;
  }

  /// Whether the first line is the one that separates messages in an mbox file, `From ` after any
  /// number of `>`: some programs leave it in place.
  private boolean isMailboxLine() {
    int at = 0;
    while (at < length && held[at] == '>') {
      at++;
    }
    return Arrays.equals(held, at, Math.min(length, at + FROM.length), FROM, 0, FROM.length);
  }

  /// Makes that line the field `X-Mailbox-Line`, as Postfix does.
  private void markMailboxLine() {
    byte[] rest = Arrays.copyOf(held, length);
    length = 0;
    hold(MAILBOX_LINE, 0, MAILBOX_LINE.length);
    hold(rest, 0, rest.length);
  }

  private Headers headers() {
    return Headers.parse(Arrays.copyOf(held, headerEnd.orElse(length)));
  }

  /// Where the body begins: after the empty line, or, where there is none, with the first line that
  /// is not a field.
  private int bodyStart() {
    int end = headerEnd.orElse(length);
    boolean empty = end + 1 < length && held[end] == '\r' && held[end + 1] == '\n';
    return empty ? end + 2 : end;
  }
}
