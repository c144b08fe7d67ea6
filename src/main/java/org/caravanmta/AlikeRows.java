package org.caravanmta;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.caravanmta.control.StageStatus;
import org.caravanmta.control.VerbName;
import org.caravanmta.suspension.Resumed;
import org.caravanmta.suspension.Suspension;

/// The rows of a verb that is meant for all nodes alike: what they all say is said once, and where
/// they differ, which node says what.
final class AlikeRows {
  /// A row as each node has said it, by the name of the node.
  private final Map<String, Map<String, List<String>>> said = new LinkedHashMap<>();

  private final String verb;

  AlikeRows(String verb) {
    this.verb = verb;
  }

  void add(String node, List<String> row) throws IOException {
    said.computeIfAbsent(key(row), _ -> new LinkedHashMap<>()).put(node, row);
  }

  /// One row for each thing.
  ///
  /// @param answered those that have said all they had to say
  List<List<String>> joined(Collection<String> answered) throws IOException {
    var rows = new ArrayList<List<String>>();
    for (Map<String, List<String>> each : said.values()) {
      rows.add(
          switch (verb) {
            case VerbName.STAGE_LIST -> stage(each);
            case VerbName.SUSPENSION_REMOVE -> resumed(each.values());
            case VerbName.SUSPENSION_LIST -> suspension(each, answered);
            default -> each.values().iterator().next();
          });
    }
    return rows;
  }

  private String key(List<String> row) throws IOException {
    return switch (verb) {
      case VerbName.STAGE_LIST -> row.getFirst();
      case VerbName.SUSPENSION_ADD, VerbName.SUSPENSION_LIST -> Suspension.of(row).name();
      case VerbName.SUSPENSION_REMOVE -> Resumed.of(row).what().name();
      default -> row.toString();
    };
  }

  /// The one furthest from running, with all others beside it.
  private static List<String> stage(Map<String, List<String>> each) throws IOException {
    Map<StageStatus.State, List<String>> where = new TreeMap<>();
    StageStatus shown = StageStatus.of(each.values().iterator().next());
    for (var one : each.entrySet()) {
      StageStatus status = StageStatus.of(one.getValue());
      where.computeIfAbsent(status.state(), _ -> new ArrayList<>()).add(one.getKey());
      if (status.state().compareTo(shown.state()) > 0) {
        shown = status;
      }
    }
    if (where.size() == 1) {
      return shown.fields();
    }
    var text = new StringJoiner("; ", shown.description() + " (", ")");
    where.forEach((state, names) -> text.add(state + " at " + String.join(", ", names)));
    return new StageStatus(shown.name(), shown.state(), text.toString()).fields();
  }

  private static List<String> resumed(Collection<List<String>> each) throws IOException {
    long messages = 0;
    for (List<String> row : each) {
      messages += Resumed.of(row).messages();
    }
    return new Resumed(Resumed.of(each.iterator().next()).what(), messages).fields();
  }

  private static List<String> suspension(
      Map<String, List<String>> each, Collection<String> answered) throws IOException {
    List<String> first = each.values().iterator().next();
    List<String> without = answered.stream().filter(node -> !each.containsKey(node)).toList();
    if (without.isEmpty()) {
      return first;
    }
    Suspension one = Suspension.of(first);
    String reason = one.reason().isEmpty() ? "" : one.reason() + " ";
    return new Suspension(
            one.kind(),
            one.what(),
            reason + "(not at " + String.join(", ", without) + ")",
            one.author(),
            one.since())
        .fields();
  }
}
