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

/// What a client has sent, given to the session as commands and content, one at a time and as it
/// wants them (RFC 5321 §2.3.8, RFC 2920 §3.2). On the channel's event loop.
final class Input {
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

  /// @param watch told of what comes
  /// @param budget when it is tight content is given in small pieces
  Input(Session session, Watch watch, MemoryBudget budget) {
    this.budget = budget;
    this.session = session;
    this.lines = new Lines(session.lineEnds());
    this.watch = watch;
  }

  void add(ChannelHandlerContext context, ByteBuf more) {
    inbox.add(context, more);
  }

  /// Gives the session all that it wants and may have.
  ///
  /// @param heard whether the session may have more: it is still on, and its replies are read
  /// @return whether more has to come before anything can go on
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

  /// Whether so much waits that no more should be read; when memory is short, whether anything
  /// does.
  boolean isFull() {
    return budget.tight() ? !inbox.isEmpty() : inbox.isFull();
  }

  /// Bytes of memory that it takes.
  int room() {
    return inbox.room();
  }

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
