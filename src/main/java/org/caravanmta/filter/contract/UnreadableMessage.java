package org.caravanmta.filter.contract;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.caravanmta.message.Bodies;
import org.jspecify.annotations.Nullable;

/// A message of ours cannot be read, which says nothing of the server that it is for: nobody else
/// could be given it either.
public final class UnreadableMessage extends IOException {
  private static final long serialVersionUID = 1;

  private UnreadableMessage(IOException cause) {
    super("the message cannot be read: " + cause.getMessage(), cause);
  }

  /// Bodies that fail with this exception.
  static Bodies told(Bodies bodies) {
    return noted(
        bodies,
        () -> {
          // the exception says it
        });
  }

  /// Bodies that fail with this exception, for those who hide what has failed.
  ///
  /// @param unread done before
  public static Bodies noted(Bodies bodies, Runnable unread) {
    return stored -> {
      try {
        return new Reading(bodies.open(stored), unread);
      } catch (IOException e) {
        throw of(e, unread);
      }
    };
  }

  private static UnreadableMessage of(IOException why, Runnable unread) {
    unread.run();
    return why instanceof UnreadableMessage known ? known : new UnreadableMessage(why);
  }

  /// What there is no answer for after a failure.
  public static Judgement.NoAnswer.Cause cause(Throwable failure) {
    for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof UnreadableMessage) {
        return Judgement.NoAnswer.Cause.MESSAGE;
      }
    }
    return Judgement.NoAnswer.Cause.SERVER;
  }

  private static final class Reading extends FilterInputStream {
    private final Runnable unread;

    Reading(InputStream in, Runnable unread) {
      super(in);
      this.unread = unread;
    }

    @Override
    public int read() throws IOException {
      try {
        return in.read();
      } catch (IOException e) {
        throw of(e, unread);
      }
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      try {
        return in.read(into, from, length);
      } catch (IOException e) {
        throw of(e, unread);
      }
    }
  }
}
