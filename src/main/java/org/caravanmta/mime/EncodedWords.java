package org.caravanmta.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Encoded words (RFC 2047 §2) as mail readers read them that are easily pleased: with blanks in
/// them, without their end, without padding, with a language (RFC 2231 §5), in pieces that are cut
/// anywhere.
final class EncodedWords {
  /// Words within what words say.
  private static final int DEEPEST = 3;

  private static final int MOST = 500;

  private EncodedWords() {}

  /// What a text may be; at least itself.
  static Set<String> readings(String text, Consumer<String> doubts) {
    Set<String> all = new LinkedHashSet<>();
    all.add(text);
    Set<String> latest = Set.of(text);
    for (int i = 0; i < DEEPEST && latest.stream().anyMatch(one -> one.contains("=?")); i++) {
      var next = new LinkedHashSet<String>();
      for (String one : latest) {
        if (one.contains("=?")) {
          next.addAll(once(one, doubts));
        }
      }
      all.addAll(next);
      latest = next;
    }
    return all;
  }

  /// @param text encoded
  private record Word(String charset, boolean base64, String text) {
    boolean joins(Word next) {
      return charset.equalsIgnoreCase(next.charset) && base64 == next.base64;
    }
  }

  /// Words that stand next to each other are decoded each by itself, and all at once.
  private static Set<String> once(String text, Consumer<String> doubts) {
    var singly = new StringBuilder();
    var jointly = new LinkedHashSet<String>(Set.of(""));
    var run = new ArrayList<Word>();
    int at = 0;
    int words = 0;
    for (int start = text.indexOf("=?"); start >= 0; start = text.indexOf("=?", start)) {
      Scanned scanned = word(text, start);
      if (scanned == null) {
        start += 2;
        continue;
      }
      if (++words > MOST) {
        doubts.accept("a text has very many encoded words");
        break;
      }
      String between = text.substring(at, start);
      boolean adjacent = !run.isEmpty() && between.isBlank();
      if (!adjacent || !run.getLast().joins(scanned.word())) {
        append(jointly, joined(run, doubts));
        run.clear();
      }
      if (!adjacent) {
        singly.append(between);
        append(jointly, Set.of(between));
      }
      singly.append(joined(List.of(scanned.word()), doubts).iterator().next());
      run.add(scanned.word());
      at = scanned.end();
      start = at;
    }
    append(jointly, joined(run, doubts));
    append(jointly, Set.of(text.substring(at)));
    jointly.add(singly.append(text.substring(at)).toString());
    return jointly;
  }

  private record Scanned(Word word, int end) {}

  private static @Nullable Scanned word(String text, int start) {
    int encoding = text.indexOf('?', start + 2);
    int content = encoding < 0 ? -1 : text.indexOf('?', encoding + 1);
    if (content < 0) {
      return null;
    }
    String how = text.substring(encoding + 1, content).strip();
    if (!how.equalsIgnoreCase("b") && !how.equalsIgnoreCase("q")) {
      return null;
    }
    String charset = text.substring(start + 2, encoding);
    int language = charset.indexOf('*');
    int end = text.indexOf("?=", content + 1);
    if (end == content + 1 && !how.equalsIgnoreCase("b") && text.startsWith("?==", end)) {
      end = text.indexOf("?=", end + 2);
    }
    return new Scanned(
        new Word(
            language < 0 ? charset : charset.substring(0, language),
            how.equalsIgnoreCase("b"),
            text.substring(content + 1, end < 0 ? text.length() : end)),
        end < 0 ? text.length() : end + 2);
  }

  private static void append(Set<String> all, Set<String> ends) {
    if (ends.size() == 1 && ends.contains("")) {
      return;
    }
    var longer = new LinkedHashSet<String>();
    for (String start : all) {
      for (String end : ends) {
        // a name of very many words is not taken apart in every way
        if (longer.size() < 16) {
          longer.add(start + end);
        }
      }
    }
    all.clear();
    all.addAll(longer);
  }

  /// What words of one charset say together.
  private static Set<String> joined(List<Word> words, Consumer<String> doubts) {
    if (words.isEmpty()) {
      return Set.of("");
    }
    var apart = new ByteArrayOutputStream();
    var together = new StringBuilder();
    for (Word word : words) {
      apart.writeBytes(bytes(word.text(), word.base64()));
      together.append(word.text());
    }
    String charset = words.getFirst().charset();
    Set<String> readings =
        new LinkedHashSet<>(Charsets.readings(apart.toByteArray(), charset, doubts));
    readings.addAll(
        Charsets.readings(bytes(together.toString(), words.getFirst().base64()), charset, doubts));
    return readings;
  }

  private static byte[] bytes(String text, boolean base64) {
    byte[] raw = text.getBytes(StandardCharsets.ISO_8859_1);
    var out = new ByteArrayOutputStream();
    TransferDecoder decoder =
        base64 ? new TransferDecoder.Base64(out) : new TransferDecoder.QuotedPrintable(out);
    byte[] shown = base64 ? raw : text.replace('_', ' ').getBytes(StandardCharsets.ISO_8859_1);
    try {
      decoder.take(shown, 0, shown.length);
      decoder.finish();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
