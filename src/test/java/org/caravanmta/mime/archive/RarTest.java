package org.caravanmta.mime.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.mime.archive.ArchiveFiles.PROGRAM;
import static org.caravanmta.mime.archive.ArchiveFiles.joined;
import static org.caravanmta.mime.archive.ArchiveFiles.rar5;
import static org.caravanmta.mime.archive.ArchiveFiles.zip;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Unreadable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Archives of WinRAR, made byte by byte.
class RarTest {
  private static final byte[] START = HexFormat.of().parseHex("526172211a0700");
  private static final byte[] MAIN = block(0x73, 0, new byte[6]);
  private static final byte[] END = block(0x7b, 0x4000, new byte[0]);

  private static final int STORED = 0x30;
  private static final int BEST = 0x35;

  private final Set<String> names = new LinkedHashSet<>();
  private final List<String> doubts = new ArrayList<>();

  @Test
  void everyEntryIsSeenCompressedOrNot() throws Exception {
    look(
        archive(
            file("docs", 0xe0, STORED, new byte[0]),
            file("docs\\setup.exe", 0x10, BEST, "no one can tell".getBytes(UTF_8)),
            // a comment, a stream of NTFS, and the kind of comment that there was before
            block(0x7a, 0x8000, service("CMT", 3), new byte[3]),
            block(0x7a, 0x8000, service("STM", 900), new byte[900]),
            block(0x75, 0, new byte[20]),
            file("last.js", 0, 0x31, new byte[70])));

    assertThat(names).contains("docs", "setup.exe", "last.js");
    assertThat(doubts).isEmpty();
  }

  @Test
  void whatIsNotCompressedIsGoneInto() throws Exception {
    byte[] inner = zip("run.exe", PROGRAM);
    look(archive(file("harmless.dat", 0, STORED, inner), file("b.txt", 0, BEST, new byte[9])));
    assertThat(names).contains("harmless.dat", "run.exe", "b.txt");

    names.clear();
    look(archive(file("a.rar", 0, STORED, archive(file("deep.scr", 0, BEST, new byte[5])))));
    assertThat(names).contains("a.rar", "deep.scr");
    assertThat(doubts).isEmpty();
  }

  @Test
  void aLengthMayHaveSixtyFourBits() throws Exception {
    look(archive(file("big.vbs", 0x100, BEST, new byte[40]), file("b.cmd", 0, BEST, new byte[1])));

    assertThat(names).contains("big.vbs", "b.cmd");
    assertThat(doubts).isEmpty();
  }

  static Stream<Arguments> namesInUnicode() {
    return Stream.of(
        // upper byte 4: each of four characters has it, then one that has none
        Arguments.of("_____", "04 55 1f 40 38 32 00 2e 6c 6e 6b", "\u041f\u0440\u0438\u0432.lnk"),
        // a run of the plain characters, and one of two bytes
        Arguments.of("setup_1.exe", "00 e4 03 41 26 2e 62 00 61 74", "setup\u2641.bat"),
        // two bytes each
        Arguments.of("x", "00 aa 20 04 2e 00 62 00 61 00 80 74 00", "\u0420.bat"));
  }

  @ParameterizedTest
  @MethodSource("namesInUnicode")
  void aNameInUnicodeIsSeenAsWellAsThePlainOne(String plain, String coded, String name)
      throws Exception {
    byte[] both =
        joined(
            plain.getBytes(UTF_8),
            joined(new byte[1], HexFormat.of().parseHex(coded.replace(" ", ""))));

    assertThat(RarName.of(both, true)).first().isEqualTo(plain);
    look(archive(file(both, 0x200, BEST, new byte[8])));
    assertThat(names).contains(plain).anyMatch(each -> each.startsWith(name));
    assertThat(doubts).isEmpty();
  }

  @Test
  void aNameWithoutTheOtherFormIsInUtf8OrInSomeEuropeanOne() throws Exception {
    look(
        archive(
            file("gr\u00fc\u00dfe.exe", 0x200, BEST, new byte[8]),
            file("\u00fc.hta".getBytes(ISO_8859_1), 0, BEST, new byte[8])));

    assertThat(names).contains("gr\u00fc\u00dfe.exe", "\u00fc.hta");
  }

