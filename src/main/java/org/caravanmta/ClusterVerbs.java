package org.caravanmta;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.cluster.node.OtherNodes;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.Rows;
import org.caravanmta.control.VerbName;
import org.caravanmta.queue.admin.ListedMessage;
import org.caravanmta.queue.admin.QueueCount;
import org.caravanmta.queue.admin.ShapeRow;
import org.caravanmta.queue.admin.VerbResult;

/// The operator's verbs as they act on a whole cluster: on this node and on all others, whose
/// answers are joined. A node that does not answer is named; what the others have done stays done.
final class ClusterVerbs {
  /// Messages are on one node each: what each says is said after the other, and which one it was.
  private static final Set<String> NODE_BY_NODE = Set.of(VerbName.QUEUE_LIST, VerbName.QUEUE_FIND);

  /// Likewise, but not which one it was.
  private static final Set<String> ONE_AFTER_THE_OTHER =
      Set.of(
          VerbName.QUEUE_SHOW,
          VerbName.QUEUE_CHANGE,
          VerbName.QUARANTINE_SHOW,
          VerbName.QUARANTINE_CHANGE,
          VerbName.QUARANTINE_RESCAN);

  /// A row for each id, of which one node knows something.
  private static final Set<String> BY_ID =
      Set.of(
          VerbName.QUEUE_FLUSH, VerbName.QUEUE_DELETE, VerbName.QUEUE_HOLD, VerbName.QUEUE_RELEASE);

  /// What is meant for all nodes alike.
  private static final Set<String> ALIKE =
      Set.of(
          VerbName.STAGE_LIST,
          VerbName.STAGE_STOP,
          VerbName.STAGE_START,
          VerbName.SUSPENSION_LIST,
          VerbName.SUSPENSION_ADD,
          VerbName.SUSPENSION_REMOVE);

  private final OtherNodes others;

  private ClusterVerbs(OtherNodes others) {
    this.others = others;
  }

  /// @param here what each verb does on this node alone
  static Map<String, ControlVerb> of(Map<String, ControlVerb> here, OtherNodes others) {
    var cluster = new ClusterVerbs(others);
    var all = new HashMap<String, ControlVerb>();
    here.forEach((name, own) -> all.put(name, cluster.joined(name, own)));
    return all;
  }

  private ControlVerb joined(String name, ControlVerb own) {
    if (NODE_BY_NODE.contains(name)) {
      return (args, rows) ->
          run(name, own, args, (node, row) -> rows.add(ListedMessage.fields(row, node))).end();
    }
    if (ONE_AFTER_THE_OTHER.contains(name)) {
      return (args, rows) -> run(name, own, args, (_, row) -> rows.add(row)).end();
    }
    if (name.equals(VerbName.QUEUE_CAT)) {
      return (args, rows) -> first(name, own, args, rows);
    }
    if (BY_ID.contains(name)) {
      return (args, rows) -> byId(name, own, args, rows);
    }
    if (name.equals(VerbName.NODE_SETTINGS)) {
      return (args, rows) -> different(name, own, args, rows);
    }
    if (name.equals(VerbName.QUEUE_COUNT) || name.equals(VerbName.QUEUE_SHAPE)) {
      return (args, rows) -> sums(name, own, args, rows);
    }
    return ALIKE.contains(name) ? (args, rows) -> alike(name, own, args, rows) : own;
  }

  /// What became of a verb at all nodes.
  private static final class Tally {
    private final List<String> problems = new ArrayList<>();

    /// The nodes that do not answer.
    private final Set<String> silent = new HashSet<>();

    private Optional<Exception> refusal = Optional.empty();

    /// The nodes that have done it.
    private final List<String> done = new ArrayList<>();

    /// @param rows how many there were of it
    void add(String node, long rows, Optional<Exception> failure) {
      if (failure.isEmpty()) {
        done.add(node);
      } else if (isUnanswered(failure.get())) {
        silent.add(node);
        problems.add(node + " does not answer: " + failure.get().getMessage());
      } else if (rows > 0) {
        problems.add(node + ": " + failure.get().getMessage());
      } else if (refusal.isEmpty()) {
        refusal = failure;
      }
    }

    /// Those that are not even asked; one that has gone since is named already.
    void addMissing(List<String> nodes) {
      nodes.stream()
          .filter(node -> !silent.contains(node))
          .forEach(node -> problems.add(node + " is away, and nobody has taken over its mail"));
    }

    private static boolean isUnanswered(Exception failure) {
      return failure instanceof IOException;
    }

    /// @throws Exception what is wrong; nothing if one node has done it and the others had nothing
    ///   to do
    void end() throws Exception {
      if (done.isEmpty() && problems.isEmpty() && refusal.isPresent()) {
        throw refusal.get();
      }
      if (!problems.isEmpty()) {
        refusal
            .filter(_ -> done.isEmpty())
            .ifPresent(one -> problems.addFirst(String.valueOf(one.getMessage())));
        throw new ControlProblem(String.join("\n", problems));
      }
    }
  }

  /// Does it at one node.
  private interface At {
    void run(Rows rows) throws Exception;
  }

  /// Where the rows of all nodes go.
  private interface Sink {
    void add(String node, List<String> row) throws IOException;
  }

  private Map<String, At> everywhere(String name, ControlVerb own, List<String> args) {
    var all = new LinkedHashMap<String, At>();
    all.put(others.own(), rows -> own.run(args, rows));
    others.living().forEach((node, asking) -> all.put(node, rows -> asking.ask(name, args, rows)));
    return all;
  }

