package org.caravanmta.mime.archive;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveOutputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/// Archives, each with one file, in the forms that they are sent in.
final class ArchiveFiles {
  static final byte[] PROGRAM = "MZ a program".getBytes(UTF_8);

  private ArchiveFiles() {}

  static byte[] zip(String name, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  static byte[] stored(String name, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var crc = new CRC32();
    crc.update(content);
    try (var zip = new ZipOutputStream(bytes)) {
      var entry = new ZipEntry(name);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  static byte[] zip64(String name, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipArchiveOutputStream(bytes)) {
      zip.setUseZip64(Zip64Mode.Always);
      zip.putArchiveEntry(new ZipArchiveEntry(name));
      zip.write(content);
      zip.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  /// Two entries, of which the directory has the first.
  static byte[] hidden() throws IOException {
    byte[] first = stored("notes.txt", PROGRAM);
    byte[] second = stored("run.exe", PROGRAM);
    int directory = last(first, "PK\u0001\u0002");
    int entry = last(second, "PK\u0001\u0002");
    byte[] all =
        joined(
            joined(Arrays.copyOf(first, directory), Arrays.copyOf(second, entry)),
            Arrays.copyOfRange(first, directory, first.length));
    int end = last(all, "PK\u0005\u0006");
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(end + 16, directory + entry);
    return all;
  }

  static byte[] tar(String name, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      var entry = new TarArchiveEntry(name);
      entry.setSize(content.length);
      put(tar, entry, content);
    }
    return bytes.toByteArray();
  }

  /// As it was before POSIX: without `ustar`.
  static byte[] old(byte[] tar) {
    byte[] old = tar.clone();
    Arrays.fill(old, 257, 265, (byte) 0);
    Arrays.fill(old, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += old[i] & 0xff;
    }
    replace(old, 148, String.format("%06o", sum));
    return old;
  }

  static byte[] ar(String name, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var ar = new ArArchiveOutputStream(bytes)) {
      put(ar, new ArArchiveEntry(name, content.length), content);
    }
    return bytes.toByteArray();
  }

  static byte[] cpio(String name, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var cpio = new CpioArchiveOutputStream(bytes)) {
      put(cpio, new CpioArchiveEntry(name, content.length), content);
    }
    return bytes.toByteArray();
  }

  static <E extends ArchiveEntry> void put(ArchiveOutputStream<E> archive, E entry, byte[] content)
      throws IOException {
    archive.putArchiveEntry(entry);
    archive.write(content);
    archive.closeArchiveEntry();
  }

  static byte[] sevenZip(String name, byte[] content) throws IOException {
    try (var channel = new SeekableInMemoryByteChannel()) {
      try (var archive = new SevenZOutputFile(channel)) {
        var entry = new SevenZArchiveEntry();
        entry.setName(name);
        archive.putArchiveEntry(entry);
        archive.write(content);
        archive.closeArchiveEntry();
      }
      return Arrays.copyOf(channel.array(), (int) channel.size());
    }
  }

  static byte[] compressed(String kind, byte[] content) throws IOException, CompressorException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        new CompressorStreamFactory().createCompressorOutputStream(kind, bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  /// Of the fourth edition, not compressed.
  static byte[] rar(String name, byte[] content) {
    var crc = new CRC32();
    crc.update(content);
    ByteBuffer main = little(13).put(2, (byte) 0x73).putShort(5, (short) 13);
    ByteBuffer file = little(32 + name.length());
    file.put(2, (byte) 0x74).putShort(3, (short) 0x8000).putShort(5, (short) file.capacity());
    file.putInt(7, content.length).putInt(11, content.length).put(15, (byte) 2);
    file.putInt(16, (int) crc.getValue()).put(24, (byte) 29).put(25, (byte) 0x30);
    file.putShort(26, (short) name.length()).putInt(28, 0x20).put(32, name.getBytes(UTF_8));
    ByteBuffer end =
        little(7).put(2, (byte) 0x7b).putShort(3, (short) 0x4000).putShort(5, (short) 7);
    return joined(
        HexFormat.of().parseHex("526172211a0700"),
        joined(summed(main, 2), joined(summed(file, 2), joined(content, summed(end, 2)))));
  }

  /// @param method 0 is not compressed; otherwise what is in it is for nobody to see
  static byte[] rar5(String name, byte[] content, int method) {
    byte[] main = block(HexFormat.of().parseHex("010000"));
    var file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {2, 2});
    number(file, content.length);
    file.write(0);
    number(file, content.length);
    file.write(0x20);
    number(file, method << 7);
    file.write(0);
    number(file, name.length());
    file.writeBytes(name.getBytes(UTF_8));
    byte[] end = block(HexFormat.of().parseHex("050000"));
    return joined(
        HexFormat.of().parseHex("526172211a070100"),
        joined(main, joined(block(file.toByteArray()), joined(content, end))));
  }

  static byte[] block(byte[] header) {
    var block = new ByteArrayOutputStream();
    block.writeBytes(new byte[4]);
    number(block, header.length);
    block.writeBytes(header);
    return summed(ByteBuffer.wrap(block.toByteArray()).order(ByteOrder.LITTLE_ENDIAN), 4);
  }

  static void number(ByteArrayOutputStream out, int value) {
    int rest = value;
    for (; rest > 127; rest >>>= 7) {
      out.write(rest & 127 | 128);
    }
    out.write(rest);
  }

  static byte[] summed(ByteBuffer block, int width) {
    var crc = new CRC32();
    crc.update(block.array(), width, block.capacity() - width);
    if (width == 2) {
      block.putShort(0, (short) crc.getValue());
    } else {
      block.putInt(0, (int) crc.getValue());
    }
    return block.array();
  }

  static byte[] cabinet(String name) {
    ByteBuffer head = little(36).put(0, "MSCF".getBytes(UTF_8)).putInt(16, 36);
    head.put(24, (byte) 3).put(25, (byte) 1).putShort(26, (short) 1).putShort(28, (short) 1);
    return joined(head.array(), joined(new byte[16], (name + "\u0000").getBytes(UTF_8)));
  }

  static byte[] tnef(String name, byte[] content) {
    return joined(
        HexFormat.of().parseHex("789f3e220001"),
        joined(attribute(0x8010, (name + "\u0000").getBytes(UTF_8)), attribute(0x800f, content)));
  }

  static byte[] tnefProperties(String name) {
    byte[] text = (name + "\u0000").getBytes(UTF_16LE);
    ByteBuffer value = little(4 + 8 + 4 + 4 + 4 + (text.length + 3 & ~3));
    value.putInt(2).putInt(0x37050003).putInt(1);
    value.putInt(0x3707001f).putInt(1).putInt(text.length).put(text);
    return joined(HexFormat.of().parseHex("789f3e220001"), attribute(0x9005, value.array()));
  }

  static byte[] attribute(int id, byte[] data) {
    ByteBuffer head = little(9).put(0, (byte) 2).putShort(1, (short) id).putInt(5, data.length);
    return joined(head.array(), joined(data, new byte[2]));
  }

  static byte[] image(String sign) {
    byte[] image = new byte[0x9000];
    replace(image, 0x8001, sign);
    return image;
  }

  static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] joined(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }

  static void replace(byte[] bytes, int at, String text) {
    byte[] with = text.getBytes(UTF_8);
    System.arraycopy(with, 0, bytes, at, with.length);
  }

  static int last(byte[] bytes, String text) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf(text);
  }
}
