package org.caravanmta.mime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/// Decodes a transfer encoding (RFC 2045 §6), and notes where decoders differ. It takes lines,
/// whole or in pieces, and their ends apart from them.
sealed interface TransferDecoder {
  /// Takes a line, or a piece of one, without its end.
  void take(byte[] bytes, int from, int to) throws IOException;

  /// Takes the end of a line.
  void endOfLine() throws IOException;

  /// Takes the end of the content.
  void finish() throws IOException;

  /// Whether other decoders may have found other bytes.
  boolean odd();

  /// Passes content unchanged (RFC 2045 §6.2).
  ///
  /// @param out receives the content
  record Plain(OutputStream out) implements TransferDecoder {
    @Override
    public void take(byte[] bytes, int from, int to) throws IOException {
      out.write(bytes, from, to - from);
    }

    @Override
    public void endOfLine() throws IOException {
      out.write('\r');
      out.write('\n');
    }

    @Override
    public void finish() {}

    @Override
    public boolean odd() {
      return false;
    }
  }

  /// Decodes base64 (RFC 2045 §6.8). It goes on after padding, as decoders do that read several
  /// encoded pieces joined together; other decoders stop there.
  final class Base64 implements TransferDecoder {
    private static final byte[] VALUES = new byte[256];

    static {
      Arrays.fill(VALUES, (byte) -1);
      String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      for (int i = 0; i < alphabet.length(); i++) {
        VALUES[alphabet.charAt(i)] = (byte) i;
      }
    }

    private final OutputStream out;
    private int bits;
    private int count;
    private boolean padded;
    private boolean odd;

    Base64(OutputStream out) {
      this.out = out;
    }

    @Override
    public void take(byte[] bytes, int from, int to) throws IOException {
      for (int i = from; i < to; i++) {
        int value = VALUES[bytes[i] & 0xff];
        if (value >= 0) {
          odd |= padded;
          bits = bits << 6 | value;
          if (++count == 4) {
            out.write(bits >> 16);
            out.write(bits >> 8);
            out.write(bits);
            count = 0;
          }
        } else if (bytes[i] == '=') {
          // only the third and the fourth character of a group may be padding
          odd |= count == 1 || count == 0 && !padded;
          padded = true;
          writeRest();
        } else {
          odd |= bytes[i] < 0 || bytes[i] > ' ' || bytes[i] == 0;
        }
      }
    }

    /// Writes the bytes of a group of two or three characters.
    private void writeRest() throws IOException {
      if (count == 3) {
        out.write(bits >> 10);
        out.write(bits >> 2);
      } else if (count == 2) {
        out.write(bits >> 4);
      }
      count = 0;
    }

    @Override
    public void endOfLine() {}

    @Override
    public void finish() throws IOException {
      odd |= count == 1;
      writeRest();
    }

    @Override
    public boolean odd() {
      return odd;
    }
  }

  /// Decodes quoted-printable (RFC 2045 §6.7). What is not properly encoded stays as it is.
  final class QuotedPrintable implements TransferDecoder {
    /// What has come of an encoded character or of a soft line break.
    private enum After {
      NOTHING,
      EQUALS,
      /// `=` and one hexadecimal digit.
      DIGIT,
      EQUALS_AND_BLANK
    }

    private final OutputStream out;
    private After after = After.NOTHING;
    private int digit;
    private final java.io.ByteArrayOutputStream blanks = new java.io.ByteArrayOutputStream();
    private boolean odd;

    QuotedPrintable(OutputStream out) {
      this.out = out;
    }

    @Override
    public void take(byte[] bytes, int from, int to) throws IOException {
      for (int i = from; i < to; i++) {
        take(bytes[i]);
      }
    }

    private void take(byte b) throws IOException {
      switch (after) {
        case EQUALS -> {
          if (hex(b) >= 0) {
            digit = b;
            after = After.DIGIT;
          } else if (b == ' ' || b == '\t') {
            after = After.EQUALS_AND_BLANK;
          } else {
            misencoded(b);
          }
        }
        case DIGIT -> {
          if (hex(b) >= 0) {
            out.write(hex((byte) digit) << 4 | hex(b));
            after = After.NOTHING;
          } else {
            misencoded(b);
          }
        }
        case EQUALS_AND_BLANK -> {
          if (b != ' ' && b != '\t') {
            misencoded(b);
          }
        }
        case NOTHING -> plain(b);
      }
    }

    private void plain(byte b) throws IOException {
      if (b == ' ' || b == '\t') {
        blanks.write(b);
        return;
      }
      blanks.writeTo(out);
      blanks.reset();
      if (b == '=') {
        after = After.EQUALS;
      } else {
        out.write(b);
      }
    }

    private void misencoded(byte b) throws IOException {
      odd = true;
      releaseHeld();
      plain(b);
    }

    /// Writes what seemed to be encoded as it came.
    private void releaseHeld() throws IOException {
      out.write('=');
      if (after == After.DIGIT) {
        out.write(digit);
      } else if (after == After.EQUALS_AND_BLANK) {
        out.write(' ');
      }
      after = After.NOTHING;
    }

    @Override
    public void endOfLine() throws IOException {
      blanks.reset();
      if (after == After.DIGIT) {
        odd = true;
        releaseHeld();
      }
      if (after == After.NOTHING) {
        out.write('\r');
        out.write('\n');
      }
      after = After.NOTHING;
    }

    @Override
    public void finish() throws IOException {
      if (after != After.NOTHING) {
        releaseHeld();
      }
      blanks.writeTo(out);
      blanks.reset();
    }

    @Override
    public boolean odd() {
      return odd;
    }

    /// The value of a hexadecimal digit, or -1.
    static int hex(byte b) {
      return b < 0 ? -1 : Character.digit(b, 16);
    }
  }
}
