package org.caravanmta.mime;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// All values that a parameter of a field (RFC 2045 §5.1) may have for one mail reader or another:
/// quoted or not, ended where one reader or another sees the end, assembled from sections (RFC 2231
/// §3) in numerical order or in the order given, decoded or not. Wherever `name=` stands in the
/// field, some reader takes a name from it.
final class FieldParameters {
  /// A parameter with more values was made to confuse; it is not taken apart.
  private static final int MOST = 300;

  /// How many characters of a value are read; a value longer than half of this is refused as too
  /// long.
  private static final int LONGEST = 8 * 1024;

  private static final Pattern NAME = parameter("(?:file)?name");
  private static final Pattern BOUNDARY = parameter("(?<![a-z0-9_-])boundary");
  private static final Pattern QUOTED_PAIR = Pattern.compile("\\\\(.)");
  private static final Pattern BLANK = Pattern.compile("\\s");
  private static final Pattern FOLD = Pattern.compile("\n[ \t]+");

  private final Consumer<String> doubts;
  private final Pattern pattern;
  private final Set<String> values = new LinkedHashSet<>();

  /// One occurrence of the parameter, which may be a section of its value (RFC 2231 §3).
  ///
  /// @param index the number of the section, or -1 if this is the whole value
  /// @param extended whether it is marked with `*` as percent-encoded (RFC 2231 §4)
  /// @param readings the most common reading first, the most literal one last
  private record Section(int index, boolean extended, List<String> readings) {}

  private FieldParameters(Pattern pattern, Consumer<String> doubts) {
    this.doubts = doubts;
    this.pattern = pattern;
  }

  /// The names that the parameters `name` and `filename` may give a file.
  ///
  /// @throws Unreadable if there are too many values, or one is too long
  static Set<String> names(String text, Consumer<String> doubts) throws Unreadable {
    return values(NAME, text, doubts);
  }

  /// The values that the parameter `boundary` of a multipart may have.
  ///
  /// @throws Unreadable if there are too many values, or one is too long
  static Set<String> boundaries(String text, Consumer<String> doubts) throws Unreadable {
    return values(BOUNDARY, text, doubts);
  }

  /// @param text what follows the colon, `\n` where it is folded, one character for each byte
  private static Set<String> values(Pattern pattern, String text, Consumer<String> doubts)
      throws Unreadable {
    var parameters = new FieldParameters(pattern, doubts);
    for (String unfolded : unfolded(text)) {
      for (String reading : EncodedWords.readings(unfolded, doubts)) {
        parameters.scan(reading);
        if (reading.indexOf('(') >= 0) {
          parameters.scan(Comments.without(reading));
        }
      }
    }
    var decoded = new LinkedHashSet<String>();
    for (String value : parameters.values) {
      EncodedWords.readings(value, doubts).forEach(one -> decoded.add(Charsets.utf8OrLatin1(one)));
      if (decoded.size() > MOST) {
        throw new Unreadable("a parameter has more than " + MOST + " values");
      }
    }
    return decoded;
  }

  /// Matches `attribute=`, `attribute*=`, `attribute*0=` and `attribute*0*=`, with the blanks and
  /// quotes that some readers ignore.
  private static Pattern parameter(String attribute) {
    return Pattern.compile(
        "(" + attribute + ")[\"']?\\s*+(\\*\\s*+([0-9]{0,6}+)\\s*+(\\*?+)\\s*+)?+=",
        Pattern.CASE_INSENSITIVE);
  }

  private static String unquoted(String text) {
    return text.indexOf('\\') < 0 ? text : QUOTED_PAIR.matcher(text).replaceAll("$1");
  }

  /// The text unfolded in both ways: with the blanks of a fold (RFC 5322 §2.2.3), and without.
  static Set<String> unfolded(String text) {
    var all = new LinkedHashSet<String>();
    all.add(text.replace("\n", ""));
    if (text.indexOf('\n') >= 0) {
      all.add(FOLD.matcher(text).replaceAll(""));
    }
    return all;
  }

