package org.caravanmta.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files that tables are read from, and the connections that they have to databases,
/// directories (RFC 4511) and other servers; gathered while the tables are opened. To be closed
/// when the tables are no longer used.
public final class TableLinks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableLinks.class);
  private static final ScopedValue<TableLinks> GATHERING = ScopedValue.newInstance();

  private final List<AutoCloseable> all = new CopyOnWriteArrayList<>();
  private final Set<Path> files = ConcurrentHashMap.newKeySet();
  private final Set<Path> secrets = ConcurrentHashMap.newKeySet();

  /// Opens tables, and gathers their files and connections.
  public <T, X extends Throwable> T gather(ScopedValue.CallableOp<T, X> opening) throws X {
    return ScopedValue.where(GATHERING, this).call(opening);
  }

  /// Notes the connections of a table that is being opened.
  static void add(AutoCloseable link) {
    if (GATHERING.isBound()) {
      GATHERING.get().all.add(link);
    }
  }

  /// Notes the file of a table that is being opened.
  static void read(Path file) {
    if (GATHERING.isBound()) {
      GATHERING.get().files.add(file);
    }
  }

  /// Notes that the file of a table that is being opened has a password in it.
  static void readSecret(Path file) {
    if (GATHERING.isBound()) {
      GATHERING.get().secrets.add(file);
    }
  }

  /// The files of the tables.
  public Set<Path> files() {
    return Set.copyOf(files);
  }

  /// The files of the tables that have passwords in them.
  public Set<Path> secrets() {
    return Set.copyOf(secrets);
  }

  /// Closes the connections; one that fails does not keep the others open.
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
