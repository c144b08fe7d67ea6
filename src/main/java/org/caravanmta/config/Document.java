package org.caravanmta.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravanmta.config.Entry.Items;
import org.caravanmta.config.Entry.Origin;
import org.caravanmta.config.Entry.Section;
import org.caravanmta.config.Entry.Text;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A YAML text (YAML 1.2), read into entries that know the lines they were on. Every mistake goes
/// to `problems`; reading goes on after a mistake, so that one run names all of them.
final class Document {
  /// Levels of nesting that are read: more than any settings file has, few enough for the stack.
  private static final int DEEPEST = 20;

  private final String source;
  private final boolean lines;
  private final List<String> problems;

  /// @param source what messages call the text
  /// @param lines whether the source is a file, so that messages name its lines
  Document(String source, boolean lines, List<String> problems) {
    this.source = source;
    this.lines = lines;
    this.problems = problems;
  }

  /// Reads a whole file, which is one section; of an empty file, an empty section.
  Section file(String text) {
    Entry entry = entry(text);
    return switch (entry) {
      case Section section -> section;
      case Text(var origin, _, boolean blank) when blank -> new Section(origin, Map.of());
      case Text _, Items _ -> {
        problem(entry.origin(), entry.shown() + ": keys with values were expected");
        yield new Section(entry.origin(), Map.of());
      }
    };
  }

  /// Reads one value.
  Entry entry(String text) {
    Origin start = new Origin(source, lines ? 1 : 0);
    try {
      var settings = LoadSettings.builder().setLabel(source).build();
      return new Compose(settings)
          .composeString(text)
          .map(node -> entry(node, "", 0))
          .orElse(new Text(start, "", true));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      problem(new Origin(source, lines ? line : 0), "broken YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      problem(
          start, "broken YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    return new Text(start, "", true);
  }

  private Entry entry(Node node, String path, int depth) {
    Origin origin = origin(node);
    if (node.isRecursive() || depth > DEEPEST) {
      problem(origin, path + ": an entry that contains itself, or too deep");
      return new Text(origin, "", true);
    }
    return switch (node) {
      case MappingNode mapping -> section(mapping, path, depth);
      case SequenceNode sequence ->
          new Items(
              origin,
              sequence.getValue().stream().map(item -> entry(item, path, depth + 1)).toList());
      case ScalarNode scalar ->
          new Text(origin, text(scalar), scalar.getTag().equals(Tag.NULL) && scalar.isPlain());
      default -> throw new IllegalStateException("a YAML node of " + node.getNodeType());
    };
  }

  private Section section(MappingNode mapping, String path, int depth) {
    var entries = new LinkedHashMap<String, Entry>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
        problem(origin(tuple.getKeyNode()), path + ": a key must be a word");
        continue;
      }
      String key = name.getValue();
      String below = path.isEmpty() ? key : path + "." + key;
      Entry before = entries.get(key);
      if (before == null) {
        entries.put(key, at(origin(name), entry(tuple.getValueNode(), below, depth + 1)));
      } else {
        problem(
            origin(name),
            below + ": the same key as in line " + Math.max(1, before.origin().line()));
      }
    }
    return new Section(origin(mapping), entries);
  }

  /// An entry at the line of its key if its value is blank: YAML places a blank value after the
  /// key, often on the next line.
  private static Entry at(Origin key, Entry entry) {
    return entry instanceof Text(_, String text, boolean blank) && blank
        ? new Text(key, text, true)
        : entry;
  }

  private static String text(ScalarNode scalar) {
    return scalar.getTag().equals(Tag.NULL) && scalar.isPlain() ? "" : scalar.getValue();
  }

  private Origin origin(Node node) {
    int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    return new Origin(source, lines ? line : 0);
  }

  private void problem(Origin origin, String what) {
    problems.add(origin + ": " + what);
  }
}
