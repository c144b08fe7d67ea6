package org.caravanmta.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;

/// Where in the structure of a MIME message (RFC 2046 §5) the next line stands: in the header
/// section of the message, of a part or of an attached message, or in a body. Told every field and
/// every line of a body in their order.
public final class MimeStructure {
  /// Multiparts within each other; deeper ones are lines of a body (postfix `mime_nesting_limit`).
  private static final int DEEPEST = 100;

  /// What of a boundary is compared (postfix `mime_boundary_length_limit`).
  private static final int LONGEST_BOUNDARY = 2048;

  private final int deepest;
  private final int longestBoundary;
  private final boolean mime;

  private static final Set<String> MIME_FIELDS =
      Set.of(
          "content-description",
          "content-disposition",
          "content-id",
          "content-transfer-encoding",
          "content-type",
          "mime-version");

  private static final Set<String> EIGHT_BIT = Set.of("8bit", "binary");

  private enum Place {
    MESSAGE_HEAD,
    PART_HEAD,
    NESTED_HEAD,
    BODY
  }

  /// @param inside what its parts are unless they say otherwise
  /// @param sealed whether a signature is over its parts
  private record Boundary(byte[] text, ContentType inside, boolean sealed) {}

  private final Deque<Boundary> boundaries = new ArrayDeque<>();
  private Place place = Place.MESSAGE_HEAD;
  private ContentType type = ContentType.PLAIN;
  private boolean eightBit;
  private boolean inEightBit;
  private boolean convertible;

  /// Whether the header section that is being read is part of what a signature is over.
  private boolean sealedHead;

  private boolean encoded;
  private boolean misencoded;
  private long offset;
  private boolean tooDeep;

  public MimeStructure() {
    this(DEEPEST, LONGEST_BOUNDARY, true);
  }

  /// @param deepest multiparts within each other
  /// @param longestBoundary what of a boundary is compared
  /// @param mime whether there are parts; if not, all after the header section is one body
  public MimeStructure(int deepest, int longestBoundary, boolean mime) {
    this.deepest = deepest;
    this.longestBoundary = longestBoundary;
    this.mime = mime;
  }

  /// Whether a field may come next.
  public boolean inHead() {
    return place != Place.BODY;
  }

  /// Whether anything but lines of the body we are in may still come.
  public boolean structured() {
    return inHead() || !boundaries.isEmpty();
  }

  /// Whether a field that comes next is about MIME: by its name, or because it stands in a part's
  /// header section (RFC 2045 §3).
  public boolean aboutMime(String name) {
    return place == Place.PART_HEAD || MIME_FIELDS.contains(name.toLowerCase(Locale.ROOT));
  }

  /// Whether a field that comes next belongs to an attached message.
  public boolean attached() {
    return place == Place.NESTED_HEAD;
  }

  /// Whether what follows the header section has said of itself that it is not of seven bits (RFC
  /// 2045 §6.2).
  public boolean eightBit() {
    return eightBit;
  }

  /// Whether what follows the header section consists of parts, or is a message.
  public boolean composite() {
    return type.kind() != ContentType.Kind.PLAIN;
  }

  /// Whether something that consists of parts, or is a message, has been encoded as a whole, which
  /// RFC 2045 §6.4 forbids.
  public boolean misencoded() {
    return misencoded;
  }

  /// Whether the lines that come are those of a part that is not of seven bits.
  public boolean inEightBit() {
    return inEightBit;
  }

  /// Whether the lines that come are those of a part that is not of seven bits and may be encoded.
  public boolean convertible() {
    return convertible;
  }

  /// Whether the header section that is being read is part of what a signature is over, which keeps
  /// its bytes (RFC 1847 §2.1).
  public boolean sealed() {
    return sealedHead;
  }

  /// Whether what follows the header section has such parts.
  public boolean signed() {
    return type.signed();
  }

  /// Whether there were more multiparts within each other than we go into.
  public boolean tooDeep() {
    return tooDeep;
  }

  /// Takes a field.
  ///
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

  /// A header section has ended.
  public void endOfHead() {
    boolean lines = !composite() || type.kind() == ContentType.Kind.UNENCODED;
    inEightBit = eightBit && lines;
    convertible = eightBit && !composite() && !sealedHead;
    misencoded |= encoded && composite();
    eightBit = false;
    encoded = false;
    sealedHead = isSealed();
    place = type.kind() == ContentType.Kind.MESSAGE ? Place.NESTED_HEAD : Place.BODY;
    type = ContentType.PLAIN;
    offset = 0;
  }

  /// Takes a line of a body, or a piece of one, and sees whether it ends its part.
  ///
  /// @param starts whether it is the first piece of its line
  /// @return how many bytes of this part came before it
  public long line(byte[] bytes, int from, int to, boolean starts) {
    if (starts && to - from > 2 && bytes[from] == '-' && bytes[from + 1] == '-') {
      delimiter(bytes, from + 2, to);
    }
    long before = offset;
    offset += to - from + 1L;
    return before;
  }

  /// The innermost boundary that the line starts with counts; those inside it have ended with it.
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
