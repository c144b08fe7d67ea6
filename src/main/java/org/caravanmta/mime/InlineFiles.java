package org.caravanmta.mime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Files within the lines of a text, as mail carried them before MIME: uuencoded (POSIX
/// `uuencode`), in base64 between the same lines, or in yEnc.
final class InlineFiles {
  private static final Pattern BEGIN =
      Pattern.compile("(?i)^begin(-base64)?[ \\t]+[0-7]{3,4}[ \\t]+(\\S.*)$");
  private static final Pattern YBEGIN = Pattern.compile("(?i)^=ybegin .*?name=(.*)$");
  private static final Pattern BINHEX =
      Pattern.compile("^\\(This file must be converted with BinHex.*");

  /// A longer line does not begin a file.
  private static final int LONGEST = 1_000;

  /// The form in which the current file is encoded.
  private enum Form {
    /// Outside any file.
    NONE,
    /// Between `begin` and `end`.
    UU,
    /// Between `begin-base64` and `====`.
    BASE64,
    /// Between `=ybegin` and `=yend`.
    YENC
  }

  private final WalkState state;
  private final Consumer<String> doubts;
  private Form form = Form.NONE;
  private String name = "";
  private ContentSpool content = new ContentSpool();
  private TransferDecoder.Base64 base64 = new TransferDecoder.Base64(content);
  private boolean found;

  InlineFiles(WalkState state, Consumer<String> doubts) {
    this.state = state;
    this.doubts = doubts;
  }

  /// Shows each file in `text`.
  ///
  /// @return whether there are any
  boolean find(ContentSpool text) throws IOException, Unreadable {
    var lines = new LineReader(text.stream());
    try {
      while (lines.next()) {
        if (lines.starts()) {
          line(new String(lines.bytes(), 0, lines.length(), StandardCharsets.ISO_8859_1));
        }
      }
      end();
    } finally {
      content.close();
    }
    return found;
  }

  private void line(String line) throws IOException, Unreadable {
    if (!line.isEmpty() && "bB=(".indexOf(line.charAt(0)) >= 0 && line.length() < LONGEST) {
      Matcher begin = BEGIN.matcher(line);
      Matcher ybegin = YBEGIN.matcher(line);
      if (begin.matches()) {
        begin(begin.group(1) == null ? Form.UU : Form.BASE64, begin.group(2));
        return;
      }
      if (ybegin.matches()) {
        begin(Form.YENC, ybegin.group(1));
        return;
      }
      if (BINHEX.matcher(line).matches()) {
        doubts.accept("a text has a file in BinHex");
      }
    }
    switch (form) {
      case NONE -> {}
      case UU -> {
        if (line.stripTrailing().equalsIgnoreCase("end")) {
          end();
        } else {
          decodeUu(line);
        }
      }
      case BASE64 -> {
        if (line.startsWith("====")) {
          end();
        } else {
          byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
          base64.take(bytes, 0, bytes.length);
        }
      }
      case YENC -> {
        if (line.startsWith("=yend")) {
          end();
        } else if (!line.startsWith("=ypart")) {
          decodeYenc(line);
        }
      }
    }
  }

  private void begin(Form of, String fileName) throws IOException, Unreadable {
    end();
    form = of;
    name = fileName.strip();
    content = new ContentSpool();
    base64 = new TransferDecoder.Base64(content);
  }

  private void end() throws IOException, Unreadable {
    if (form == Form.NONE || state.ended()) {
      return;
    }
    form = Form.NONE;
    found = true;
    base64.finish();
    state.countPart();
    try (ContentSpool ended = content) {
      state.show(new Part(FileNames.of(Charsets.utf8OrLatin1(name)), Set.of(), ended));
    }
  }

  /// Decodes a line: the first character is the number of bytes, each four after it are three
  /// bytes.
  private void decodeUu(String line) {
    if (line.isEmpty()) {
      return;
    }
    int count = line.charAt(0) - ' ' & 63;
    for (int i = 1, done = 0; done < count; i += 4) {
      int bits =
          six(line, i) << 18 | six(line, i + 1) << 12 | six(line, i + 2) << 6 | six(line, i + 3);
      for (int shift = 16; shift >= 0 && done < count; shift -= 8, done++) {
        content.write(bits >> shift);
      }
    }
  }

  /// The six bits of the character at `at`; a missing one is a blank that was lost at the end of
  /// the line.
  private static int six(String line, int at) {
    return at < line.length() ? line.charAt(at) - ' ' & 63 : 0;
  }

  /// Decodes a line: each byte had 42 added, and a critical one 64 more after `=`.
  private void decodeYenc(String line) {
    for (int i = 0; i < line.length(); i++) {
      int c = line.charAt(i);
      if (c == '=' && i + 1 < line.length()) {
        c = line.charAt(++i) - 64;
      }
      content.write(c - 42);
    }
  }
}
