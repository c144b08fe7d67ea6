package org.caravanmta.mime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a file is by its first bytes, whatever it is called.
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
  /// What a script starts with: `#!`.
  SCRIPT(hex("2321")),
  /// Zip archives, and what is made of them: JAR, OOXML, OpenDocument, APK.
  ZIP(hex("504b0304"), hex("504b0506"), hex("504b0708")),
  RAR(hex("526172211a07")),
  SEVENZIP(hex("377abcaf271c")),
  GZIP(hex("1f8b")),
  BZIP2(hex("425a68")),
  XZ(hex("fd377a585a00")),
  /// A cabinet of Windows.
  CAB(hex("4d534346")),
  /// Documents of old Office programs, installers and saved mail: OLE compound files.
  OLE(hex("d0cf11e0a1b11ae1")),
  /// What Outlook wraps attachments in, `winmail.dat`: it is not looked into.
  TNEF(hex("789f3e22")),
  RTF(text("{\\rtf")),
  PDF(text("%PDF-")),
  PNG(hex("89504e470d0a1a0a")),
  JPEG(hex("ffd8ff")),
  GIF(text("GIF8"));

  /// As many bytes as any of them needs.
  public static final int LENGTH = 20;

  private final List<byte[]> starts;

  Magic(byte[]... starts) {
    this.starts = List.of(starts);
  }

  /// What a file is that starts so.
  public static Optional<Magic> of(byte[] start) {
    return Arrays.stream(values())
        .filter(magic -> magic.starts.stream().anyMatch(bytes -> isStart(bytes, start)))
        .findFirst();
  }

  @Override
  public String toString() {
    return this == SEVENZIP ? "7z" : name().toLowerCase(Locale.ROOT);
  }

  private static boolean isStart(byte[] bytes, byte[] of) {
    return of.length >= bytes.length && Arrays.equals(bytes, 0, bytes.length, of, 0, bytes.length);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static byte[] text(String start) {
    return start.getBytes(StandardCharsets.US_ASCII);
  }
}
