package org.caravanmta.smtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Finds the end of a line: a CR or an LF (RFC 5321 §2.3.8), together or alone.
public final class LineEnd {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private LineEnd() {}

  /// The offset of the first CR or LF in `bytes[from, to)`, or `to` if there is none. Eight bytes
  /// are compared at a time: a byte equal to CR or LF is a zero byte of the exclusive or.
  public static int find(byte[] bytes, int from, int to) {
    int at = from;
    while (at + 8 <= to) {
      long eight = (long) EIGHT.get(bytes, at);
      long cr = eight ^ ONES * '\r';
      long lf = eight ^ ONES * '\n';
      long found = ((cr - ONES) & ~cr | (lf - ONES) & ~lf) & HIGH;
      if (found != 0) {
        return at + Long.numberOfTrailingZeros(found) / 8;
      }
      at += 8;
    }
    while (at < to && bytes[at] != '\r' && bytes[at] != '\n') {
      at++;
    }
    return at;
  }
}
