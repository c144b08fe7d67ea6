package org.caravanmta.queue.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// The number of a journal file, which every record in it repeats: the broker takes a record of
/// another number for one of the file's earlier life, and passes over it without a word.
///
/// An emptied file gets a new, higher number before anything is written to it, so that the first
/// record may have another. A number is damaged where that cannot be: it is lower than its first
/// record's, or that of another file too, or far beyond all others. A damaged number that looks
/// like a new one is not found.
///
/// @param number as the header has it
/// @param first that of the first record that is whole; the header's own where there is none
/// @param used whether there is one
record Header(Path file, long number, long first, boolean used) {
  /// Numbers are given one after the other; files in between may be gone.
  private static final int BEYOND = 64;

  /// Enough of a file for its first record.
  private static final int BEGINNING = 1 << 20;

  static List<Header> damaged(List<Path> files) throws IOException {
    var all = new ArrayList<Header>();
    for (Path file : files) {
      ByteBuffer bytes = beginning(file);
      if (bytes.limit() > RecordFrame.HEADER + Integer.BYTES) {
        all.add(read(file, bytes));
      }
    }
    return all.stream().filter(header -> header.isDamaged(all)).toList();
  }

  /// The first record may be torn: the first that is whole says the number.
  private static Header read(Path file, ByteBuffer bytes) {
    long number = bytes.getLong(RecordFrame.NUMBER);
    for (int at = RecordFrame.HEADER; at + Integer.BYTES < bytes.limit(); at++) {
      int first = bytes.getInt(at + 1);
      if (RecordFrame.size(bytes, at, first) > 0) {
        return new Header(file, number, first, true);
      }
    }
    return new Header(file, number, number, false);
  }

  private boolean isDamaged(List<Header> all) {
    if (number == first) {
      return false;
    }
    long written = all.stream().filter(Header::used).mapToLong(Header::first).max().orElse(first);
    long highest = written;
    for (Header other : all) {
      if (other != this && other.number == other.first) {
        if (other.number == number) {
          return true;
        }
        // an empty file has nothing that speaks for its number
        if (other.used || other.number <= written + BEYOND) {
          highest = Math.max(highest, other.number);
        }
      }
    }
    return number < first || number > highest + BEYOND;
  }

  /// Gives the file the number that its records have.
  void repair() throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(Long.BYTES).putLong(0, first), RecordFrame.NUMBER);
      channel.force(true);
    }
  }

  private static ByteBuffer beginning(Path file) throws IOException {
    var bytes = ByteBuffer.allocate(BEGINNING);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int read = 0;
      while (read >= 0 && bytes.hasRemaining()) {
        read = channel.read(bytes);
      }
    }
    return bytes.flip();
  }

  @Override
  public String toString() {
    return "%s has the number %d, its records %d".formatted(file.getFileName(), number, first);
  }
}
