package org.caravanmta.report;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
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
import org.caravanmta.address.Ascii;
import org.caravanmta.alias.Fillable;
import org.caravanmta.config.FileTrouble;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Printable;

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

  /// The printable characters of ASCII.
  private static final byte[] ASCII =
      " !\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~".getBytes(US_ASCII);

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
  /// @param charset in which a report has it (RFC 2046 §4.1.2)
  /// @param fields `from`, `subject`, `postmaster-subject`, those that it has
  /// @param text its lines, each with a line feed
  record Template(Charset charset, Map<String, String> fields, String text) {}

  private final Map<Kind, Template> templates;

  private Templates(Map<Kind, Template> templates) {
    this.templates = templates;
  }

  Optional<Template> of(Notice.Action action) {
    return Optional.ofNullable(templates.get(Kind.of(action)));
  }

  /// A field of a report about this.
  Optional<String> field(Notice.Action action, String name) {
    return of(action).map(template -> template.fields().get(Ascii.lower(name)));
  }

  /// The charset of the first part of a report about this.
  Charset charset(Notice.Action action) {
    return of(action).map(Template::charset).orElse(StandardCharsets.UTF_8);
  }

  /// Reads a file.
  ///
  /// @param values what stands for each `$name`
  /// @throws IllegalArgumentException names the line that is wrong
  public static Templates read(Path file, Map<String, String> values) {
    try {
      // bytes, until a template says what its text is in
      var lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
      return new Templates(parse(file, lines, values));
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
        throw wrong(file, i, "expected NAME_template = <<END, found \"" + shown(line) + "\"");
      }
      int end = i + 1;
      while (end < lines.size() && !lines.get(end).stripTrailing().equals(begin.group(2))) {
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
    throw wrong(
        file,
        line,
        "expected failure_template, delay_template, success_template or verify_template, found \""
            + name
            + "_template\"");
  }

  private static Template template(
      Path file, List<String> lines, int from, int end, Map<String, String> values) {
    var fields = new HashMap<String, String>();
    Optional<Charset> charset = Optional.empty();
    int at = from;
    for (; at < end && !lines.get(at).isBlank(); at++) {
      Matcher field = FIELD.matcher(lines.get(at));
      if (!field.matches()) {
        break;
      }
      String value = field.group(2).strip();
      switch (Ascii.lower(field.group(1))) {
        case "from", "subject", "postmaster-subject" -> {
          if (!value.chars().allMatch(c -> c >= ' ' && c < 127)) {
            throw wrong(
                file,
                at,
                "expected ASCII in " + field.group(1) + ": write =?utf-8?q?...?= (RFC 2047)");
          }
          fields.put(Ascii.lower(field.group(1)), value);
        }
        case "charset" -> charset = Optional.of(charset(file, at, value));
        default ->
            throw wrong(
                file,
                at,
                "expected Charset, From, Subject or Postmaster-Subject, found \""
                    + shown(field.group(1))
                    + "\"");
      }
    }
    if (at < end && lines.get(at).isBlank()) {
      at++;
    }
    var text = new StringBuilder();
    for (; at < end; at++) {
      String line = decoded(file, at, lines.get(at), charset);
      text.append(filled(file, at, line, values)).append('\n');
    }
    if (text.toString().isBlank()) {
      throw wrong(file, from, "expected a text after the fields and an empty line");
    }
    return new Template(
        charset.orElse(StandardCharsets.UTF_8), Map.copyOf(fields), text.toString());
  }

  /// A charset that has the characters of ASCII at their places, as what follows the text is
  /// written in it too.
  private static Charset charset(Path file, int line, String name) {
    try {
      var charset = Charset.forName(name);
      if (charset.canEncode() && new String(ASCII, charset).equals(new String(ASCII, US_ASCII))) {
        return charset;
      }
    } catch (IllegalArgumentException e) {
      // the same is said of it
    }
    throw wrong(
        file,
        line,
        "expected a charset that begins with ASCII, such as us-ascii, utf-8 or iso-8859-1, found \""
            + shown(name)
            + "\"");
  }

  private static String decoded(Path file, int line, String bytes, Optional<Charset> charset) {
    try {
      return charset
          .orElse(StandardCharsets.UTF_8)
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      throw wrong(
          file,
          line,
          charset
              .map(named -> "expected characters of the Charset " + named)
              .orElse("expected UTF-8: another charset is named by a field Charset"));
    }
  }

  private static String shown(String text) {
    return Printable.ascii(text);
  }

  private static String filled(Path file, int line, String text, Map<String, String> values) {
    try {
      return Fillable.parse(text, values.keySet()).with(values);
    } catch (IllegalArgumentException e) {
      throw wrong(file, line, String.valueOf(e.getMessage()));
    }
  }

  private static IllegalArgumentException wrong(Path file, int line, String why) {
    return new IllegalArgumentException(file + ":" + (line + 1) + ": " + why);
  }
}
