package org.caravanmta.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravanmta.alias.Fillable;
import org.caravanmta.config.FileTrouble;
import org.caravanmta.message.Notice;

/// What reports say in the operator's words (postfix `bounce(5)`): a file of texts such as
///
/// ```
/// failure_template = <<EOF
/// Subject: Your message came back
///
/// This is $myhostname. I could not deliver your message.
/// EOF
/// ```
///
/// for failure, delay, success and verify, in which names stand for something else as in {@link
/// Fillable}; the recipients and their reasons follow. What a file leaves out is in our own words.
public final class Templates {
  /// None: all is in our own words.
  public static final Templates OURS = new Templates(Map.of());

  private static final Pattern BEGIN = Pattern.compile("(\\w+)_template\\s*=\\s*<<\\s*(\\S+)\\s*");
  private static final Pattern FIELD = Pattern.compile("([A-Za-z-]+):\\s*(.*)");

  enum Kind {
    FAILURE,
    DELAY,
    SUCCESS,
    VERIFY;

    static Kind of(Notice.Action action) {
      return switch (action) {
        case FAILED -> FAILURE;
        case DELAYED -> DELAY;
        case DELIVERED, RELAYED, EXPANDED -> SUCCESS;
        case VERIFIED -> VERIFY;
      };
    }
  }

  /// One text.
  ///
  /// @param fields `From`, `Subject`, `Postmaster-Subject`, those that it has
  /// @param text its lines, each with a line feed
  record Template(Map<String, String> fields, String text) {}

  private final Map<Kind, Template> templates;

  private Templates(Map<Kind, Template> templates) {
    this.templates = templates;
  }

  Optional<Template> of(Notice.Action action) {
    return Optional.ofNullable(templates.get(Kind.of(action)));
  }

  /// A field of a report about this.
  Optional<String> field(Notice.Action action, String name) {
    return of(action).map(template -> template.fields().get(name));
  }

  /// Reads a file.
  ///
  /// @param values what stands for each `$name`
  /// @throws IllegalArgumentException names the line that is wrong
  public static Templates read(Path file, Map<String, String> values) {
    try {
      return new Templates(parse(file, Files.readAllLines(file, StandardCharsets.UTF_8), values));
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + FileTrouble.of(e), e);
    }
  }

  private static Map<Kind, Template> parse(
      Path file, List<String> lines, Map<String, String> values) {
    var templates = new EnumMap<Kind, Template>(Kind.class);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Matcher begin = BEGIN.matcher(line);
      if (!begin.matches()) {
        throw wrong(file, i, "expected NAME_template = <<END");
      }
      int end = i + 1;
      while (end < lines.size() && !lines.get(end).equals(begin.group(2))) {
        end++;
      }
      if (end == lines.size()) {
        throw wrong(file, i, "no line " + begin.group(2) + " ends it");
      }
      templates.put(kind(file, i, begin.group(1)), template(file, lines, i + 1, end, values));
      i = end;
    }
    return templates;
  }

  private static Kind kind(Path file, int line, String name) {
    for (Kind kind : Kind.values()) {
      if (kind.name().equalsIgnoreCase(name)) {
        return kind;
      }
    }
    throw wrong(file, line, "there are failure, delay, success and verify templates");
  }

  private static Template template(
      Path file, List<String> lines, int from, int end, Map<String, String> values) {
    var fields = new HashMap<String, String>();
    int at = from;
    for (; at < end && !lines.get(at).isBlank(); at++) {
      Matcher field = FIELD.matcher(lines.get(at));
      if (!field.matches()) {
        break;
      }
      switch (field.group(1)) {
        case "From", "Subject", "Postmaster-Subject" ->
            fields.put(field.group(1), field.group(2).strip());
        case "Charset" -> {
          if (!field.group(2).strip().matches("(?i)us-ascii|utf-8")) {
            throw wrong(file, at, "the charset must be us-ascii or utf-8");
          }
        }
        default ->
            throw wrong(file, at, "fields are Charset, From, Subject and Postmaster-Subject");
      }
    }
    if (at < end && lines.get(at).isBlank()) {
      at++;
    }
    var text = new StringBuilder();
    for (; at < end; at++) {
      text.append(filled(file, at, lines.get(at), values)).append('\n');
    }
    if (text.toString().isBlank()) {
      throw wrong(file, from, "a template without a text");
    }
    return new Template(Map.copyOf(fields), text.toString());
  }

  private static String filled(Path file, int line, String text, Map<String, String> values) {
    try {
      return Fillable.parse(text, values.keySet()).with(values);
    } catch (IllegalArgumentException e) {
      throw wrong(file, line, "nothing is called so here: " + e.getMessage());
    }
  }

  private static IllegalArgumentException wrong(Path file, int line, String why) {
    return new IllegalArgumentException(file + ", line " + (line + 1) + ": " + why);
  }
}
