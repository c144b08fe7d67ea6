package org.caravanmta.table;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is wrong with lines of tables, gathered while all tables are opened, so that one mistake
/// does not hide the next (postfix `postmap(1)` warns of each and goes on). Where nobody gathers, a
/// line that is skipped becomes a warning in the log, and a table that is refused an exception.
public final class Remarks {
  private static final Logger LOG = LoggerFactory.getLogger(Remarks.class);
  private static final ScopedValue<Remarks> GATHERING = ScopedValue.newInstance();

  private final Set<String> skipped = new LinkedHashSet<>();
  private final Set<String> refused = new LinkedHashSet<>();

  /// Opens tables. In place of one that is refused there is a {@link FailTable}: whoever gathers
  /// has to look at what was {@link #refused} before the tables are used.
  public <T, X extends Throwable> T gather(ScopedValue.CallableOp<T, X> opening) throws X {
    return ScopedValue.where(GATHERING, this).call(opening);
  }

  /// The lines that were skipped, with the reason; their tables can be used all the same.
  public List<String> skipped() {
    return new ArrayList<>(skipped);
  }

  /// Why tables cannot be used, one line for each mistake.
  public List<String> refused() {
    return new ArrayList<>(refused);
  }

  /// Notes a line that is skipped.
  static void skip(String line) {
    if (GATHERING.isBound()) {
      GATHERING.get().skipped.add(line);
    } else {
      LOG.warn("{}", line);
    }
  }

  /// Notes a table that is refused.
  ///
  /// @return a table in its place, which is always unavailable
  /// @throws TableProblem if nobody gathers
  static Table refuse(String name, TableProblem problem) {
    if (!GATHERING.isBound()) {
      throw problem;
    }
    GATHERING.get().refused.addAll(problem.lines());
    return new FailTable(name);
  }
}
