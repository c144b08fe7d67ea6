package org.caravanmta.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Decodes encoded words (RFC 2047 §2) as leniently as mail readers do: with blanks in them,
/// without their end, without padding, with a language (RFC 2231 §5), or split at any byte.
final class EncodedWords {
  /// How often the decoded text is searched for encoded words again.
  private static final int DEEPEST = 3;

  /// How many encoded words of one text are decoded; more are a doubt.
  private static final int MOST_WORDS = 500;

  private EncodedWords() {}

  /// All texts that `text` may stand for.
  ///
  /// @return `text` itself first
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

  /// One encoded word.
  ///
  /// @param charset as given, without a language
  /// @param base64 whether the encoding is `B`; otherwise `Q`
  /// @param text the encoded text
  private record Word(String charset, boolean base64, String text) {
    /// Whether the text of this word may be decoded together with that of the next.
    boolean joins(Word next) {
      return charset.equalsIgnoreCase(next.charset) && base64 == next.base64;
    }
  }

  /// Decodes the encoded words of a text once. Adjacent words are decoded one by one and also
  /// joined, as mail readers do the one or the other.
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
      if (++words > MOST_WORDS) {
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

  /// An encoded word and where it ends in the text.
  private record Scanned(Word word, int end) {}

  /// The encoded word that starts at `start`, or null if `=?` does not begin one there.
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
        // 16 combinations: the readings of many words would multiply without bound
        if (longer.size() < 16) {
          longer.add(start + end);
        }
      }
    }
    all.clear();
    all.addAll(longer);
  }

  /// The readings of adjacent words of one charset and encoding: their bytes joined after decoding,
  /// and their text joined before it.
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
