package org.caravanmta.filter.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// CBOR that is read, byte by byte as RFC 8949 has it, and CBOR that is not.
class HooksCborTest {
  private static final String ANSWER =
      """
      [{"op": "replace", "path": "/action", "value": "reject"},
       {"op": "replace", "path": "/response",
        "value": {"code": 550, "enhancedCode": null, "message": "Grüße"}},
       {"op": "replace", "path": "/rawMessage", "value": "Subject: x"}]
      """;

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  /// RFC 8949, appendix A.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "00 | 0",
        "1818 | 24",
        "1b000000e8d4a51000 | 1000000000000",
        "1bffffffffffffffff | 18446744073709551615",
        "c249010000000000000000 | 18446744073709551616",
        "3903e7 | -1000",
        "fb3ff199999999999a | 1.1",
        "f4 | false",
        "f5 | true",
        "f6 | null",
        "6449455446 | \"IETF\"",
        "62c3bc | \"ü\"",
        "7f657374726561646d696e67ff | \"streaming\"",
        "c074323031332d30332d32315432303a30343a30305a | \"2013-03-21T20:04:00Z\"",
        "8301820203820405 | [1,[2,3],[4,5]]",
        "9f018202039f0405ffff | [1,[2,3],[4,5]]",
        "a26161016162820203 | {\"a\":1,\"b\":[2,3]}",
        "bf6346756ef563416d7421ff | {\"Fun\":true,\"Amt\":-2}"
      })
  void readsWhatTheRfcShows(String hex, String json) throws Exception {
    assertThat(HooksCbor.read(hex(hex))).hasToString(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        // broken off, of appendix F
        "18",
        "1b01020304050607",
        "5affffffff00",
        "7affffffff00",
        "7b7fffffffffffffff010203",
        "5b7fffffffffffffff010203",
        "81",
        "9a00ffffff00",
        "9b7fffffffffffffff0102",
        "bb7fffffffffffffff616101",
        "a161",
        "a20102",
        "9f0102",
        "bf616101",
        "c0",
        // what there is not
        "1c",
        "3e",
        "fc",
        "ff",
        "81ff",
        "bf6161ff",
        "5f6100ff",
        // a number that is none, bytes that are no UTF-8
        "f97e00",
        "f97c00",
        "62ff20",
        // twice the same key, two data items
        "a2616101616102",
        "0000",
        "f600",
        // a byte string where there is none
        "4101",
        "814101",
        "a161614101",
        // {"path": "/action", "value": h'616363657074'}
        "a26470617468672f616374696f6e6576616c756546616363657074",
        // {"value": h'01'}, {"value": {"value": h'01'}, "path": "/rawMessage"}
        "a16576616c75654101",
        "a26576616c7565a16576616c756541016470617468" + "6b2f7261774d657373616765"
      })
  void whatIsNoCborIsNone(String hex) {
    assertThatThrownBy(() -> HooksCbor.read(hex(hex)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not CBOR");
  }

  @Test
  void deepAndLongIsNone() {
    var deep = new byte[1 << 20];
    Arrays.fill(deep, (byte) 0x81);
    assertThatThrownBy(() -> HooksCbor.read(deep)).hasMessageContaining("deeper than 32");
    Arrays.fill(deep, (byte) 0xC6);
    assertThatThrownBy(() -> HooksCbor.read(deep)).hasMessageContaining("not CBOR");
    var wide = new byte[1 << 20];
    wide[0] = (byte) 0x9F;
    assertThatThrownBy(() -> HooksCbor.read(wide)).hasMessageContaining("more than 200000");
  }

  @Test
  void aByteStringIsARawMessage() throws Exception {
    var read = HooksCbor.read(Cbor.of(ANSWER)).asJsonArray().getJsonObject(2);
    assertThat(read.get("value"))
        .isEqualTo(new HooksBytes("Subject: x".getBytes(UTF_8)))
        .hasToString("\"U3ViamVjdDogeA==\"");
  }

  @Test
  void readsWhatItWrites() throws Exception {
    JsonObject all =
        Json.createObjectBuilder()
            .add("text", "Grüße \uD83D\uDE00, " + "long ".repeat(2000))
            .add("numbers", Json.createArrayBuilder().add(0).add(-1).add(1L << 40).add(1.5))
            .add("words", Json.createArrayBuilder().add(true).add(false).addNull())
            .add("empty", Json.createObjectBuilder().add("list", Json.createArrayBuilder()))
            .build();
    assertThat(HooksCbor.read(HooksCbor.write(all))).isEqualTo(all);
    assertThat(Cbor.read(HooksCbor.write(all))).isEqualTo(all);
    assertThat(HooksCbor.write(Json.createObjectBuilder().add("a", 1).build()))
        .isEqualTo(hex("a1616101"));
    assertThat(HooksCbor.writeUpTo(Json.createObjectBuilder().add("a", 1).build(), "b"))
        .isEqualTo(hex("a26161016162"));
  }

  /// Half of a character is not UTF-8 (RFC 8949 §3.1).
  @Test
  void writesNoHalfCharacters() throws Exception {
    JsonObject half = Json.createObjectBuilder().add("a", "x\uD83Dy").build();
    assertThat(Cbor.read(HooksCbor.write(half)).getString("a")).isEqualTo("x\uFFFDy");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 40",
    "23, 57",
    "24, 5818",
    "255, 58ff",
    "256, 590100",
    "65535, 59ffff",
    "65536, 5a00010000",
    "4294967295, 5affffffff",
    "4294967296, 5b0000000100000000"
  })
  void aByteStringSaysHowLongItIs(long length, String head) {
    assertThat(HooksCbor.headOfBytes(length)).isEqualTo(hex(head));
  }

  /// Bytes of an answer that are others: it is read, or it is not CBOR.
  @Property(tries = 3000)
  void anyBytesAreReadOrNone(@ForAll("bytes") byte[] bytes) {
    try {
      assertThat(HooksCbor.read(bytes)).isNotNull();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("not CBOR");
    }
  }

  @Provide
  Arbitrary<byte[]> bytes() {
    byte[] whole = Cbor.of(ANSWER);
    return Combinators.combine(
            Arbitraries.integers().between(0, whole.length),
            Arbitraries.integers().between(0, 8),
            Arbitraries.bytes().array(byte[].class).ofMaxSize(9))
        .as(
            (at, removed, added) -> {
              var changed = new ByteArrayOutputStream();
              changed.write(whole, 0, at);
              changed.writeBytes(added);
              int rest = Math.min(at + removed, whole.length);
              changed.write(whole, rest, whole.length - rest);
              return changed.toByteArray();
            });
  }
}
