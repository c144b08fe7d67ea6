package org.caravanmta.queue.embedded.journal;

import java.nio.ByteBuffer;

/// What the broker writes around each record of a journal file, by which one is told from bytes
/// that are not a record: its kind, the number of the file, and its size at the end.
final class RecordFrame {
  /// Format, user version and number of the file come before its records.
  static final int HEADER = 16;

  static final int NUMBER = 8;

  /// Type, file number, times compacted; and after the record, its size.
  static final int START = 6;

  static final int END = 4;

  private RecordFrame() {}

  /// The size of the record that begins here, with its frame; 0 if none does.
  static int size(ByteBuffer bytes, int at, int number) {
    if (!begins(bytes, at, number)) {
      return 0;
    }
    long size = likely(bytes, at);
    return size > 0 && at + size <= bytes.limit() && bytes.getInt((int) (at + size) - END) == size
        ? (int) size
        : 0;
  }

  /// The next place from `from` on where a record of this file may begin; the end if there is none.
  /// A file that was emptied is full of records of its earlier life, so this is where time goes.
  static int next(ByteBuffer bytes, int from, int number) {
    byte[] all = bytes.array();
    int first = bytes.arrayOffset() + Integer.BYTES;
    byte last = (byte) number;
    int end = bytes.limit() - START;
    for (int at = from; at < end; at++) {
      if (all[first + at] == last && begins(bytes, at, number)) {
        return at;
      }
    }
    return bytes.limit();
  }

  static boolean begins(ByteBuffer bytes, int at, int number) {
    return at + START < bytes.limit()
        && Kind.of(bytes.get(at)) != Kind.NONE
        && bytes.getInt(at + 1) == number;
  }

  /// The size that the record itself gives, with its frame; 0 if it cannot be.
  static int likely(ByteBuffer bytes, int at) {
    var kind = Kind.of(bytes.get(at));
    int fixed = START + kind.fixed + END;
    if (at + fixed > bytes.limit()) {
      return 0;
    }
    int more = kind.length < 0 ? 0 : bytes.getInt(at + START + kind.length);
    return more < 0 || more > bytes.limit() - at - fixed ? 0 : fixed + more;
  }

  /// What a record is, by its first byte: the bytes between its start and what it carries, and
  /// where among them its number and the length of what it carries are.
  enum Kind {
    NONE(0, -1, -1),
    EVENT(13, 0, 8),
    ADD(13, 0, 8),
    UPDATE(13, 0, 8),
    ADD_IN_TRANSACTION(21, 8, 16),
    UPDATE_IN_TRANSACTION(21, 8, 16),
    DELETE_IN_TRANSACTION(20, 8, 16),
    DELETE(8, 0, -1),
    PREPARE(16, -1, 12),
    COMMIT(12, -1, -1),
    ROLLBACK(8, -1, -1);

    private static final int FIRST = 10;
    private static final Kind[] ALL = values();

    final int fixed;
    final int record;
    final int length;

    Kind(int fixed, int record, int length) {
      this.fixed = fixed;
      this.record = record;
      this.length = length;
    }

    static Kind of(byte type) {
      int index = type - FIRST + 1;
      return index < 1 || index >= ALL.length ? NONE : ALL[index];
    }
  }
}
