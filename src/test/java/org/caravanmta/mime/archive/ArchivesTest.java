package org.caravanmta.mime.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.caravanmta.mime.archive.ArchiveFiles.PROGRAM;
import static org.caravanmta.mime.archive.ArchiveFiles.ar;
import static org.caravanmta.mime.archive.ArchiveFiles.cabinet;
import static org.caravanmta.mime.archive.ArchiveFiles.compressed;
import static org.caravanmta.mime.archive.ArchiveFiles.cpio;
import static org.caravanmta.mime.archive.ArchiveFiles.hidden;
import static org.caravanmta.mime.archive.ArchiveFiles.image;
import static org.caravanmta.mime.archive.ArchiveFiles.joined;
import static org.caravanmta.mime.archive.ArchiveFiles.last;
import static org.caravanmta.mime.archive.ArchiveFiles.old;
import static org.caravanmta.mime.archive.ArchiveFiles.rar;
import static org.caravanmta.mime.archive.ArchiveFiles.rar5;
import static org.caravanmta.mime.archive.ArchiveFiles.replace;
import static org.caravanmta.mime.archive.ArchiveFiles.sevenZip;
import static org.caravanmta.mime.archive.ArchiveFiles.stored;
import static org.caravanmta.mime.archive.ArchiveFiles.tar;
import static org.caravanmta.mime.archive.ArchiveFiles.tnef;
import static org.caravanmta.mime.archive.ArchiveFiles.tnefProperties;
import static org.caravanmta.mime.archive.ArchiveFiles.zip;
import static org.caravanmta.mime.archive.ArchiveFiles.zip64;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Magic;
import org.caravanmta.mime.Unreadable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What is in archives, whoever unpacks them.
class ArchivesTest {
  private final Set<String> names = new LinkedHashSet<>();
  private final List<String> doubts = new ArrayList<>();

