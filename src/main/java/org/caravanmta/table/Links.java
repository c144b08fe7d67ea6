package org.caravanmta.table;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections of tables to databases, directories (RFC 4511) and other servers, to be closed
/// when nobody asks the tables any more.
public final class Links implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Links.class);
  private static final ScopedValue<Links> GATHERING = ScopedValue.newInstance();

  private final List<AutoCloseable> all = new CopyOnWriteArrayList<>();

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

  @Override
  public void close() {
    for (AutoCloseable link : all) {
      try {
        link.close();
      } catch (Exception e) {
        log.warn("a table's connections are not closed: {}", e.toString());
      }
    }
    all.clear();
  }
}
