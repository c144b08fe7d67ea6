package org.caravanmta.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Converts a message for a server that takes seven-bit content only (RFC 6152 §3): a part that is
/// declared to have eight-bit content becomes quoted-printable (RFC 2045 §6.7), and what encloses
/// it is declared to be seven-bit. `message/global`, and reports like it, are encoded as a whole,
/// as their fields have eight bits too (RFC 6532 §3.7, RFC 6533 §6). Not converted are parts that a
/// signature covers, and other `message/*` than an attached message (RFC 2046 §5.2, RFC 3464 §2.1).
/// Everything else passes unchanged, so that a signature over it stays valid.
public final class SevenBit {
  private static final String HEX = "0123456789ABCDEF";
  private static final String ENCODING = "Content-Transfer-Encoding";
  private static final byte[] CRLF = {'\r', '\n'};

  /// A line is processed in pieces of so many bytes.
  private static final int LONGEST_PIECE = 4096;

  /// A field that is longer passes without being read to its end.
  private static final int LONGEST_FIELD = 64 * 1024;

  /// Once a line of quoted-printable has more characters it is broken: the longest encoded
  /// character that may follow (3) and the `=` at the end stay within 76.
  private static final int LONGEST_QUOTED = 72;

  private final OutputStream out;
  private final MimeStructure structure = new MimeStructure();
  private final byte[] piece = new byte[LONGEST_PIECE];
  private final ByteArrayOutputStream field = new ByteArrayOutputStream();
  private final byte[] quoted = new byte[80];
  private int length;
  private boolean starts = true;
  private int quotedLength;

  /// @param out receives the converted message
  public SevenBit(OutputStream out) {
    this.out = out;
  }

  /// Takes the next bytes of the message, from its first field on.
  public void write(byte[] bytes, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      piece[length++] = bytes[i];
      boolean ends = bytes[i] == '\n';
      // this CR may be the first half of a CRLF
      if (ends || length >= LONGEST_PIECE - 1 && bytes[i] != '\r' || length == LONGEST_PIECE) {
        takePiece(ends);
      }
    }
  }

  /// Ends the message; nothing may be written after it.
  public void finish() throws IOException {
    if (length > 0) {
      takePiece(false);
    }
    endOfField();
    if (quotedLength > 0) {
      flush(false);
    }
  }

  private void takePiece(boolean ends) throws IOException {
    int text = length;
    if (ends) {
      text -= length > 1 && piece[length - 2] == '\r' ? 2 : 1;
    }
    if (structure.inHead()) {
      head(text);
    } else {
      body(text, ends);
    }
    length = 0;
    starts = ends;
  }

  /// Takes a piece of a header section. A field is held until it is complete, as its value decides
  /// whether it is passed on.
  private void head(int text) throws IOException {
    boolean folded = !starts || text > 0 && (piece[0] == ' ' || piece[0] == '\t');
    if (folded && field.size() > 0) {
      if (field.size() > LONGEST_FIELD) {
        endOfField();
        out.write(piece, 0, length);
      } else {
        field.write(piece, 0, length);
      }
      return;
    }
    endOfField();
    if (starts && isField(text)) {
      field.write(piece, 0, length);
      return;
    }
    if (converts()) {
      structure.flattenGlobal();
      out.write((ENCODING + ": " + encoding() + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
    structure.endOfHead();
    if (structure.inHead() && text > 0) {
      structure.endOfHead();
    }
    if (text == 0) {
      out.write(piece, 0, length);
    } else {
      body(text, length > text);
    }
  }

  private void endOfField() throws IOException {
    if (field.size() == 0) {
      return;
    }
    byte[] raw = field.toByteArray();
    field.reset();
    String text = new String(raw, StandardCharsets.ISO_8859_1);
    String name = text.substring(0, text.indexOf(':')).stripTrailing();
    structure.field(name, text);
    if (!(name.equalsIgnoreCase(ENCODING) && converts())) {
      out.write(raw);
    }
  }

  /// Whether the body of the header section being read gets another transfer encoding.
  private boolean converts() {
    return structure.eightBit() && !structure.sealed();
  }

  /// The transfer encoding that the body gets.
  private String encoding() {
    if (structure.signed()) {
      return "8bit";
    }
    return structure.composite() ? "7bit" : "quoted-printable";
  }

  /// Whether the piece begins with the name of a field and a colon.
  private boolean isField(int text) {
    int at = 0;
    while (at < text && piece[at] > ' ' && piece[at] < 127 && piece[at] != ':') {
      at++;
    }
    int name = at;
    while (at < text && (piece[at] == ' ' || piece[at] == '\t')) {
      at++;
    }
    return name > 0 && at < text && piece[at] == ':';
  }

  private void body(int text, boolean ends) throws IOException {
    structure.line(piece, 0, text, starts);
    if (!structure.convertible()) {
      out.write(piece, 0, length);
      return;
    }
    for (int i = 0; i < text; i++) {
      if (quotedLength > LONGEST_QUOTED) {
        quoted[quotedLength++] = '=';
        flush(true);
      }
      int b = piece[i] & 0xff;
      if (b < ' ' && b != '\t' || b == '=' || b > '~') {
        quote(b);
      } else {
        quoted[quotedLength++] = (byte) b;
      }
    }
    if (ends) {
      // RFC 2045 §6.7: a blank at the end of a line may be lost on the way
      int last = quotedLength > 0 ? quoted[quotedLength - 1] : 0;
      if (last == ' ' || last == '\t') {
        quotedLength--;
        quote(last);
      }
      flush(true);
    }
  }

  private void quote(int b) {
    quoted[quotedLength++] = '=';
    quoted[quotedLength++] = (byte) HEX.charAt(b >> 4);
    quoted[quotedLength++] = (byte) HEX.charAt(b & 15);
  }

  /// Writes what has been encoded.
  ///
  /// @param line whether a line ends here
  private void flush(boolean line) throws IOException {
    out.write(quoted, 0, quotedLength);
    if (line) {
      out.write(CRLF);
    }
    quotedLength = 0;
  }
}