  static Stream<Arguments> kinds() throws IOException, CompressorException {
    byte[] inner = zip("docs/run.exe", PROGRAM);
    return Stream.of(
        Arguments.of("zip", inner),
        Arguments.of("zip64", zip64("docs/run.exe", PROGRAM)),
        Arguments.of("zip, not compressed, in zip", stored("more.zip", inner)),
        Arguments.of("zip in zip", zip("more.zip", inner)),
        Arguments.of("zip of another name in zip", zip("more.dat", inner)),
        Arguments.of("zip in zip in zip", zip("a.zip", zip("b.zip", inner))),
        Arguments.of("tar", tar("docs/run.exe", PROGRAM)),
        Arguments.of("tar of old", old(tar("docs/run.exe", PROGRAM))),
        Arguments.of("tar of a long name", tar("d/".repeat(80) + "docs/run.exe", PROGRAM)),
        Arguments.of("tar.gz", compressed("gz", tar("docs/run.exe", PROGRAM))),
        Arguments.of("tar.bz2", compressed("bzip2", tar("docs/run.exe", PROGRAM))),
        Arguments.of("tar.xz", compressed("xz", tar("docs/run.exe", PROGRAM))),
        Arguments.of("tar.lzma", compressed("lzma", tar("docs/run.exe", PROGRAM))),
        Arguments.of("tar.lz4", compressed("lz4-framed", tar("docs/run.exe", PROGRAM))),
        Arguments.of("tar in zip", zip("a", tar("docs/run.exe", PROGRAM))),
        Arguments.of("tar.gz in tar", tar("a", compressed("gz", tar("docs/run.exe", PROGRAM)))),
        Arguments.of("7z", sevenZip("docs/run.exe", PROGRAM)),
        Arguments.of("zip in 7z", sevenZip("a.zip", inner)),
        Arguments.of("7z in zip", zip("a.7z", sevenZip("docs/run.exe", PROGRAM))),
        Arguments.of("ar", ar("docs/run.exe", PROGRAM)),
        Arguments.of("cpio", cpio("docs/run.exe", PROGRAM)),
        Arguments.of("rar", rar("docs/run.exe", PROGRAM)),
        Arguments.of("zip in rar", rar("a.zip", inner)),
        Arguments.of("rar 5", rar5("docs/run.exe", PROGRAM, 0)),
        Arguments.of("rar 5, compressed", rar5("docs/run.exe", PROGRAM, 3)),
        Arguments.of("zip in rar 5", rar5("a.zip", inner, 0)),
        Arguments.of("cabinet", cabinet("docs/run.exe")),
        Arguments.of("tnef", tnef("docs/run.exe", PROGRAM)),
        Arguments.of("tnef, its long name", tnefProperties("docs/run.exe")),
        Arguments.of("zip in tnef", tnef("a.zip", inner)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void theNamesAreSeen(String kind, byte[] archive) throws Unreadable {
    look(archive, "a.dat");

    assertThat(names).as(kind).contains("run.exe");
    assertThat(doubts).as(kind).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void nothingIsSeenOfAPieceWithoutADoubt(String kind, byte[] archive) throws Unreadable {
    for (int end = 20; end < archive.length; end += 7) {
      byte[] piece = Arrays.copyOf(archive, end);
      if (Magic.of(piece).isEmpty()) {
        continue;
      }
      names.clear();
      doubts.clear();
      try {
        look(piece, "a.dat");
      } catch (Unreadable e) {
        doubts.add(e.getMessage());
      }
      assertThat(names.contains("run.exe") || !doubts.isEmpty())
          .as("%s, %d of %d bytes", kind, end, archive.length)
          .isTrue();
    }
  }

  @Test
  void ofAGzipTheNameIsSeenThatItBringsAndThatItIsLeftWith() throws Exception {
    var bytes = new ByteArrayOutputStream();
    var parameters = new GzipParameters();
    parameters.setFileName("run.exe");
    try (var gzip = new GzipCompressorOutputStream(bytes, parameters)) {
      gzip.write(PROGRAM);
    }
    look(bytes.toByteArray(), "a.gz");
    assertThat(names).contains("run.exe", "a");

    // a second member with a name of its own
    names.clear();
    look(joined(compressed("gz", PROGRAM), bytes.toByteArray()), "a.gz");
    assertThat(names).contains("run.exe");

    names.clear();
    look(compressed("bzip2", PROGRAM), "start.exe.bz2");
    assertThat(names).contains("start.exe");
  }

  @Test
  void namesOfEntriesAreSeenAsWindowsMakesThem() throws Exception {
    look(zip("x\\y\\run.exe. .", PROGRAM), "a.zip");
    assertThat(names).contains("run.exe");
    names.clear();
    look(zip("run.exe\u0000.txt", PROGRAM), "a.zip");
    assertThat(names).contains("run.exe");
    names.clear();
    look(zip("run\uff0eexe", PROGRAM), "a.zip");
    assertThat(names).contains("run.exe");
  }

  static Stream<Arguments> doubtful() throws IOException, CompressorException {
    byte[] zip = zip("notes.txt", PROGRAM);
    byte[] twice = joined(zip("run.exe", PROGRAM), zip);
    byte[] otherName = zip.clone();
    replace(otherName, last(otherName, "notes.txt"), "other.txt");
    byte[] otherMethod = stored("notes.txt", PROGRAM);
    otherMethod[8] = 8;
    byte[] hidden = hidden();
    byte[] encrypted = zip.clone();
    encrypted[last(encrypted, "PK\u0001\u0002") + 8] |= 1;
    byte[] unknown = stored("notes.txt", PROGRAM);
    unknown[8] = 97;
    unknown[last(unknown, "PK\u0001\u0002") + 10] = 97;
    return Stream.of(
        Arguments.of("bytes before", joined(new byte[] {1, 2, 3}, zip)),
        Arguments.of("a program before", joined(PROGRAM, zip)),
        Arguments.of("two, one after the other", twice),
        Arguments.of("another name in the directory", otherName),
        Arguments.of("another method in the directory", otherMethod),
        Arguments.of("an entry that is not in the directory", hidden),
        Arguments.of("encrypted", encrypted),
        Arguments.of("a method that nobody knows", unknown),
        Arguments.of("nothing but an end", HexFormat.of().parseHex("504b0506" + "00".repeat(18))),
        Arguments.of("bytes before rar", joined(new byte[9], rar("notes.txt", PROGRAM))),
        Arguments.of("bytes before 7z", joined(new byte[9], sevenZip("notes.txt", PROGRAM))),
        Arguments.of("a tar after a tar", joined(tar("notes.txt", PROGRAM), tar("a", PROGRAM))),
        Arguments.of("bytes after gzip", joined(compressed("gz", PROGRAM), PROGRAM)),
        Arguments.of("an archive in a compressed rar 5", rar5("a.zip", zip, 3)),
        Arguments.of("an archive in a cabinet", cabinet("a.7z")),
        Arguments.of("an image of a disc", image("CD001")),
        Arguments.of("an image of a newer disc", image("BEA01")),
        Arguments.of("zstd", HexFormat.of().parseHex("28b52ffd0458")),
        Arguments.of("lha", "xx-lh5-xxxxxxxxxxxxxx".getBytes(UTF_8)),
        Arguments.of("ace", "xxxxxxx**ACE**xxxxxxx".getBytes(UTF_8)),
        Arguments.of("tnef without an end", Arrays.copyOf(tnef("a", PROGRAM), 40)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("doubtful")
  void whatUnpackersDoNotAgreeAboutIsDoubted(String what, byte[] archive) throws Unreadable {
    look(archive, "a.zip");

    assertThat(doubts).as(what).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"a.txt", "a.zip"})
  void whatIsNoArchiveIsNotDoubted(String name) throws Unreadable {
    look("PK is not enough, nor is Rar! or 7z".getBytes(UTF_8), name);
    look("x".repeat(2000).getBytes(UTF_8), name);
    look("hello 07 ".repeat(200).getBytes(UTF_8), name);
    look(new byte[600], name);
    look(new byte[0], name);
    look("%PDF-1.4".getBytes(UTF_8), name);

    assertThat(names).isEmpty();
    assertThat(doubts).isEmpty();
  }

  @Test
  void nothingIsUnpackedForEver() throws Exception {
    byte[] bomb = compressed("xz", compressed("bzip2", new byte[1 << 20]));
    byte[] deep = bomb;
    for (int i = 0; i < 6; i++) {
      deep = compressed("gz", deep);
    }
    byte[] tooDeep = deep;
    assertThatThrownBy(() -> look(tooDeep, "a.gz"))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("deep");

    var zeros = new ByteArrayOutputStream();
    try (OutputStream out =
        new CompressorStreamFactory().createCompressorOutputStream("gz", zeros)) {
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < 257; i++) {
        out.write(block);
      }
    }
    assertThatThrownBy(() -> look(zeros.toByteArray(), "a.gz"))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("unpack to more than");
  }

  private void look(byte[] file, String called) throws Unreadable {
    try (var spool = new ContentSpool()) {
      spool.write(file, 0, file.length);
      new Archives(() -> true, doubts::add, name -> names.add(name) || true)
          .look(spool, Set.of(called));
    }
  }
}
