package org.caravanmta.mime;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the header section of a message or a part says about its content (RFC 2045 §3, RFC 2183),
/// as any mail reader may read it. Of a field that is given several times, all are taken.
final class MimeHeader {
  /// A transfer encoding (RFC 2045 §6).
  enum Encoding {
    /// None: `7bit`, `8bit` or `binary` (RFC 2045 §6.2).
    PLAIN,
    /// RFC 2045 §6.8.
    BASE64,
    /// RFC 2045 §6.7.
    QUOTED_PRINTABLE,
    /// That of Unix mail before MIME (POSIX `uuencode`), which contains the names of its files.
    UUENCODE
  }

  /// How the body after the header section is structured.
  enum Kind {
    /// The content of a file.
    LEAF,
    /// Parts (RFC 2046 §5.1).
    MULTIPART,
    /// A message (RFC 2046 §5.2).
    MESSAGE,
    /// The content of a file in which some mail readers may see parts or a message.
    DOUBTFUL_LEAF
  }

  /// `type/subtype`, after whatever mail readers skip before it.
  private static final Pattern TYPE =
      Pattern.compile("^[\\s;,:]*([^\\s/;,=]+)\\s*/\\s*([^\\s/;,=]*)");

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /// Two `boundary=` parameters in one field.
  private static final Pattern SEVERAL_BOUNDARIES =
      Pattern.compile(
          "(?i)(?<![a-z0-9_-])boundary\\s*+\\*?\\s*+=.*[;\\s]boundary\\s*+\\*?\\s*+=",
          Pattern.DOTALL);

  /// A type without a subtype, which some mail readers complete.
  private static final Pattern FIRST_WORD = Pattern.compile("^[\\s;,:]*([^\\s/;,=]+)\\s*(;|$)");

  /// Subtypes of `message` whose body is a message: `news` is from RFC 1036, `global` from RFC 6532
  /// §3.7; of an `external-body` the part has the header section only.
  private static final Set<String> MESSAGE_SUBTYPES =
      Set.of("", "rfc822", "rfc2822", "global", "news", "external-body");

  /// Subtypes of `message` that are reports for programs, not messages (RFC 3464, RFC 5965, RFC
  /// 6533, RFC 8098).
  private static final Set<String> REPORT_SUBTYPES =
      Set.of(
          "delivery-status",
          "global-delivery-status",
          "disposition-notification",
          "global-disposition-notification",
          "global-headers",
          "feedback-report");

  /// Names for no encoding at all; standard (RFC 2045 §6.2) and not.
  private static final Set<String> IDENTITY =
      Set.of("", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "7bits", "8bits", "text");

