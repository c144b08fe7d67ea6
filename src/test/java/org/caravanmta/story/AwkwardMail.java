package org.caravanmta.story;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Messages that are hard to pass on unchanged: each header section of these with each body. Lines
/// end in CRLF, and one character stands for each byte.
final class AwkwardMail {
  private static final String START = "From: ann@caravan.test\r\nTo: joe@elsewhere.example\r\n";
  private static final String MIME = "MIME-Version: 1.0\r\n";

  private AwkwardMail() {}

  /// By name, HEADERS.BODY.
  static Map<String, String> all() throws IOException {
    var messages = new TreeMap<String, String>();
    Map<String, String> bodies = bodies();
    headers()
        .forEach(
            (header, fields) ->
                bodies.forEach(
                    (body, text) -> messages.put(header + "." + body, fields + "\r\n" + text)));
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/messages"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".eml")).toList()) {
        String text =
            Files.readString(file, StandardCharsets.ISO_8859_1)
                .replaceAll("\r?\n", "\r\n")
                .replaceFirst("Subject :", "Subject:");
        // dkimpy takes no blanks before the colon, and a signature covers a From field
        messages.put(
            "file." + file.getFileName().toString().replace(".eml", ""),
            text.substring(0, text.indexOf("\r\n\r\n")).contains("From:") ? text : START + text);
      }
    }
    return messages;
  }

  private static Map<String, String> headers() {
    var all = new LinkedHashMap<String, String>();
    all.put("plain", START + "Subject: hello\r\nDate: Sun, 29 Nov 2026 12:00:00 +0000\r\n");
    all.put("no-date", START + "Subject: no Date, no Message-ID\r\n");
    all.put("folded", START + "Subject: a\r\n b\r\n\tc\r\n  \td  \r\nX-Long: 1\r\n \t 2\r\n");
    all.put(
        "twice",
        "Received: from a by b; Sun, 29 Nov 2026 12:00:00 +0000\r\n".repeat(20)
            + START
            + "Subject: one\r\nSubject: two\r\nTo: second@elsewhere.example\r\nDate: x\r\n");
    all.put(
        "huge", START + "References:" + "\r\n <0123456789abcdef@id.example>".repeat(3000) + "\r\n");
    all.put("many", START + "Cc: " + ccs(400) + "\r\nSubject: many\r\n");
    all.put(
        "eight-bit",
        "From: J\u00f6rg <ann@caravan.test>\r\nTo: joe@elsewhere.example\r\n"
            + "Subject: gr\u00fc\u00dfe \u00ff\u0080\r\n");
    all.put("utf-8", START + "Subject: " + bytes("Grüße, привет, 你好, 😀", "UTF-8") + "\r\n");
    all.put(
        "encoded",
        START
            + "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= =?iso-2022-jp?B?GyRCJDMbKEI=?=\r\n"
            + " =?koi8-r?B?8NLJ18XU?=\r\n");
    all.put(
        "spaces",
        START
            + "Subject:no space\r\nReply-To:   ann@caravan.test  \r\nsUBJECT: before\r\nX-E:\r\n"
            + "X-B: \t \r\n");
    all.put(
        "lists",
        "Sender: owner@list.example\r\nFrom: \"Ann, of Caravan\" (a (nested) comment)"
            + " <ann@caravan.test>\r\nTo: Undisclosed: ;, joe @ elsewhere.example\r\n"
            + "List-Id: <list.example>\r\nList-Unsubscribe: <mailto:a@list.example>,\r\n"
            + "\t<https://list.example/?a=1&b=2>\r\nList-Post: NO\r\nResent-From: x@y.example\r\n");
    all.put(
        "multipart",
        START
            + MIME
            + "Content-Type: multipart/mixed;\r\n\tboundary=\"b 1\"\r\nSubject: parts\r\n");
    all.put(
        "declared",
        START
            + MIME
            + "Content-Type: text/plain; charset=utf-8\r\n"
            + "Content-Transfer-Encoding: 8bit\r\nSubject: declared\r\n");
    return all;
  }

  private static String ccs(int count) {
    var all = new StringBuilder("first@elsewhere.example");
    for (int i = 0; i < count; i++) {
      all.append(",\r\n\t\"Number ")
          .append(i)
          .append("\" <n")
          .append(i)
          .append("@elsewhere.example>");
    }
    return all.toString();
  }

  private static Map<String, String> bodies() {
    var all = new LinkedHashMap<String, String>();
    all.put("empty", "");
    all.put("one-empty-line", "\r\n");
    all.put("trailing-empty", "text\r\n" + "\r\n".repeat(100));
    all.put("leading-empty", "\r\n\r\n\r\ntext\r\n");
    all.put("dots", "..\r\n.\r\n...\r\n.x\r\n. \r\n.\t\r\nend.\r\n.\r\n");
    all.put("blanks", "a \r\nb\t\r\n \r\n\t\r\n c  d \t e\r\n   \r\n\r\n");
    all.put("from-lines", "From here\r\n>From there\r\nFrom: a field?\r\n");
    all.put("latin-1", bytes("Grüße aus Köln, ÿ\r\n", "ISO-8859-1"));
    all.put("utf-8", bytes("Grüße, привет, 你好, 😀, e\u0301\r\n", "UTF-8"));
    all.put("koi8-r", bytes("привет\r\n", "KOI8-R"));
    all.put("shift-jis", bytes("こんにちは表\r\n", "Shift_JIS"));
    all.put("iso-2022-jp", bytes("こんにちは\r\n", "ISO-2022-JP"));
    all.put("gb18030", bytes("你好世界\r\n", "GB18030"));
    all.put("big5", bytes("功許蓋\r\n", "Big5"));
    all.put("euc-kr", bytes("안녕하세요\r\n", "EUC-KR"));
    all.put("windows-1256", bytes("مرحبا\r\n", "windows-1256"));
    all.put("every-byte", everyByte());
    all.put("nul", "a\0b\r\n\0\r\n");
    all.put("controls", "\u0001\u0007\u0008\u000b\f\u001b[31m\u001a\u007f\r\n\f\r\n");
    all.put("line-998", "x".repeat(998) + "\r\n." + "y".repeat(997) + "\r\n");
    all.put("quoted-printable", "soft=\r\n=20break=3D=\r\n\r\n=2E\r\n.=\r\n");
    all.put("base64", "JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwv\r\n".repeat(2000) + "AA==\r\n");
    all.put(
        "nested",
        "preamble\r\n--b 1\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n--b2\r\n\r\n"
            + "\r\n--b2\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + "<p>\u00e9</p>\r\n--b2--\r\n--b 1\r\nContent-Type: message/rfc822\r\n\r\n"
            + "Subject: inner\r\n\r\ninner\r\n--b 1--  \r\nepilogue\r\n");
    all.put("unterminated", "--b 1\r\nContent-Type: text/plain\r\n\r\ntext\r\n--b 1\r\n");
    all.put(
        "smime",
        "--b 1\r\nContent-Type: text/plain\r\n\r\nsigned \r\n\r\n--b 1\r\nContent-Type:"
            + " application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64"
            + "\r\n\r\nMIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglghkgBZQMEAgEFADCABgkqhkiG9w0BBwEA\r\n\r\n"
            + "--b 1--\r\n");
    all.put("uuencoded", "begin 644 a\r\n#0V%T\r\n`\r\nend\r\n");
    all.put("large", ("y".repeat(76) + "\r\n").repeat(3000));
    return all;
  }

  /// Lines of bytes 1 to 255, but for the ends of lines.
  private static String everyByte() {
    var all = new StringBuilder();
    for (int c = 1; c < 256; c++) {
      if (c != '\r' && c != '\n') {
        all.append((char) c);
      }
    }
    return all.append("\r\n").toString();
  }

  private static String bytes(String text, String charset) {
    return new String(text.getBytes(Charset.forName(charset)), StandardCharsets.ISO_8859_1);
  }
}
