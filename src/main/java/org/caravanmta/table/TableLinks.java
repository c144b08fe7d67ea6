package org.caravanmta.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What ties tables to things outside: the files they are read from, and their connections to
/// databases, directories (RFC 4511) and other servers, to be closed when nobody asks the tables
/// any more.
public final class TableLinks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableLinks.class);
  private static final ScopedValue<TableLinks> GATHERING = ScopedValue.newInstance();

  private final List<AutoCloseable> all = new CopyOnWriteArrayList<>();
  private final Set<Path> files = ConcurrentHashMap.newKeySet();
  private final Set<Path> secrets = ConcurrentHashMap.newKeySet();

  /// Opens tables, whose connections become ours.
  public <T, X extends Throwable> T gather(ScopedValue.CallableOp<T, X> opening) throws X {
    return ScopedValue.where(GATHERING, this).call(opening);
  }

  /// @param link of a table that is being opened
  static void add(AutoCloseable link) {
    if (GATHERING.isBound()) {
      GATHERING.get().all.add(link);
    }
  }

  /// @param file that a table is read from
  static void read(Path file) {
    if (GATHERING.isBound()) {
      GATHERING.get().files.add(file);
    }
  }

  /// @param file in which a table's password is
  static void readSecret(Path file) {
    if (GATHERING.isBound()) {
      GATHERING.get().secrets.add(file);
    }
  }

  /// The files of the tables.
  public Set<Path> files() {
    return Set.copyOf(files);
  }

  /// Those with passwords in them.
  public Set<Path> secrets() {
    return Set.copyOf(secrets);
  }

  @Override
  public void close() {
    for (AutoCloseable link : all) {
      try {
        link.close();
      } catch (Exception e) {
        LOG.warn("a table's connections are not closed: {}", e.toString());
      }
    }
    all.clear();
  }
}
