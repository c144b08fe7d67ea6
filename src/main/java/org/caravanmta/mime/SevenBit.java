package org.caravanmta.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Makes of a message whose parts say that they are not of seven bits one that every server can
/// take (RFC 6152 §3): such parts become quoted-printable (RFC 2045 §6.7), and what contains them
/// says so. What a signature is over keeps its bytes, and of `message/*` nothing is encoded (RFC
/// 2046 §5.2, RFC 3464 §2.1). All else passes unchanged, so that a signature over it stays good.
public final class SevenBit {
  private static final String HEX = "0123456789ABCDEF";
  private static final String ENCODING = "Content-Transfer-Encoding";
  private static final byte[] CRLF = {'\r', '\n'};

  /// What is taken in one piece of a line.
  private static final int LONGEST_PIECE = 4096;

  /// What of a field is read for its meaning.
  private static final int LONGEST_FIELD = 64 * 1024;

  /// From here on a line of quoted-printable is broken: the longest character that may follow, and
  /// `=`, end at 76.
  private static final int LONGEST_QUOTED = 72;

  private final OutputStream out;
  private final MimeStructure anatomy = new MimeStructure();
  private final byte[] piece = new byte[LONGEST_PIECE];
  private final ByteArrayOutputStream field = new ByteArrayOutputStream();
  private final byte[] quoted = new byte[80];
  private int length;
  private boolean starts = true;
  private int quotedLength;

  public SevenBit(OutputStream out) {
    this.out = out;
  }

  /// Takes a message from its first field on, in any portions.
  public void write(byte[] bytes, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      piece[length++] = bytes[i];
      boolean ends = bytes[i] == '\n';
      // a CR may be half of a line's end
      if (ends || length >= LONGEST_PIECE - 1 && bytes[i] != '\r' || length == LONGEST_PIECE) {
        piece(ends);
      }
    }
  }

  /// Takes its end.
  public void finish() throws IOException {
    if (length > 0) {
      piece(false);
    }
    endOfField();
    if (quotedLength > 0) {
      flush(false);
    }
  }

  private void piece(boolean ends) throws IOException {
    int text = length;
    if (ends) {
      text -= length > 1 && piece[length - 2] == '\r' ? 2 : 1;
    }
    if (anatomy.inHead()) {
      head(text);
    } else {
      body(text, ends);
    }
    length = 0;
    starts = ends;
  }

  /// A field is held until it is whole: whether it stays depends on what it says.
  private void head(int text) throws IOException {
    boolean goesOn = !starts || text > 0 && (piece[0] == ' ' || piece[0] == '\t');
    if (goesOn && field.size() > 0) {
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
    if (changes()) {
      out.write((ENCODING + ": " + encoding() + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
    anatomy.endOfHead();
    if (anatomy.inHead() && text > 0) {
      anatomy.endOfHead();
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
    anatomy.field(name, text);
    if (!(name.equalsIgnoreCase(ENCODING) && changes())) {
      out.write(raw);
    }
  }

  private boolean changes() {
    return anatomy.eightBit() && !anatomy.sealed();
  }

  /// What follows the header section is to be.
  private String encoding() {
    if (anatomy.signed()) {
      return "8bit";
    }
    return anatomy.composite() ? "7bit" : "quoted-printable";
  }

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
    anatomy.line(piece, 0, text, starts);
    if (!anatomy.convertible()) {
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
      // a blank at the end of a line is easily lost
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

  private void flush(boolean line) throws IOException {
    out.write(quoted, 0, quotedLength);
    if (line) {
      out.write(CRLF);
    }
    quotedLength = 0;
  }
}
