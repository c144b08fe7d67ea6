package org.caravanmta.queue.copies;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFileFactory;
import org.apache.activemq.artemis.core.journal.IOCompletion;
import org.apache.activemq.artemis.core.journal.LoaderCallback;
import org.apache.activemq.artemis.core.journal.PreparedTransactionInfo;
import org.apache.activemq.artemis.core.journal.RecordInfo;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;
import org.caravanmta.account.OwnerOnly;

/// The copies that one node keeps of another's messages, on the disk: a journal of Artemis's own
/// kind, in a directory of its own.
final class CopyJournal implements AutoCloseable {
  private static final int FILE = 10 << 20;
  private static final int LEAST_FILES = 2;
  private static final int POOL = 10;
  private static final int COMPACT_FILES = 10;
  private static final int COMPACT_PERCENTAGE = 30;

  /// The largest message, and what is gathered before it is written.
  private static final int BUFFER = 4 << 20;

  private static final byte COPY = 1;

  private final JournalImpl journal;
  private final AtomicLong transactions;

  /// Whether anything could not be written.
  private final AtomicBoolean failed;

  private CopyJournal(JournalImpl journal, AtomicBoolean failed, long first) {
    this.journal = journal;
    this.failed = failed;
    this.transactions = new AtomicLong(first);
  }

  /// Opens it, and reads what is there.
  ///
  /// @param pace how long writes are gathered before they are synced, in nanoseconds
  /// @param come takes each copy, of which some are gone again
  /// @param gone takes the numbers of those that are gone
  static CopyJournal open(Path directory, int pace, Consumer<Copy> come, Consumer<Long> gone)
      throws IOException {
    OwnerOnly.directory(directory);
    var failed = new AtomicBoolean();
    var files =
        new NIOSequentialFileFactory(directory.toFile(), true, BUFFER, pace, 1, false) {
          @Override
          public void onIOError(Throwable cause, String message, String file) {
            failed.set(true);
            super.onIOError(cause, message, file);
          }
        };
    files.setDatasync(true);
    var journal =
        new JournalImpl(
            FILE, LEAST_FILES, POOL, COMPACT_FILES, COMPACT_PERCENTAGE, files, "copies", "amq", 1);
    var reading = new Reading(come, gone);
    try {
      journal.start();
      var loaded = journal.load(reading);
      if (reading.failure != null) {
        throw reading.failure;
      }
      return new CopyJournal(journal, failed, loaded.getMaxID() + 1);
    } catch (Exception e) {
      stop(journal);
      throw new IOException("the copies in " + directory + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// All or nothing of it is on the disk when `done` is called.
  void write(List<Copy> come, List<Long> gone, IOCompletion done) throws IOException {
    try {
      long transaction = transactions.incrementAndGet();
      for (Copy copy : come) {
        journal.appendAddRecordTransactional(transaction, copy.number(), COPY, copy.encode());
      }
      for (long number : gone) {
        journal.appendDeleteRecordTransactional(transaction, number);
      }
      journal.appendCommitRecord(transaction, true, new Surely(done), false);
    } catch (Exception e) {
      throw new IOException("copies cannot be written: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    stop(journal);
  }

  private static void stop(JournalImpl journal) {
    try {
      journal.stop();
    } catch (Exception e) {
      throw new IllegalStateException("copies cannot be closed: " + e.getMessage(), e);
    }
  }

  /// Artemis's journal says of a transaction that it is done when its last record is on the disk,
  /// although an earlier one is not.
  private final class Surely implements IOCompletion {
    private final IOCompletion done;

    Surely(IOCompletion done) {
      this.done = done;
    }

    @Override
    public void storeLineUp() {
      done.storeLineUp();
    }

    @Override
    public void done() {
      if (failed.get()) {
        onError(ActiveMQExceptionType.IO_ERROR.getCode(), "the journal cannot be written");
      } else {
        done.done();
      }
    }

    @Override
    public void onError(int code, String message) {
      done.onError(code, message);
    }
  }

  private static final class Reading implements LoaderCallback {
    private final Consumer<Copy> come;
    private final Consumer<Long> gone;
    private @org.jspecify.annotations.Nullable IOException failure;

    Reading(Consumer<Copy> come, Consumer<Long> gone) {
      this.come = come;
      this.gone = gone;
    }

    @Override
    public void addRecord(RecordInfo info) {
      try {
        come.accept(Copy.decode(info.data));
      } catch (IOException e) {
        failure = e;
      }
    }

    @Override
    public void deleteRecord(long number) {
      gone.accept(number);
    }

    @Override
    public void updateRecord(RecordInfo info) {
      // there are none
    }

    @Override
    public void addPreparedTransaction(PreparedTransactionInfo transaction) {
      // there are none
    }

    @Override
    public void failedTransaction(
        long transaction, List<RecordInfo> records, List<RecordInfo> deleted) {
      // cut off in the middle: it was not confirmed
    }
  }
}