  static Stream<Arguments> doubtful() {
    byte[] plain = file("a.txt", 0, BEST, new byte[8]);
    byte[] wrongSum = archive(plain);
    wrongSum[START.length + MAIN.length + 33] ^= 1;
    byte[] short5 = rar5("a.txt", PROGRAM, 3);
    short5[short5.length - 1] ^= 1;
    return Stream.of(
        Arguments.of("a header whose sum is wrong", wrongSum),
        Arguments.of("the same in the fifth edition", short5),
        Arguments.of("encrypted headers", rar(block(0x73, 0x80, new byte[6]), new byte[64], END)),
        Arguments.of("an encrypted entry", archive(file("a.txt", 0x04, STORED, new byte[8]))),
        Arguments.of("the first volume", rar(block(0x73, 0x101, new byte[6]), plain, END)),
        Arguments.of("a volume that is followed", rar(MAIN, plain, block(0x7b, 1, new byte[0]))),
        Arguments.of("an entry from before", archive(file("a.txt", 0x01, STORED, new byte[8]))),
        Arguments.of("an entry that goes on", archive(file("a.txt", 0x02, STORED, new byte[8]))),
        Arguments.of("a compressed archive", archive(file("a.zip", 0, BEST, new byte[8]))),
        Arguments.of("no entry", archive()),
        Arguments.of("no end", rar(MAIN, plain)),
        Arguments.of("no main header", rar(plain, END)),
        Arguments.of("something after its end", joined(archive(plain), archive(plain))),
        Arguments.of("after the end of the fifth", joined(rar5("a", PROGRAM, 3), PROGRAM)),
        Arguments.of("a stub of a program before it", joined(PROGRAM, archive(plain))),
        Arguments.of("an edition that is not known", edition(2)),
        Arguments.of("a header that is too short", rar(MAIN, summed(0x74, 0x8000, 7, 7), END)),
        Arguments.of("a name that is too long", archive(longName())),
        Arguments.of("less than it says", rar(MAIN, cut(file("a", 0, STORED, new byte[90]), 20))),
        Arguments.of("more than 256 MiB", archive(huge())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("doubtful")
  void whatIsNotSureIsDoubted(String what, byte[] archive) {
    see(archive);

    assertThat(doubts).as(what).isNotEmpty();
  }

  @Test
  void aPieceOfAnArchiveIsDoubted() {
    byte[] whole =
        archive(
            file("one.txt", 0, BEST, new byte[50]),
            file("two", 0x100, STORED, PROGRAM),
            file("three.exe", 0x200, BEST, new byte[50]));
    for (int end = 7; end < whole.length; end += 7) {
      doubts.clear();
      see(Arrays.copyOf(whole, end));
      assertThat(doubts).as("%d of %d bytes", end, whole.length).isNotEmpty();
    }
    doubts.clear();
    see(whole);
    assertThat(doubts).isEmpty();
  }

  /// No bit of a header may be turned without a doubt.
  @Test
  void aHeaderThatIsNotAsItWasIsDoubted() {
    byte[] whole = archive(file("run.exe", 0, BEST, new byte[4]));
    for (int at = START.length; at < whole.length; at++) {
      if (at >= whole.length - END.length - 4 && at < whole.length - END.length) {
        // the data
        continue;
      }
      byte[] other = whole.clone();
      other[at] ^= 0x10;
      doubts.clear();
      see(other);
      assertThat(doubts).as("byte %d", at).isNotEmpty();
    }
  }

  private static byte[] archive(byte[]... blocks) {
    return joined(rar(MAIN), joined(all(blocks), END));
  }

  private static byte[] rar(byte[]... blocks) {
    return joined(START, all(blocks));
  }

  private static byte[] edition(int number) {
    byte[] archive = archive(file("a.txt", 0, BEST, new byte[8]));
    archive[6] = (byte) number;
    return archive;
  }

  private static byte[] all(byte[]... blocks) {
    var all = new ByteArrayOutputStream();
    for (byte[] block : blocks) {
      all.writeBytes(block);
    }
    return all.toByteArray();
  }

  private static byte[] file(String name, int flags, int method, byte[] data) {
    return file(name.getBytes(UTF_8), flags, method, data);
  }

  private static byte[] file(byte[] name, int flags, int method, byte[] data) {
    return block(0x74, 0x8000 | flags, about(name, flags, method, data.length, 80), data);
  }

  private static byte[] about(byte[] name, int flags, int method, int packed, int unpacked) {
    boolean large = (flags & 0x100) != 0;
    ByteBuffer rest = little((large ? 33 : 25) + name.length);
    rest.putInt(packed).putInt(method == STORED ? packed : unpacked).put((byte) 2).putInt(0);
    rest.putInt(0).put((byte) 29).put((byte) method).putShort((short) name.length).putInt(0x20);
    if (large) {
      rest.putInt(0).putInt(0);
    }
    return rest.put(name).array();
  }

  private static byte[] service(String name, int length) {
    return about(name.getBytes(UTF_8), 0, STORED, length, length);
  }

  private static byte[] huge() {
    return block(0x74, 0x8000, about(new byte[] {'a'}, 0, BEST, 3, 257 << 20), new byte[3]);
  }

  private static byte[] longName() {
    byte[] about = about(new byte[] {'a'}, 0, BEST, 0, 0);
    about[19] = 90;
    return block(0x74, 0x8000, about);
  }

  private static byte[] cut(byte[] bytes, int less) {
    return Arrays.copyOf(bytes, bytes.length - less);
  }

  private static byte[] block(int type, int flags, byte[] rest, byte[] data) {
    return joined(block(type, flags, rest), data);
  }

  private static byte[] block(int type, int flags, byte[] rest) {
    return joined(summed(type, flags, 7 + rest.length, 7, rest), rest);
  }

  private static byte[] summed(int type, int flags, int says, int length, byte... rest) {
    ByteBuffer start = little(length).put(2, (byte) type).putShort(3, (short) flags);
    start.putShort(5, (short) says);
    var crc = new CRC32();
    crc.update(start.array(), 2, length - 2);
    crc.update(rest);
    return start.putShort(0, (short) crc.getValue()).array();
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void see(byte[] file) {
    try {
      look(file);
    } catch (Unreadable e) {
      doubts.add(e.getMessage());
    }
  }

  private void look(byte[] file) throws Unreadable {
    try (var spool = new ContentSpool()) {
      spool.write(file, 0, file.length);
      new Archives(() -> true, doubts::add, name -> names.add(name) || true)
          .look(spool, Set.of("a.rar"));
    }
  }
}