  private final Consumer<String> doubts;
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<String> types = new LinkedHashSet<>();
  private final Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
  private final Set<String> boundaries = new LinkedHashSet<>();
  private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);
  private boolean digest;

  private MimeHeader(Consumer<String> doubts) {
    this.doubts = doubts;
  }

  /// Reads the fields of a header section.
  ///
  /// @param byDefault what the body is if no field says so: a message in a digest (RFC 2046
  ///   §5.1.5), text elsewhere
  /// @param doubts told what mail readers may read differently
  /// @throws Unreadable if a parameter is too long or has too many values
  static MimeHeader of(List<HeaderLines.Field> fields, Kind byDefault, Consumer<String> doubts)
      throws Unreadable {
    var head = new MimeHeader(doubts);
    var contentTypes = new LinkedHashSet<String>();
    var transferEncodings = new LinkedHashSet<String>();
    for (HeaderLines.Field field : fields) {
      switch (field.name()) {
        case "content-type" -> {
          contentTypes.add(BLANKS.matcher(field.value()).replaceAll(" ").strip());
          head.addTypes(field.value());
          head.addNames(field.value());
        }
        case "content-disposition" -> head.addNames(field.value());
        case "content-transfer-encoding" -> {
          transferEncodings.add(field.value().strip().toLowerCase(Locale.ROOT));
          head.addEncodings(field.value());
        }
        default -> {}
      }
    }
    if (contentTypes.size() > 1) {
      doubts.accept("it has several Content-Type fields");
    }
    if (transferEncodings.size() > 1) {
      doubts.accept("it has several Content-Transfer-Encoding fields");
    }
    if (head.encodings.isEmpty()) {
      head.encodings.add(Encoding.PLAIN);
    }
    if (head.types.isEmpty()) {
      boolean message = byDefault == Kind.MESSAGE && contentTypes.isEmpty();
      head.types.add(message ? "message/rfc822" : "text/plain");
      head.kinds.add(message ? Kind.MESSAGE : Kind.LEAF);
    }
    return head;
  }

  /// What the file may be called; often empty.
  Set<String> names() {
    return names;
  }

  /// The types that may be declared, in lower case, at least one: `image/png`.
  Set<String> types() {
    return types;
  }

  /// How the body may be encoded; at least one.
  Set<Encoding> encodings() {
    return encodings;
  }

  /// What may stand between the parts of the body; empty if there is no such parameter.
  Set<String> boundaries() {
    return boundaries;
  }

  /// Whether the parts of the body are messages unless they say otherwise (RFC 2046 §5.1.5).
  boolean digest() {
    return digest;
  }

  /// How the body is structured, according to the reader who sees the most in it.
  Kind kind() {
    if (kinds.contains(Kind.MULTIPART)) {
      return Kind.MULTIPART;
    }
    if (kinds.contains(Kind.MESSAGE)) {
      return Kind.MESSAGE;
    }
    return boundaries.isEmpty() && !kinds.contains(Kind.DOUBTFUL_LEAF)
        ? Kind.LEAF
        : Kind.DOUBTFUL_LEAF;
  }

  /// Whether the body is text without a name: whatever decoders make of it, only people read it.
  boolean unnamedText() {
    return names.isEmpty() && types.stream().allMatch(type -> type.startsWith("text/"));
  }

  private void addNames(String value) throws Unreadable {
    for (String name : FieldParameters.names(value, doubts)) {
      if (!name.isBlank()) {
        names.addAll(FileNames.of(name));
      }
    }
  }

  private void addTypes(String value) throws Unreadable {
    for (String unfolded : FieldParameters.unfolded(value)) {
      for (String reading : EncodedWords.readings(unfolded, doubts)) {
        String plain = Comments.without(reading).replace("\"", "").toLowerCase(Locale.ROOT);
        Matcher type = TYPE.matcher(plain);
        Matcher word = FIRST_WORD.matcher(plain);
        if (type.find()) {
          addType(type.group(1), type.group(2));
        } else if (word.find()) {
          addType(word.group(1), "");
        }
      }
    }
    for (String boundary : FieldParameters.boundaries(value, doubts)) {
      String text = boundary.stripTrailing();
      if (!text.isEmpty()) {
        boundaries.add(text);
      }
    }
    if (SEVERAL_BOUNDARIES.matcher(value).find()) {
      doubts.accept("a multipart has several boundaries");
    }
  }

  private void addType(String type, String subtype) {
    types.add(subtype.isEmpty() ? type : type + "/" + subtype);
    switch (type) {
      case "multipart" -> {
        kinds.add(Kind.MULTIPART);
        digest |= subtype.equals("digest");
      }
      case "message" -> {
        if (MESSAGE_SUBTYPES.contains(subtype)) {
          kinds.add(Kind.MESSAGE);
        } else if (!REPORT_SUBTYPES.contains(subtype)) {
          kinds.add(Kind.DOUBTFUL_LEAF);
        }
        if (subtype.equals("partial")) {
          // RFC 2046 §5.2.2: the reader joins the fragments, so that no server sees the whole
          doubts.accept("it is a piece of a message");
        }
      }
      default -> kinds.add(Kind.LEAF);
    }
  }

  /// Adds the encodings that a Content-Transfer-Encoding field may name. A value that is not
  /// exactly the name of one may be no encoding to some mail readers.
  private void addEncodings(String value) {
    String uncommented = Comments.without(value.replace("\n", "")).strip().toLowerCase(Locale.ROOT);
    String word = uncommented.replaceAll("[\"';,]+", " ").strip();
    String first = word.split("\\s", 2)[0];
    switch (first) {
      case "base64" -> encodings.add(Encoding.BASE64);
      case "quoted-printable" -> encodings.add(Encoding.QUOTED_PRINTABLE);
      case "x-uuencode", "uuencode", "x-uue", "uue", "x-uu" -> encodings.add(Encoding.UUENCODE);
      default -> {
        if (IDENTITY.contains(first)) {
          encodings.add(Encoding.PLAIN);
        } else {
          encodings.addAll(EnumSet.allOf(Encoding.class));
          doubts.accept("its transfer encoding is not known: " + first);
        }
      }
    }
    if (!first.equals(value.strip().toLowerCase(Locale.ROOT))) {
      encodings.add(Encoding.PLAIN);
      if (!IDENTITY.contains(word)) {
        for (String part : value.toLowerCase(Locale.ROOT).split("[^a-z0-9-]+")) {
          switch (part) {
            case "base64" -> encodings.add(Encoding.BASE64);
            case "quoted-printable" -> encodings.add(Encoding.QUOTED_PRINTABLE);
            default -> {}
          }
        }
      }
    }
  }
}