  /// Collects the values of every occurrence of the parameter in a text.
  private void scan(String text) throws Unreadable {
    Map<String, List<Section>> sections = new LinkedHashMap<>();
    Matcher matcher = pattern.matcher(text);
    int count = 0;
    while (matcher.find()) {
      if (++count > MOST) {
        throw new Unreadable("a parameter is there more than " + MOST + " times");
      }
      String number = matcher.group(2) == null ? "" : matcher.group(3);
      boolean extended =
          matcher.group(2) != null && (number.isEmpty() || !matcher.group(4).isEmpty());
      sections
          .computeIfAbsent(matcher.group(1).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(
              new Section(
                  number.isEmpty() ? -1 : Integer.parseInt(number),
                  extended,
                  readings(
                      text.substring(
                          matcher.end(), Math.min(text.length(), matcher.end() + LONGEST)))));
    }
    sections.values().forEach(this::take);
  }

  /// The readings of the value that `rest` begins with: where it ends depends on the mail reader.
  private static List<String> readings(String rest) throws Unreadable {
    var readings = new LinkedHashSet<String>();
    String text = rest.stripLeading();
    int semicolon = text.indexOf(';');
    String upTo = (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
    if (text.startsWith("\"")) {
      int end = quotedEnd(text);
      String quoted = text.substring(1, end);
      readings.add(unquoted(quoted));
      readings.add(quoted);
      int first = text.indexOf('"', 1);
      if (first > 0 && first < end) {
        readings.add(text.substring(1, first));
      }
      if (!upTo.equals(text.substring(0, Math.min(end + 1, text.length())))) {
        readings.add(upTo.replace("\"", ""));
        readings.add(unquoted(upTo).replace("\"", ""));
      }
    } else {
      readings.add(upTo.replace("\"", ""));
      readings.add(BLANK.split(upTo, 2)[0].replace("\"", ""));
      readings.add(upTo);
    }
    if (rest.length() == LONGEST && readings.iterator().next().length() > LONGEST / 2) {
      throw new Unreadable("a parameter is very long");
    }
    return List.copyOf(readings);
  }

  /// The index of the quote that ends the quoted string at the start of `text`, or the length of
  /// `text` if there is none.
  private static int quotedEnd(String text) {
    int at = 1;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at, text.length());
  }

  /// Adds the values that the occurrences of one parameter form: those that are whole, and the
  /// sections joined in each order that a mail reader may use.
  private void take(List<Section> all) {
    boolean parts = all.stream().anyMatch(section -> section.index() >= 0);
    for (Section section : all) {
      if (section.index() < 0) {
        if (section.extended()) {
          addJoined(List.of(section));
        } else {
          values.addAll(section.readings());
        }
      }
    }
    if (!parts) {
      return;
    }
    List<Section> ordered =
        all.stream()
            .sorted(Comparator.comparingInt(section -> Math.max(section.index(), 0)))
            .toList();
    var first = new LinkedHashMap<Integer, Section>();
    var last = new LinkedHashMap<Integer, Section>();
    for (Section section : ordered) {
      first.putIfAbsent(Math.max(section.index(), 0), section);
      last.put(Math.max(section.index(), 0), section);
    }
    List<Section> numbered = ordered.stream().filter(section -> section.index() >= 0).toList();
    if (numbered.stream().map(Section::index).distinct().count() < numbered.size()) {
      doubts.accept("a section of a parameter is there twice");
    }
    addJoined(numbered);
    addJoined(ordered);
    addJoined(all);
    addJoined(List.copyOf(first.values()));
    addJoined(List.copyOf(last.values()));
    addJoined(upToGap(numbered));
  }

  /// The sections before the first gap in their numbers: some mail readers ignore those after it
  /// (RFC 2231 §3).
  private static List<Section> upToGap(List<Section> numbered) {
    int end = 1;
    while (end < numbered.size()
        && numbered.get(end).index() <= numbered.get(end - 1).index() + 1) {
      end++;
    }
    return numbered.subList(0, Math.min(end, numbered.size()));
  }

  /// Adds every decoding of these sections, joined in this order.
  private void addJoined(List<Section> sections) {
    for (boolean usual : new boolean[] {true, false}) {
      var raw = new StringBuilder();
      var decoded = new ByteArrayOutputStream();
      var allDecoded = new ByteArrayOutputStream();
      String charset = "";
      for (Section section : sections) {
        String text = usual ? section.readings().getFirst() : section.readings().getLast();
        raw.append(text);
        int language = text.indexOf('\'');
        int end = language < 0 ? -1 : text.indexOf('\'', language + 1);
        if (section == sections.getFirst() && end >= 0) {
          charset = text.substring(0, language);
          text = text.substring(end + 1);
        }
        byte[] bytes = Charsets.bytes(text);
        allDecoded.writeBytes(percentDecoded(bytes));
        decoded.writeBytes(section.extended() ? percentDecoded(bytes) : bytes);
      }
      values.addAll(Charsets.readings(decoded.toByteArray(), charset, doubts));
      values.addAll(Charsets.readings(allDecoded.toByteArray(), charset, doubts));
      values.add(raw.toString());
      values.add(Charsets.utf8OrLatin1(percentDecoded(Charsets.bytes(raw.toString()))));
    }
  }

  /// Undoes percent-encoding (RFC 2231 §4); a `%` that two hexadecimal digits do not follow stays.
  static byte[] percentDecoded(byte[] bytes) {
    var out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%'
          && i + 2 < bytes.length
          && TransferDecoder.QuotedPrintable.hex(bytes[i + 1]) >= 0
          && TransferDecoder.QuotedPrintable.hex(bytes[i + 2]) >= 0) {
        out.write(
            TransferDecoder.QuotedPrintable.hex(bytes[i + 1]) << 4
                | TransferDecoder.QuotedPrintable.hex(bytes[i + 2]));
        i += 2;
      } else {
        out.write(bytes[i]);
      }
    }
    return out.toByteArray();
  }
}
