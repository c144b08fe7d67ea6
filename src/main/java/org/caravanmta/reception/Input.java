package org.caravanmta.reception;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.caravanmta.reception.limits.MemoryBudget;
import org.caravanmta.reception.limits.Watch;
import org.caravanmta.reception.session.Session;
import org.caravanmta.reception.wire.Lines;

/// The way of a client's bytes into its {@link Session}: as one command line or one piece of
/// content at a time, whichever the session wants next (RFC 5321 §2.3.8, RFC 2920 §3.2). Runs on
/// the channel's event loop.
final class Input {
  /// The array in which content is given to a session, one for each event loop: 64 KiB, the most
  /// that Netty reads from a socket at once.
  private static final FastThreadLocal<byte[]> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[64 * 1024];
        }
      };

  private final Session session;
  private final Lines lines;
  private final Watch watch;
  private final MemoryBudget budget;
  private final Inbox inbox = new Inbox();

  /// @param watch whose deadline starts anew with each line, and moves on with content
  /// @param budget decides how large the pieces of content are: small ones when memory is short
  Input(Session session, Watch watch, MemoryBudget budget) {
    this.budget = budget;
    this.session = session;
    this.lines = new Lines(session.lineEnds());
    this.watch = watch;
  }

  /// Adds `more`, which is released here.
  void add(ChannelHandlerContext context, ByteBuf more) {
    inbox.add(context, more);
  }

  /// Gives the session lines and content for as long as it wants some and there are some.
  ///
  /// @param heard asked before each line or piece: whether the session may have one more, because
  ///   it has not ended and the client reads its replies
  /// @return whether it stopped because the client has to send more first
  boolean take(BooleanSupplier heard) {
    while (heard.getAsBoolean()) {
      Session.Wants wants = session.wants();
      if (wants == Session.Wants.NOTHING) {
        return false;
      }
      if (inbox.isEmpty() || !take(wants, inbox.bytes())) {
        return true;
      }
    }
    return false;
  }

  /// Whether so many bytes wait that the socket should not be read; when memory is short, one byte
  /// is enough.
  boolean isFull() {
    return budget.tight() ? !inbox.isEmpty() : inbox.isFull();
  }

  /// The memory that the waiting bytes take, in bytes.
  int room() {
    return inbox.room();
  }

  /// Gives back memory that the waiting bytes do not need.
  void tidy() {
    inbox.tidy();
  }

  void clear() {
    inbox.clear();
  }

  private boolean take(Session.Wants wants, ByteBuf from) {
    return switch (wants) {
      case NOTHING -> false;
      case COMMAND -> takeLine(from);
      case CONTENT -> takeContent(from);
    };
  }

  private boolean takeLine(ByteBuf from) {
    Optional<Lines.Line> line = lines.next(from, session.lineLimit());
    line.ifPresent(
        l -> {
          watch.restart();
          session.line(l, from.isReadable());
        });
    return line.isPresent();
  }

  private boolean takeContent(ByteBuf from) {
    byte[] scratch = SCRATCH.get();
    int most = budget.tight() ? MemoryBudget.STEP : scratch.length;
    int count = Math.min(from.readableBytes(), most);
    from.getBytes(from.readerIndex(), scratch, 0, count);
    int taken = session.content(scratch, 0, count);
    from.skipBytes(taken);
    watch.credit(taken);
    return true;
  }
}
