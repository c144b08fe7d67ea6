package org.caravanmta.queue.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.caravanmta.account.OwnerOnly;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks, before the broker starts, for messages in its journal that it would pass over without a
/// word: it skips a record whose frame is not right, and forgets a message whose queue it does not
/// find. Damage inside a message is found later, by the checksum of {@link
/// org.caravanmta.message.Wire}.
///
/// A message that is not whole is taken out: the broker trusts the lengths in it so far that a
/// wrong one ends the whole process, at each start again.
///
/// A damaged file is kept below `damaged`, for the broker reuses its own. A message is named when
/// its id can still be read; it may be one that was settled before.
public final class Inspection {
  private static final Logger LOG = LoggerFactory.getLogger(Inspection.class);

  /// What new files hold.
  private static final byte FILLING = 'J';

  private static final byte ADD_LARGE_MESSAGE = 30;
  private static final byte ADD_MESSAGE = 31;
  private static final byte ADD_MESSAGE_OF_PROTOCOL = 45;
  private static final byte ADD_TO_QUEUE = 32;

  /// An id as {@link org.caravanmta.message.QueueIds} makes it, with its length before it.
  private static final Pattern ID = Pattern.compile("\0\0\0\u0010([0-9A-Za-z]{10}z[0-9A-Za-z]{5})");

  private final Map<Long, Set<String>> messages = new HashMap<>();
  private final Set<Long> queued = new HashSet<>();
  private final Set<Long> deleted = new HashSet<>();
  private final List<String> findings = new ArrayList<>();
  private final Set<String> named = new TreeSet<>();

  private Inspection() {}

  /// Writes to the log what is wrong with the journal in a directory, which need not be there.
  public static void inspect(Path journal) throws IOException {
    if (!Files.isDirectory(journal)) {
      return;
    }
    var inspection = new Inspection();
    List<Path> files;
    try (var found = Files.list(journal)) {
      files = found.filter(Inspection::isJournal).sorted().toList();
    }
    for (Header damaged : Header.damaged(files)) {
      keep(damaged.file());
      damaged.repair();
      LOG.warn("the journal is damaged: {}, repaired", damaged);
    }
    for (Path file : files) {
      inspection.read(file);
    }
    inspection.compare();
    inspection.findings.forEach(finding -> LOG.error("the journal is damaged: {}", finding));
    inspection.named.forEach(id -> LOG.error("{}: may be lost, the journal is damaged", id));
  }

  private void read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    if (bytes.limit() < RecordFrame.HEADER) {
      return;
    }
    int number = (int) bytes.getLong(RecordFrame.NUMBER);
    boolean damaged = false;
    var unreadable = new ArrayList<Integer>();
    int gap = RecordFrame.HEADER;
    int at = RecordFrame.HEADER;
    while (at < bytes.limit()) {
      int size = RecordFrame.size(bytes, at, number);
      if (size == 0) {
        at = RecordFrame.next(bytes, at + 1, number);
        continue;
      }
      if (at > gap) {
        damaged |= found(file, bytes, gap, at);
      }
      if (!note(bytes, at, size)) {
        found(file, bytes, at, at + size);
        damaged = true;
        unreadable.add(at);
      }
      at += size;
      gap = at;
    }
    if (RecordFrame.begins(bytes, gap, number)) {
      // the last record: torn by a failure of power, or damaged
      damaged |=
          found(file, bytes, gap, Math.min(bytes.limit(), gap + RecordFrame.likely(bytes, gap)));
    }
    if (!damaged) {
      return;
    }
    keep(file);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      // never most of them: then it would be we who cannot read
      var out = unreadable.size() < messages.size() ? unreadable : List.<Integer>of();
      for (int record : out) {
        // no record has this type, so that the broker passes over it
        channel.write(ByteBuffer.wrap(new byte[] {0}), record);
      }
      channel.force(true);
    }
  }

  /// A file of messages, or one of queues.
  private static boolean isJournal(Path file) {
    return file.toString().endsWith(".amq") || file.toString().endsWith(".bindings");
  }

  private static void keep(Path file) throws IOException {
    Path kept = OwnerOnly.directory(file.resolveSibling("../damaged").normalize());
    Files.copy(file, kept.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }

  /// Bytes that are not a record, with records after them.
  private boolean found(Path file, ByteBuffer bytes, int from, int to) {
    boolean empty = true;
    for (int i = from; i < to && empty; i++) {
      empty = bytes.get(i) == 0 || bytes.get(i) == FILLING;
    }
    if (empty) {
      return false;
    }
    findings.add("%s cannot be read from byte %d to %d".formatted(file.getFileName(), from, to));
    named.addAll(ids(bytes, from, to));
    return true;
  }

  /// Whether the record can be given to the broker.
  private boolean note(ByteBuffer bytes, int at, int size) {
    var kind = RecordFrame.Kind.of(bytes.get(at));
    long record = kind.record < 0 ? 0 : bytes.getLong(at + RecordFrame.START + kind.record);
    switch (kind) {
      case ADD, ADD_IN_TRANSACTION -> {
        byte type = bytes.get(at + RecordFrame.START + kind.length + 4);
        if (type == ADD_MESSAGE || type == ADD_MESSAGE_OF_PROTOCOL || type == ADD_LARGE_MESSAGE) {
          int from = at + RecordFrame.START + kind.fixed;
          if (type == ADD_MESSAGE_OF_PROTOCOL
              && !MessageRecord.isWhole(
                  bytes.slice(from, at + size - RecordFrame.END - from), record)) {
            return false;
          }
          messages.put(record, ids(bytes, at, at + size));
        }
      }
      case UPDATE, UPDATE_IN_TRANSACTION -> {
        if (bytes.get(at + RecordFrame.START + kind.length + 4) == ADD_TO_QUEUE) {
          queued.add(record);
        }
      }
      case DELETE, DELETE_IN_TRANSACTION -> deleted.add(record);
      case PREPARE, COMMIT, ROLLBACK, EVENT, NONE -> {}
    }
    return true;
  }

  /// A queue that is to hold a message that is not there is a sure sign; then a message that no
  /// queue holds is probably the one.
  private void compare() {
    long missing =
        queued.stream().filter(n -> !messages.containsKey(n) && !deleted.contains(n)).count();
    if (missing > 0) {
      findings.add(missing + " messages of queues are not there");
    }
    if (!findings.isEmpty()) {
      messages.forEach(
          (number, ids) -> {
            if (!queued.contains(number) && !deleted.contains(number)) {
              named.addAll(ids);
            }
          });
    }
  }

  private static Set<String> ids(ByteBuffer bytes, int from, int to) {
    var ids = new TreeSet<String>();
    byte[] some = new byte[to - from];
    bytes.get(from, some);
    var found = ID.matcher(new String(some, StandardCharsets.ISO_8859_1));
    while (found.find()) {
      ids.add(found.group(1));
    }
    return ids;
  }
}
