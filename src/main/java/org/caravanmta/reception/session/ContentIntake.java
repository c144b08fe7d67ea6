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

/// Makes a header section and a body of the bytes after DATA (RFC 5321 §4.1.1.4) or BDAT (RFC 3030
/// §2) as they arrive. A small body stays in memory, a large one goes to the {@link ContentStore}
/// while it comes in. What cannot be taken is read to its end all the same, and then refused.
final class ContentIntake implements ContentDecoder.Sink {
  /// Bytes of memory that a message begins with.
  static final int FIRST_ROOM = 8 * 1024;

  /// How much of a body stays in memory when that is short.
  private static final int LITTLE = 4 * 1024;

  private static final byte[] NOTHING = {};
  private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MAILBOX_LINE = "X-Mailbox-Line: ".getBytes(StandardCharsets.US_ASCII);

  /// What came of the message.
  sealed interface Result {
    /// All of it is here, and what is in a file is on stable storage.
    record Whole(Headers headers, Content content) implements Result {}

    record Refused(Reply reply) implements Result {}

    /// It could not be kept.
    record Failed(Exception why) implements Result {}
  }

  private final ContentDecoder decoder;
  private final SessionTerms settings;
  private final Replies replies;
  private final ContentStore store;
  private final String id;
  private final Executor session;
  private final Holding holding;

  // the header section, then the body until it is too long to be kept here
  private byte[] held = new byte[FIRST_ROOM];
  private int length;
  // where the line begins that is not yet there whole
  private int line;
  private boolean anyLine;
  private OptionalInt headerEnd = OptionalInt.empty();
  private @Nullable BodySpool spool;
  private long size;
  private @Nullable Reply tooBig;

  /// @param session runs what concerns the session on the session's thread
  /// @param holding what the session holds of the memory of all
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

  boolean ended() {
    return decoder.ended();
  }

  /// Whether the file is so far behind that no more should be read for now.
  boolean lagging() {
    return spool != null && spool.lagging();
  }

  @Override
  public void content(byte[] bytes, int from, int to) {
    size += to - from;
    if (tooBig != null) {
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
    if (!hasRoom(length + to - from)) {
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

  /// From here on the body goes to a file.
  private void spill() {
    spool = new BodySpool(store, id, session, holding);
    int body = bodyStart();
    spool(held, body, length);
    if (tooBig == null) {
      keep(Arrays.copyOf(held, body));
      length = body;
    }
  }

  private void spool(byte[] bytes, int from, int to) {
    if (spool != null && !spool.add(bytes, from, to)) {
      giveUp(Replies.NO_ROOM);
    }
  }

  /// Once the data has ended: says on the session's thread what came of it, at once unless a file
  /// has to be brought to stable storage.
  void finish(Consumer<Result> then) {
    boolean bareLf = decoder.bareLf() || tooBig == null && hasBareLf();
    if (bareLf || decoder.bareCr()) {
      abandon();
      String what = bareLf ? "<LF>" : "<CR>";
      then.accept(new Result.Refused(replies.bare(what)));
    } else if (tooBig != null) {
      then.accept(new Result.Refused(tooBig));
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

  /// What is held now is the message, and no longer what it was made of.
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

  /// Whether a line of the header section ends with LF alone: where the content is binary, it still
  /// has to be lines (RFC 3030 §3).
  private boolean hasBareLf() {
    int end = headerEnd.orElse(length);
    for (int i = 0; i < end; i++) {
      if (held[i] == '\n' && (i == 0 || held[i - 1] != '\r')) {
        return true;
      }
    }
    return false;
  }

  private void giveUp(Reply why) {
    abandon();
    tooBig = why;
  }

  private void hold(byte[] bytes, int from, int to) {
    int needed = length + to - from;
    if (needed > held.length) {
      keep(Arrays.copyOf(held, room(needed)));
    }
    System.arraycopy(bytes, from, held, length, to - from);
    length = needed;
  }

  /// Whether so many bytes may be held.
  private boolean hasRoom(int bytes) {
    return bytes <= held.length || holding.grow(Holding.What.CONTENT, room(bytes));
  }

  /// The room to be made for so many bytes.
  private int room(int bytes) {
    // not half of it empty when there is little
    int ahead = holding.budget().tight() ? MemoryBudget.STEP : held.length;
    return Math.max(bytes, held.length + ahead);
  }

  private void keep(byte[] bytes) {
    held = bytes;
    holding.count(Holding.What.CONTENT, bytes.length);
  }

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

  /// Whether the first line is the one that separates messages in an mbox file, which some programs
  /// leave in place, `From ` after any number of `>`.
  private boolean isMailboxLine() {
    int at = 0;
    while (at < length && held[at] == '>') {
      at++;
    }
    return Arrays.equals(held, at, Math.min(length, at + FROM.length), FROM, 0, FROM.length);
  }

  private void markMailboxLine() {
    byte[] rest = Arrays.copyOf(held, length);
    length = 0;
    hold(MAILBOX_LINE, 0, MAILBOX_LINE.length);
    hold(rest, 0, rest.length);
  }

  private Headers headers() {
    return Headers.parse(Arrays.copyOf(held, headerEnd.orElse(length)));
  }

  /// After the empty line; where there is none, the line that is not a field already is the body.
  private int bodyStart() {
    int end = headerEnd.orElse(length);
    boolean empty = end + 1 < length && held[end] == '\r' && held[end + 1] == '\n';
    return empty ? end + 2 : end;
  }
}