  /// Knows whether it is the asker who has gone.
  private static final class Counted implements Rows {
    private final Rows to;
    private long count;
    private Optional<IOException> broken = Optional.empty();

    Counted(Rows to) {
      this.to = to;
    }

    @Override
    public void add(List<String> fields) throws IOException {
      count++;
      try {
        to.add(fields);
      } catch (IOException e) {
        broken = Optional.of(e);
        throw e;
      }
    }
  }

  /// @param sink fails when the asker has gone
  private Tally run(String name, ControlVerb own, List<String> args, Sink sink) throws IOException {
    var tally = new Tally();
    for (var node : everywhere(name, own, args).entrySet()) {
      var counted = new Counted(row -> sink.add(node.getKey(), row));
      try {
        node.getValue().run(counted);
        tally.add(node.getKey(), counted.count, Optional.empty());
      } catch (Exception e) {
        if (counted.broken.isPresent()) {
          throw counted.broken.get();
        }
        tally.add(node.getKey(), counted.count, Optional.of(e));
      }
    }
    tally.addMissing(others.missing());
    return tally;
  }

  /// Nothing of it is told yet.
  ///
  /// @param sink fails at a row that cannot be read, which is a problem of the node that has sent
  ///   it
  private Tally gather(String name, ControlVerb own, List<String> args, Sink sink)
      throws IOException {
    return run(
        name,
        own,
        args,
        (node, row) -> {
          try {
            sink.add(node, row);
          } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
          }
        });
  }

  /// Of the first node that has something to say.
  private void first(String name, ControlVerb own, List<String> args, Rows rows) throws Exception {
    var tally = new Tally();
    for (var node : everywhere(name, own, args).entrySet()) {
      var counted = new Counted(rows);
      try {
        node.getValue().run(counted);
        return;
      } catch (Exception e) {
        if (counted.count > 0) {
          throw e;
        }
        tally.add(node.getKey(), 0, Optional.of(e));
      }
    }
    tally.addMissing(others.missing());
    tally.end();
  }

  private void byId(String name, ControlVerb own, List<String> args, Rows rows) throws Exception {
    var results = new LinkedHashMap<String, VerbResult>();
    Tally tally =
        gather(
            name,
            own,
            args,
            (_, row) -> {
              VerbResult one = VerbResult.of(row);
              results.merge(one.target(), one, ClusterVerbs::and);
            });
    boolean whole = true;
    for (VerbResult result : results.values()) {
      rows.add(result.fields());
      whole &= result.found() && result.taken() == 0;
    }
    // that one node had nothing to do for an id is no problem of its own
    tally.problems.removeIf(line -> line.endsWith("not everything could be done"));
    if (results.isEmpty() || !tally.problems.isEmpty()) {
      tally.end();
    }
    if (!whole) {
      throw new ControlProblem("not everything could be done");
    }
  }

  private static VerbResult and(VerbResult one, VerbResult other) {
    return new VerbResult(one.target(), one.done() + other.done(), one.taken() + other.taken());
  }

  private void sums(String name, ControlVerb own, List<String> args, Rows rows) throws Exception {
    var sums = new LinkedHashMap<String, List<String>>();
    boolean counts = name.equals(VerbName.QUEUE_COUNT);
    Tally tally =
        gather(
            name,
            own,
            args,
            (_, row) -> {
              List<String> before = sums.get(row.getFirst());
              if (before == null) {
                sums.put(row.getFirst(), row);
              } else {
                sums.put(row.getFirst(), counts ? count(before, row) : shape(before, row));
              }
            });
    for (List<String> row : counts ? sums.values() : mostFirst(sums.values())) {
      rows.add(row);
    }
    tally.end();
  }

  /// Below the row of all.
  private static List<List<String>> mostFirst(Collection<List<String>> rows) throws IOException {
    var shapes = new ArrayList<ShapeRow>();
    for (List<String> row : rows) {
      shapes.add(ShapeRow.of(row));
    }
    return shapes.stream()
        .sorted(
            Comparator.comparing((ShapeRow row) -> !row.domain().equals(ShapeRow.TOTAL))
                .thenComparing(row -> -row.total()))
        .map(ShapeRow::fields)
        .toList();
  }

  private static List<String> count(List<String> one, List<String> other) throws IOException {
    QueueCount a = QueueCount.of(one);
    QueueCount b = QueueCount.of(other);
    return new QueueCount(
            a.queue(),
            a.messages() + b.messages(),
            a.recipients() + b.recipients(),
            a.octets() + b.octets())
        .fields();
  }

  private static List<String> shape(List<String> one, List<String> other) throws IOException {
    ShapeRow a = ShapeRow.of(one);
    ShapeRow b = ShapeRow.of(other);
    var counts = new ArrayList<Long>();
    for (int i = 0; i < a.counts().size(); i++) {
      counts.add(a.counts().get(i) + (i < b.counts().size() ? b.counts().get(i) : 0));
    }
    return new ShapeRow(a.domain(), List.copyOf(counts)).fields();
  }

  private void alike(String name, ControlVerb own, List<String> args, Rows rows) throws Exception {
    var said = new AlikeRows(name);
    Tally tally = gather(name, own, args, said::add);
    for (List<String> row : said.joined(tally.done)) {
      rows.add(row);
    }
    tally.end();
  }

  private void different(String name, ControlVerb own, List<String> args, Rows rows)
      throws Exception {
    var parts = new DifferentParts();
    Tally tally = gather(name, own, args, parts::add);
    for (List<String> row : parts.rows(tally.done)) {
      rows.add(row);
    }
    tally.end();
  }
}
