package org.caravanmta.table;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.caravanmta.address.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Patterns about what is not ASCII, tried on UTF-8 and on other bytes.
class BytePatternTest {
  /// @param key its bytes that are not UTF-8 as `<e9>`
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // of bytes, as Postfix has them
        "pcre | /[\\x80-\\xff]/ hit | a\u00e9 | hit",
        "pcre | /[\\x80-\\xff]/ hit | a<e9> | hit",
        "pcre | /[\\x80-\\xff]/ hit | ascii only | -",
        "pcre | /^[\\x80-\\xff]{4}$/ hit | \u041f\u0440 | hit",
        "pcre | /^[\\x80-\\xFF]{4}$/ hit | \ud83d\ude00 | hit",
        "pcre | /\\xd0\\x9f/ hit | \u041f\u0440\u0438 | hit",
        "pcre | /\\xd0\\x9f/ hit | \ud83d\ude00 \u043f | -",
        "pcre | /\\xD0[\\x9f-\\xaf]/ hit | \u042f | hit",
        "pcre | /\\303\\251/ hit | caf\u00e9 | hit",
        "pcre | /\\x{c3}\\o{251}/ hit | caf\u00e9 | hit",
        "pcre | /\\xe9/ hit | caf<e9> | hit",
        "pcre | /\\xe9/ hit | caf\u00e9 | -",
        "pcre | /\\xe9/ hit | \u00c9 | -",
        "pcre | /[^\\x20-\\x7e]/ hit | \u00e9 | hit",
        "pcre | /[\\x00-\\xff]/ hit | a | hit",
        "pcre | /^[ -\\xff]+$/ hit | a \u00e9<e9> | hit",
        "pcre | /^[^a-\\xff]$/ hit | A | -",
        "pcre | /^[^a-\\xff]$/i hit | A | hit",
        "pcre | /^[^a-\\xff]$/i hit | <ff> | -",
        "pcre | /^.{2}$/ hit | \u00e9 | hit",
        "pcre | /^.$/ hit | <e9> | hit",
        "pcre | /^[]\\xe9]$/ hit | <e9> | hit",
        "pcre | /^[\\]\\x41\\xe9-]+$/ hit | -A<e9>] | hit",
        "pcre | /^[[:alpha:]\\xe9]+$/ hit | caf<e9> | hit",
        "pcre | /^\\\\xe9$/ hit | \\xe9 | hit",
        // with what only the engine that goes back knows
        "pcre | /(?!x)[\\x80-\\xff]/ hit | \u00e9 | hit",
        "pcre | /^([\\xc0-\\xdf].)(?=\\1)/ hit | \u0439\u0439 | hit",
        "pcre | /(?<=\\xc3)[\\xa9-\\xaf]/ hit | \u00e9 | hit",
        // of bytes with a character beside
        "pcre | /\u00e9[\\x80-\\xff]/ hit | \u00e9\u00e9 | hit",
        "pcre | /\u00e9+[\\xd0]/ hit | \u00e9\u00e9\u041f | hit",
        "pcre | /[\u00e9\\xd0]{2}/ hit | \u00e9 | hit",
        // of characters
        "pcre | /^caf\u00e9$/ hit | caf\u00e9 | hit",
        "pcre | /^[\u0410-\u044f]+$/ hit | \u041f\u0440\u0438 | hit",
        "pcre | /^\\x{41f}$/ hit | \u041f | hit",
        "pcre | /^\\p{L}{2}$/ hit | \u041f\u0440 | hit",
        "pcre | /^\\p{Cyrillic}$/ hit | \u041f | hit",
        "pcre | /(*UTF)^.$/ hit | \u041f | hit",
        "pcre | /(*UTF8)(*UCP)^\\xe9$/ hit | \u00e9 | hit",
        "pcre | /(?u)^\u041f$/ hit | \u041f | hit",
        "pcre | /^caf\u00e9$/ hit | caf<e9> | hit",
        "regexp | /^caf\u00e9$/ hit | caf\u00e9 | hit",
        "regexp | /[^ -~]/ hit | caf\u00e9 | hit",
        "regexp | /^[^ -~]{2}$/ hit | \u00e9 | hit",
        "regexp | /^[[:print:]]*$/ hit | caf<e9> | -",
        "regexp | /^.{3}$/ hit | <e9><e8><e7> | hit",
        // what was found comes back as it was
        "pcre | /^(.)(.)(.*)$/ $3-$1$2 | \u00e9x | x-\u00e9",
        "pcre | /^(\\w+)[\\x80-\\xff]+(.*)$/ $2+$1 | abc\u041f\u0440def | def+abc",
        "pcre | /^a([\\x80-\\xff]+)/ b$1c\u00e9 | a\u00e9\u041f | b\u00e9\u041fc\u00e9",
        "pcre | /^(\\p{L})(.*)/ $2$1 | \u041f\u0440 | \u0440\u041f",
        "pcre | /(caf\u00e9)/ <$1> | caf<e9> | <caf<e9>>",
        "regexp | /(.*)@(.*)/ $2 $1 | \u00e9@\u041f.example | \u041f.example \u00e9",
      })
  void meanWhatTheyMeanInPostfix(String type, String rule, String key, String value) {
    Table table = Tables.open(type + ":{ {" + rule + "} }");

    assertThat(table.find(text(key)))
        .isEqualTo(value.equals("-") ? new Lookup.Absent() : new Lookup.Found(text(value)));
  }

  @Test
  void aTableInAnotherCharacterSetIsAboutItsBytes(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("rules");
    Files.write(
        file,
        "/^caf\u00e9$/ Caf\u00e9\n/^[\u00e4\u00f6]+/ umlaut\n/^th\u00e9?$/ tea\n"
            .getBytes(ISO_8859_1));
    Table table = Tables.open("pcre:" + file, InstantSource.system(), Values.ANY);

    assertThat(table.find(text("caf<e9>"))).isEqualTo(new Lookup.Found(text("Caf<e9>")));
    assertThat(table.find("caf\u00e9")).isEqualTo(new Lookup.Absent());
    assertThat(table.find(text("<f6><e4>"))).isEqualTo(new Lookup.Found("umlaut"));
    assertThat(table.find("th")).isEqualTo(new Lookup.Found("tea"));
  }

  @Test
  void theSameBytesComeOutOfEveryText() {
    for (byte[] bytes :
        List.of(
            "a\u00e9\u041f\ud83d\ude00\ufffd".getBytes(UTF_8),
            "\u00e9\u00c3\u00a9\u00ff".getBytes(ISO_8859_1),
            new byte[] {(byte) 0xd0, 'a', (byte) 0xf0, (byte) 0x9f},
            // half of a surrogate pair is not a character
            new byte[] {(byte) 0xed, (byte) 0xb2, (byte) 0x80, 'x'})) {
      String text = Octets.text(bytes);
      assertThat(Octets.bytes(text)).isEqualTo(bytes);
      assertThat(Octets.apart(text)).hasSize(bytes.length);
      assertThat(Octets.bytes(Octets.apart(text))).isEqualTo(bytes);
      assertThat(Octets.together(Octets.apart(text))).isEqualTo(text);
    }
  }

  /// With `<e9>` as a byte.
  private static String text(String shown) {
    var bytes = new ByteArrayOutputStream();
    for (String piece : shown.split("(?<=<[0-9a-f]{2}>)|(?=<[0-9a-f]{2}>)")) {
      if (piece.matches("<[0-9a-f]{2}>")) {
        bytes.write(Integer.parseInt(piece.substring(1, 3), 16));
      } else {
        bytes.writeBytes(piece.getBytes(UTF_8));
      }
    }
    return Octets.text(bytes.toByteArray());
  }
}
