package org.caravanmta.fault;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// What every call of this process for a file passes first, so that one of them can be made to
/// fail: whoever makes it gets the exception that it would have from the operating system. The
/// {@link DiskAgent} has the virtual machine's own classes ask here, and the one class of this name
/// that all of them see is the boot loader's.
public final class Disk {
  /// What the process prints before the name and the file of a call that fails.
  public static final String SAYS = "disk: fails: ";

  /// How a call fails.
  public enum Way {
    /// It does nothing.
    REFUSED,
    /// A write writes half of what it should; any other call does nothing.
    TORN,
    /// It and all that follow do nothing, until the disk is mended.
    GONE,
    /// From it on every write does nothing, until the disk is mended.
    FULL
  }

  /// Which call fails.
  private static final class Trap {
    final String below;
    final int number;
    final Way way;
    private int calls;

    Trap(String below, int number, Way way) {
      this.below = below;
      this.number = number;
      this.way = way;
    }

    /// Whether this one fails.
    synchronized boolean springs(String what, String file) {
      if (!file.contains(below)) {
        return false;
      }
      calls++;
      if (calls == number) {
        System.err.println(SAYS + what + " " + file);
      }
      return switch (way) {
        case REFUSED, TORN -> calls == number;
        case GONE -> calls >= number;
        case FULL -> calls >= number && what.equals("write");
      };
    }

    synchronized int count() {
      return calls;
    }

    synchronized boolean sprung() {
      return calls >= number;
    }
  }

  private static volatile Trap trap;
  private static final ThreadLocal<Boolean> HALF = new ThreadLocal<>();

  private Disk() {}

  /// From now on the call of this number, from 1, for files below a directory fails.
  static void fail(String below, int number, Way way) {
    trap = new Trap(below, number, way);
  }

  /// How many calls have been made since one was to fail.
  static int count() {
    Trap now = trap;
    return now == null ? 0 : now.count();
  }

  static boolean hasFailed() {
    Trap now = trap;
    return now != null && now.sprung();
  }

  /// No call fails.
  ///
  /// @return whether one has failed
  static boolean mend() {
    Trap now = trap;
    trap = null;
    return now != null && now.sprung();
  }

  /// Passes, or fails, a call that says so by an exception.
  public static void pass(String what, Object file) throws IOException {
    if (fails(what, file)) {
      throw failure(file);
    }
  }

  /// The same for one that has another exception.
  public static void passOpen(String file) throws IOException {
    if (fails("open", file)) {
      throw new FileNotFoundException(file + " (Input/output error)");
    }
  }

  /// The same for a write.
  ///
  /// @param at negative for where the channel stands
  public static void passWrite(FileChannel channel, ByteBuffer bytes, long at, String file)
      throws IOException {
    Trap now = trap;
    if (now == null || HALF.get() != null || !fails("write", file)) {
      return;
    }
    if (now.way == Way.TORN) {
      HALF.set(true);
      try {
        ByteBuffer half = bytes.slice(bytes.position(), bytes.remaining() / 2);
        int _ = at < 0 ? channel.write(half) : channel.write(half, at);
      } finally {
        HALF.remove();
      }
    }
    throw failure(file);
  }

  /// Whether a call fails that says so by what it returns.
  public static boolean fails(String what, Object file) {
    Trap now = trap;
    return now != null && file != null && now.springs(what, file.toString());
  }

  private static IOException failure(Object file) {
    return new IOException(new File(file.toString()).getName() + ": Input/output error");
  }
}
