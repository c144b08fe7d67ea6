package org.caravanmta.mime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A format of files, recognized by the bytes at the start, whatever the file is called.
public enum Magic {
  /// A program or library of Windows or DOS.
  EXE(hex("4d5a")),
  /// A program of Unix.
  ELF(hex("7f454c46")),
  /// A program of macOS.
  MACHO(hex("feedface"), hex("feedfacf"), hex("cefaedfe"), hex("cffaedfe")),
  /// A Java class, or a macOS program for several processors.
  CLASS(hex("cafebabe")),
  /// A shortcut of Windows.
  LNK(hex("4c0000000114020000000000c000000000000046")),
  /// A script, which starts with `#!`.
  SCRIPT(hex("2321")),
  /// A zip archive, and the formats built on it: JAR, OOXML, OpenDocument, APK.
  ZIP(hex("504b0304"), hex("504b0506"), hex("504b0708")),
  /// An archive of WinRAR.
  RAR(hex("526172211a07")),
  /// An archive of 7-Zip.
  SEVENZIP(hex("377abcaf271c")),
  /// A tar archive in the format of POSIX.
  TAR(257, text("ustar")),
  /// An `ar` archive: a library of object files, or a Debian package.
  AR(text("!<arch>\n")),
  /// An archive of Unix, as RPM packages have one.
  CPIO(text("070701"), text("070702"), text("070707")),
  /// Archives of DOS.
  ARJ(hex("60ea")),
  LHA(2, text("-lh"), text("-lz")),
  ACE(7, text("**ACE**")),
  ZOO(text("ZOO ")),
  /// RFC 1952.
  GZIP(hex("1f8b")),
  /// The output of `compress`.
  COMPRESS(hex("1f9d"), hex("1fa0")),
  /// Single compressed files, as `BZIP2` and `XZ` are.
  LZMA(hex("5d0000")),
  LZIP(text("LZIP")),
  LZ4(hex("04224d18")),
  ZSTD(hex("28b52ffd")),
  BZIP2(hex("425a68")),
  XZ(hex("fd377a585a00")),
  /// A Windows cabinet.
  CAB(hex("4d534346")),
  /// An image of a disc (ECMA-119), which Windows opens as a directory.
  ISO(0x8001, text("CD001")),
  /// An image of a newer disc (ECMA-167).
  UDF(0x8001, text("BEA01"), text("NSR0")),
  /// Disk images of Windows.
  WIM(hex("4d5357494d000000")),
  VHD(text("conectix")),
  VHDX(text("vhdxfile")),
  /// A package of macOS.
  XAR(text("xar!")),
  /// A file of classic Mac OS with its resource fork (RFC 1740).
  APPLESINGLE(hex("00051600")),
  /// Documents of old Office programs, installers and saved mail: OLE compound files.
  OLE(hex("d0cf11e0a1b11ae1")),
  /// The wrapper in which Outlook sends attachments, `winmail.dat`.
  TNEF(hex("789f3e22")),
  /// Documents and pictures.
  RTF(text("{\\rtf")),
  PDF(text("%PDF-")),
  PNG(hex("89504e470d0a1a0a")),
  JPEG(hex("ffd8ff")),
  GIF(text("GIF8"));

  /// How many bytes from the start of a file {@link #of} needs to tell any of them: those of ISO
  /// and UDF are farthest from it.
  public static final int LENGTH = 0x8001 + 5;

  private final int at;
  private final List<byte[]> starts;

  Magic(byte[]... starts) {
    this(0, starts);
  }

  /// @param at the offset of the bytes that identify the format
  /// @param starts the bytes, any of which identify it
  Magic(int at, byte[]... starts) {
    this.at = at;
    this.starts = List.of(starts);
  }

  /// The format of a file with this start; empty if it is not one of these.
  public static Optional<Magic> of(byte[] start) {
    return Arrays.stream(values())
        .filter(magic -> magic.starts.stream().anyMatch(bytes -> magic.isAt(bytes, start)))
        .findFirst();
  }

  /// The name that rules and the log use: `zip`, `7z`.
  @Override
  public String toString() {
    return this == SEVENZIP ? "7z" : name().toLowerCase(Locale.ROOT);
  }

  private boolean isAt(byte[] bytes, byte[] of) {
    int end = at + bytes.length;
    return of.length >= end && Arrays.equals(bytes, 0, bytes.length, of, at, end);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static byte[] text(String start) {
    return start.getBytes(StandardCharsets.US_ASCII);
  }
}
