package org.caravanmta.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;

/// Tells where in the structure of a MIME message (RFC 2046 §5) the next line stands: in the header
/// section of the message, of a part or of an attached message, or in a body. It must be given
/// every field and every line of a body, in their order. It reads as Postfix does (`mime_state`),
/// which sees one structure even in a malformed message.
public final class MimeStructure {
  /// How deep multiparts may nest; deeper ones are read as lines of a body (postfix
  /// `mime_nesting_limit`).
  private static final int DEEPEST = 100;

  /// How many bytes of a boundary are compared (postfix `mime_boundary_length_limit`).
  private static final int LONGEST_BOUNDARY = 2048;

  private final int deepest;
  private final int longestBoundary;
  private final boolean mime;

  /// Fields about MIME (RFC 2045 §3, RFC 2183), wherever they stand.
  private static final Set<String> MIME_FIELDS =
      Set.of(
          "content-description",
          "content-disposition",
          "content-id",
          "content-transfer-encoding",
          "content-type",
          "mime-version");

  /// Encodings that declare bytes above 127 (RFC 2045 §6.2).
  private static final Set<String> EIGHT_BIT = Set.of("8bit", "binary");

  /// Where the next line stands.
  private enum Place {
    /// In the header section of the message itself.
    MESSAGE_HEAD,
    /// In the header section of a part.
    PART_HEAD,
    /// In the header section of an attached message.
    NESTED_HEAD,
    BODY
  }

  /// A multipart that has not ended.
  ///
  /// @param text its boundary
  /// @param inside the type of its parts unless they declare another
  /// @param sealed whether a signature covers its parts
  private record Boundary(byte[] text, ContentType inside, boolean sealed) {}

  private final Deque<Boundary> boundaries = new ArrayDeque<>();
  private Place place = Place.MESSAGE_HEAD;
  private ContentType type = ContentType.PLAIN;
  private boolean eightBit;
  private boolean inEightBit;
  private boolean convertible;

  /// Whether a signature covers the header section being read.
  private boolean sealedHead;

  private boolean encoded;
  private boolean misencoded;
  private long offset;
  private boolean tooDeep;

  /// With the limits of Postfix.
  public MimeStructure() {
    this(DEEPEST, LONGEST_BOUNDARY, true);
  }

  /// @param deepest how deep multiparts may nest
  /// @param longestBoundary how many bytes of a boundary are compared
  /// @param mime whether the message has parts; if not, everything after its header section is one
  ///   body
  public MimeStructure(int deepest, int longestBoundary, boolean mime) {
    this.deepest = deepest;
    this.longestBoundary = longestBoundary;
    this.mime = mime;
  }

  /// Whether the next line is in a header section.
  public boolean inHead() {
    return place != Place.BODY;
  }

  /// Whether anything may follow but lines of the same body.
  public boolean structured() {
    return inHead() || !boundaries.isEmpty();
  }

  /// Whether a field of this name that comes next is about MIME: by its name, or because it stands
  /// in the header section of a part (RFC 2045 §3).
  public boolean aboutMime(String name) {
    return place == Place.PART_HEAD || MIME_FIELDS.contains(name.toLowerCase(Locale.ROOT));
  }

  /// Whether a field that comes next belongs to an attached message.
  public boolean attached() {
    return place == Place.NESTED_HEAD;
  }

  /// Whether the header section being read declares its body to have eight-bit content (RFC 2045
  /// §6.2).
  public boolean eightBit() {
    return eightBit;
  }

  /// Whether the header section being read declares its body to be a multipart or a message.
  public boolean composite() {
    return type.kind() != ContentType.Kind.PLAIN;
  }

  /// Whether a multipart or a message so far has been encoded as a whole, which RFC 2045 §6.4
  /// forbids.
  public boolean misencoded() {
    return misencoded;
  }

  /// Whether the body being read is declared to have eight-bit content.
  public boolean inEightBit() {
    return inEightBit;
  }

