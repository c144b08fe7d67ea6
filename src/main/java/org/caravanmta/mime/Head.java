package org.caravanmta.mime;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the header section of a message or a part says of its content (RFC 2045 §3, RFC 2183), by
/// every field that says something, as any mail reader may read it: what it may be called; what it
/// may be, in lower case; how it may be encoded, in one way at least; the boundaries between its
/// parts, if it has some.
final class Head {
  /// How bytes became lines (RFC 2045 §6).
  enum Encoding {
    PLAIN,
    BASE64,
    QUOTED_PRINTABLE,
    /// That of Unix mail of old, which brings its own names.
    UUENCODE
  }

  /// What the text after it is.
  enum Kind {
    /// The content of a file.
    LEAF,
    /// Parts (RFC 2046 §5.1).
    MULTIPART,
    /// A message (RFC 2046 §5.2).
    MESSAGE,
    /// The content of a file, in which a mail reader may see parts or a message.
    DOUBTFUL_LEAF
  }

  private static final Pattern TYPE =
      Pattern.compile("^[\\s;,:]*([^\\s/;,=]+)\\s*/\\s*([^\\s/;,=]*)");

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private static final Pattern SEVERAL_BOUNDARIES =
      Pattern.compile(
          "(?i)(?<![a-z0-9_-])boundary\\s*+\\*?\\s*+=.*[;\\s]boundary\\s*+\\*?\\s*+=",
          Pattern.DOTALL);

  private static final Pattern FIRST_WORD = Pattern.compile("^[\\s;,:]*([^\\s/;,=]+)\\s*(;|$)");

  /// Messages that are whole in one part: news is of RFC 1036, global of RFC 6532 §3.7, and of an
  /// external body its header section is there.
  private static final Set<String> MESSAGES =
      Set.of("", "rfc822", "rfc2822", "global", "news", "external-body");

  /// Of `message`, but lines for machines (RFC 3464, RFC 6533, RFC 8098, RFC 5965).
  private static final Set<String> STATUS =
      Set.of(
          "delivery-status",
          "global-delivery-status",
          "disposition-notification",
          "global-disposition-notification",
          "global-headers",
          "feedback-report");

  private static final Set<String> IDENTITY =
      Set.of("", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "7bits", "8bits", "text");

  private final Consumer<String> doubts;
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<String> types = new LinkedHashSet<>();
  private final Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
  private final Set<String> boundaries = new LinkedHashSet<>();
  private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);
  private boolean digest;

  private Head(Consumer<String> doubts) {
    this.doubts = doubts;
  }

  /// @param fields of a header section
  /// @param byDefault what it is when it says nothing: a message in a digest, text elsewhere
  static Head of(List<HeadLines.Field> fields, Kind byDefault, Consumer<String> doubts)
      throws Unreadable {
    var head = new Head(doubts);
    var contentTypes = new LinkedHashSet<String>();
    var transferEncodings = new LinkedHashSet<String>();
    for (HeadLines.Field field : fields) {
      switch (field.name()) {
        case "content-type" -> {
          contentTypes.add(BLANKS.matcher(field.value()).replaceAll(" ").strip());
          head.type(field.value());
          head.name(field.value());
        }
        case "content-disposition" -> head.name(field.value());
        case "content-transfer-encoding" -> {
          transferEncodings.add(field.value().strip().toLowerCase(Locale.ROOT));
          head.encoding(field.value());
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

  Set<String> names() {
    return names;
  }

  Set<String> types() {
    return types;
  }

  Set<Encoding> encodings() {
    return encodings;
  }

  Set<String> boundaries() {
    return boundaries;
  }

  boolean digest() {
    return digest;
  }

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

  /// Whether it is one file that has no name, in words: whatever decoders make of it is read by
  /// people only.
  boolean words() {
    return names.isEmpty() && types.stream().allMatch(type -> type.startsWith("text/"));
  }

  private void name(String value) throws Unreadable {
    for (String name : FieldParameters.names(value, doubts)) {
      if (!name.isBlank()) {
        names.addAll(FileNames.of(name));
      }
    }
  }

  private void type(String value) throws Unreadable {
    for (String unfolded : FieldParameters.unfolded(value)) {
      for (String reading : EncodedWords.readings(unfolded, doubts)) {
        String plain = Comments.without(reading).replace("\"", "").toLowerCase(Locale.ROOT);
        Matcher type = TYPE.matcher(plain);
        Matcher word = FIRST_WORD.matcher(plain);
        if (type.find()) {
          kind(type.group(1), type.group(2));
        } else if (word.find()) {
          kind(word.group(1), "");
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

  private void kind(String type, String subtype) {
    types.add(subtype.isEmpty() ? type : type + "/" + subtype);
    switch (type) {
      case "multipart" -> {
        kinds.add(Kind.MULTIPART);
        digest |= subtype.equals("digest");
      }
      case "message" -> {
        if (MESSAGES.contains(subtype)) {
          kinds.add(Kind.MESSAGE);
        } else if (!STATUS.contains(subtype)) {
          kinds.add(Kind.DOUBTFUL_LEAF);
        }
        if (subtype.equals("partial")) {
          // RFC 2046 §5.2.2: what is put together of it is not seen by anybody on the way
          doubts.accept("it is a piece of a message");
        }
      }
      default -> kinds.add(Kind.LEAF);
    }
  }

  /// What is not said plainly may be nothing at all to some.
  private void encoding(String value) {
    String plain = Comments.without(value.replace("\n", "")).strip().toLowerCase(Locale.ROOT);
    String word = plain.replaceAll("[\"';,]+", " ").strip();
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