  /// Whether the body being read is declared to have eight-bit content and may be encoded.
  public boolean convertible() {
    return convertible;
  }

  /// Whether a signature covers the header section being read, so that its bytes must not change
  /// (RFC 1847 §2.1).
  public boolean sealed() {
    return sealedHead;
  }

  /// Whether the header section being read declares a multipart whose parts a signature covers.
  public boolean signed() {
    return type.signed();
  }

  /// Has the body of the header section being read taken for lines that may be encoded, if it is
  /// declared to have fields beyond ASCII (RFC 6532 §3.7, RFC 6533 §6).
  void flattenGlobal() {
    if (type.global()) {
      type = ContentType.PLAIN;
    }
  }

  /// Whether multiparts have been nested deeper than the limit.
  public boolean tooDeep() {
    return tooDeep;
  }

  /// Takes a field of the header section being read.
  ///
  /// @param name without the colon
  /// @param text name, colon and value, one character for each byte
  public void field(String name, String text) {
    if (name.equalsIgnoreCase("content-transfer-encoding")) {
      String encoding = ContentType.encoding(text.substring(text.indexOf(':') + 1));
      eightBit = EIGHT_BIT.contains(encoding);
      encoded = !eightBit && !encoding.equals("7bit");
    }
    if (mime && name.equalsIgnoreCase("content-type")) {
      type = ContentType.parse(text.substring(text.indexOf(':') + 1));
      ContentType inside =
          type.kind() == ContentType.Kind.DIGEST ? ContentType.MESSAGE : ContentType.PLAIN;
      for (String boundary : type.boundaries()) {
        if (boundaries.size() >= deepest) {
          tooDeep = true;
        } else {
          byte[] bytes = boundary.getBytes(StandardCharsets.ISO_8859_1);
          boundaries.push(
              new Boundary(
                  Arrays.copyOf(bytes, Math.min(bytes.length, longestBoundary)),
                  inside,
                  type.signed() || isSealed()));
        }
      }
    }
  }

  /// Ends the header section being read.
  public void endOfHead() {
    boolean plainLines = !composite() || type.kind() == ContentType.Kind.UNENCODED;
    inEightBit = eightBit && plainLines;
    convertible = eightBit && !composite() && !sealedHead;
    misencoded |= encoded && composite();
    eightBit = false;
    encoded = false;
    sealedHead = isSealed();
    place = type.kind() == ContentType.Kind.MESSAGE ? Place.NESTED_HEAD : Place.BODY;
    type = ContentType.PLAIN;
    offset = 0;
  }

  /// Takes a line of a body, or a piece of one. A line between parts ends the part before it.
  ///
  /// @param starts whether it is the first piece of its line
  /// @return how many bytes of this part came before this line, counting one for the end of each
  ///   line
  public long line(byte[] bytes, int from, int to, boolean starts) {
    if (starts && to - from > 2 && bytes[from] == '-' && bytes[from + 1] == '-') {
      delimiter(bytes, from + 2, to);
    }
    long before = offset;
    offset += to - from + 1L;
    return before;
  }

  /// Ends the multiparts inside the innermost one whose boundary the line starts with.
  private void delimiter(byte[] bytes, int from, int to) {
    int inner = 0;
    for (Iterator<Boundary> all = boundaries.iterator(); all.hasNext(); inner++) {
      Boundary boundary = all.next();
      int end = from + boundary.text().length;
      if (end > to
          || !Arrays.equals(bytes, from, end, boundary.text(), 0, boundary.text().length)) {
        continue;
      }
      for (int i = 0; i < inner; i++) {
        boundaries.pop();
      }
      inEightBit = false;
      convertible = false;
      if (end + 1 < to && bytes[end] == '-' && bytes[end + 1] == '-') {
        boundaries.pop();
      } else {
        place = Place.PART_HEAD;
        sealedHead = isSealed();
        type = boundary.inside();
      }
      return;
    }
  }

  private boolean isSealed() {
    return !boundaries.isEmpty() && boundaries.peek().sealed();
  }
}
