package org.caravanmta.story;

import java.util.LinkedHashMap;
import java.util.Map;

/// Messages for rules to look at, by what is special about them; one char is one byte.
final class CheckedMessages {
  /// What the name of a message starts with whose server takes seven bits.
  static final String SEVEN = "seven bits: ";

  private static final String MULTIPART =
      "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n";

  private final Map<String, String> all = new LinkedHashMap<>();

  private CheckedMessages() {}

  static Map<String, String> all() {
    var messages = new CheckedMessages();
    messages.fields();
    messages.lines();
    messages.parts();
    messages.nested();
    messages.odd();
    messages.sevenBits();
    return messages.all;
  }

  private void add(String name, String fields, String body) {
    all.put(name, "From: ann@client.example\r\nTo: bob@dest.example\r\n" + fields + "\r\n" + body);
  }

  private void field(String name, String fields) {
    add(name, fields, "hello\r\n");
  }

  private void fields() {
    for (String subject :
        new String[] {
          "reject me",
          "reject plainly",
          "reject status",
          "defer me",
          "reject words with",
          "discard me",
          "hold me",
          "filter me",
          "redirect me",
          "copy me",
          "warn me",
          "info me",
          "please replace this",
          "prepend me",
          "ok me",
          "nothing",
          "REJECT ME",
          "warn\tme"
        }) {
      field("subject " + subject, "Subject: " + subject + "\r\n");
    }
    field("two filters", "X-Filter: none\r\nX-Filter: some\r\n");
    field("filter then redirect", "X-Filter: none\r\nSubject: redirect me\r\n");
    field("redirect then filter", "Subject: redirect me\r\nX-Filter: none\r\n");
    field("two redirects", "Subject: redirect me\r\nX-Redirect: other\r\n");
    field("redirect and copy", "Subject: redirect me\r\nX-Copy: 1\r\n");
    field("redirect then late reject", "Subject: redirect me\r\nX-Late: 1\r\n");
    field("two copies", "Subject: copy me\r\nX-Copy: 1\r\n");
    field("copy twice to one", "X-Copy: 1\r\nX-Copy: 2\r\n");
    field("copy then discard", "Subject: copy me\r\nX-Copy: 1\r\nX-Late: 1\r\n");
    field("hold then reject", "Subject: hold me\r\nX-Late: 1\r\n");
    field("hold then redirect", "Subject: hold me\r\nX-Redirect: other\r\n");
    field("discard then reject", "Subject: discard me\r\nX-Late: 1\r\n");
    field("ignore", "X-Gone: 1\r\nX-Kept: 1\r\n");
    field("ignore all three", "X-Gone: 1\r\nX-Gone:\r\n 2\r\nX-Gone: 3\r\n");
    field("strip", "X-Strip: 1\r\n");
    field("pass", "X-Pass: 1\r\nX-Late: 1\r\n");
    field("late", "X-Late: 1\r\nX-Pass: 1\r\n");
    field("folded", "X-Folded: first\r\n second\r\n");
    field("folded twice", "X-Folded: first\r\n\t\r\n  second\r\nX-Kept: 1\r\n");
    field("folded reject", "Subject: please\r\n reject\r\n me\r\n");
    field("folded reject matches", "Subject: a\r\n\treject me\r\n");
    field("folded replace", "Subject: a\r\n b replace c\r\n d\r\n");
    field("case", "X-Case: exact\r\nX-Case: Exact\r\n");
    field("if", "X-If: one\r\nX-If: two\r\nX-If: three\r\n");
    field("if not", "X-Unless: sentinel\r\n");
    field("unless", "X-Other: sentinel\r\n");
    field("dunno first", "X-Both: a b\r\n");
    field("dunno not", "X-Both: b\r\n");
    field("no value", "X-Empty:\r\nX-Gone:\r\n");
    field("space before colon", "X-Gone : 1\r\nX-Strip\t: 1\r\nX-Kept : 1\r\n");
    field("eight bits", "X-8bit: \u00e9\u00e8\r\n");
    field("eight bits utf-8", "X-8bit: \u00c3\u00a9\r\n");
    field("to replaced", "To: secret@dest.example\r\n");
    field("bcc", "Bcc: blind@dest.example\r\n");
    field("header mime version", "MIME-Version: 9\r\n");
    field("mime version", "MIME-Version: 2.0\r\n");
    field("long line", "X-Long: " + "a".repeat(2500) + "\r\n");
    field("long folded", "X-Long: a" + "\r\n b".repeat(3000) + "\r\n tail\r\n");
    field("beyond the header limit", "X-Long: " + "\r\n 0123456789".repeat(9000) + "\r\n tail\r\n");
    field("many fields", "X-Kept: 1\r\n".repeat(500) + "X-Gone: 1\r\n");
    field("filter and ignore", "X-Filter: some\r\nX-Gone: 1\r\nX-Strip: 1\r\nX-Kept: 2\r\n");
  }

  private void lines() {
    for (String word :
        new String[] {
          "reject",
          "defer",
          "discard",
          "hold",
          "filter",
          "redirect",
          "copy",
          "warn",
          "ignore",
          "strip",
          "pass",
          "prepend",
          "late"
        }) {
      add("body " + word, "Subject: x\r\n", "one\r\n" + word + " this\r\ntwo\r\n");
    }
    add("body replace", "", "replace me\r\n\r\nreplace\r\nreplace  two  blanks \r\nx\r\n");
    add("body pass late", "", "pass this\r\nlate\r\n");
    add("body dots", "", ".\r\n..\r\n.replace\r\nreplace .\r\nignore this\r\n.x\r\n");
    add("body empty", "", "");
    add("body no text", "", "\r\n\r\n\r\n");
    add("body base64", "Content-Transfer-Encoding: base64\r\n", "aGVsbG8=\r\n");
    add("body umlaut", "", "\u00e4 umlaut\r\n\u00c3\u00a4 utf-8\r\n");
    add("body last line", "", "one\r\nignore this\r\n");
    add("body all gone", "", "ignore this\r\nstrip this\r\n");
    add("body within the limit", "", ("x".repeat(98) + "\r\n").repeat(500) + "late\r\n");
    add("body beyond the limit", "", ("x".repeat(98) + "\r\n").repeat(530) + "late\r\n");
    add("body at the limit", "", ("x".repeat(62) + "\r\n").repeat(800) + "late\r\n");
    add(
        "body of two parts, each has its limit",
        MULTIPART,
        "--b\r\n\r\n"
            + ("x".repeat(98) + "\r\n").repeat(530)
            + "late\r\n--b\r\n\r\nlate\r\n--b--\r\n");
    add("body looks like fields", "", "Subject: reject me\r\nX-Late: 1\r\n\r\nx\r\n");
    add("body line of 900", "", "x".repeat(880) + " deep in a long line\r\n");
  }

  private void parts() {
    add("part named exe", MULTIPART, part("Content-Type: application/x; name=\"a.exe\"\r\n"));
    add(
        "part named exe, folded",
        MULTIPART,
        part("Content-Disposition: attachment;\r\n filename=\"a.exe\"\r\n"));
    add("part video", MULTIPART, part("Content-Type: video/mp4\r\nX-Kept: 1\r\n"));
    add("part description", MULTIPART, part("Content-Description: secret\r\n"));
    add("part prepend", MULTIPART, part("Content-ID: <before>\r\n"));
    add("part hold", MULTIPART, part("X-In-Part: hold\r\n"));
    add("part gone", MULTIPART, part("X-In-Part: gone\r\nX-Gone: 1\r\n"));
    add("part subject", MULTIPART, part("Subject: in a part\r\n"));
    add("part subject is no header", MULTIPART, part("Subject: reject me\r\n"));
    add("part body", MULTIPART, part("\r\nreject this\r\n"));
    add("part replace", MULTIPART, part("\r\nreplace me\r\nignore this\r\n"));
    add("part without fields", MULTIPART, "--b\r\n\r\nwarn this\r\n--b--\r\n");
    add("part without empty line", MULTIPART, "--b\r\nwarn this\r\nreject this\r\n--b--\r\n");
    add(
        "preamble and epilogue",
        MULTIPART,
        "end of preamble\r\n" + part("") + "epilogue\r\nreject this\r\n");
    add("never closed", MULTIPART, "--b\r\nX-In-Part: gone\r\n\r\nx\r\n");
    add("header in top", MULTIPART + "Content-Description: secret\r\n", part(""));
    String quoted = "Content-Type: multipart/mixed; boundary=\"b b:\\\"=\"\r\n";
    add("quoted boundary", quoted, "--b b:\"=\r\nX-In-Part: gone\r\n\r\nx\r\n--b b:\"=--\r\n");
    add(
        "boundary with blanks behind",
        MULTIPART,
        "--b  \t\r\nX-In-Part: gone\r\n\r\nx\r\n--b--\t\r\n");
    add("longer boundary", MULTIPART, "--bb\r\nX-In-Part: gone\r\n\r\nx\r\n--b--\r\n");
    add("boundary in capitals", MULTIPART, "--B\r\nX-In-Part: gone\r\n\r\nx\r\n--b--\r\n");
    add(
        "comment in type",
        "Content-Type: (a) multipart/(b)mixed (c); (d) boundary (e) = (f) b\r\n",
        part("X-In-Part: gone\r\n"));
    add(
        "two boundaries",
        "Content-Type: multipart/x; boundary=a; boundary=b\r\n",
        part("X-In-Part: gone\r\n"));
    add("no boundary", "Content-Type: multipart/mixed\r\n", part("X-In-Part: gone\r\n"));
    add(
        "empty boundary",
        "Content-Type: multipart/mixed; boundary=\"\"\r\n",
        part("X-In-Part: gone\r\n"));
    add(
        "two types",
        "Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b\r\n",
        part("X-In-Part: gone\r\n"));
    add(
        "a multipart in a multipart",
        MULTIPART,
        "--b\r\n"
            + "Content-Type: multipart/alternative; boundary=c\r\n\r\n"
            + "--c\r\n"
            + "X-In-Part: gone\r\n"
            + "\r\n"
            + "replace one\r\n"
            + "--c--\r\n"
            + "replace two\r\n"
            + "--b\r\n"
            + "X-In-Part: gone\r\n\r\n"
            + "x\r\n"
            + "--b--\r\n");
    add(
        "outer boundary ends inner",
        MULTIPART,
        "--b\r\n"
            + "Content-Type: multipart/x; boundary=c\r\n\r\n"
            + "--c\r\n\r\n"
            + "x\r\n"
            + "--b\r\n"
            + "X-In-Part: gone\r\n"
            + "\r\n"
            + "--c\r\n"
            + "X-In-Part: gone\r\n\r\n"
            + "--b--\r\n");
    var deep = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      deep.append("--b").append(i == 0 ? "" : "" + i);
      deep.append("\r\nContent-Type: multipart/x; boundary=b").append(i + 1).append("\r\n\r\n");
    }
    add(
        "thirty deep",
        MULTIPART,
        deep + "--b30\r\nX-In-Part: gone\r\n\r\nreplace it\r\n--b30--\r\n");
    String boundary = "x".repeat(70);
    add(
        "long boundary",
        "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n",
        "--" + boundary + "\r\nX-In-Part: gone\r\n\r\nx\r\n--" + boundary + "--\r\n");
  }

  private static String part(String fields) {
    return "--b\r\n" + fields + "\r\nx\r\n--b--\r\n";
  }

  private void nested() {
    String message = "Content-Type: message/rfc822\r\n";
    String top = "MIME-Version: 1.0\r\n" + message;
    add("attached subject", top, "Subject: an attached one\r\n\r\nx\r\n");
    add("attached subject rejected only there", top, "Subject: reject me\r\n\r\nx\r\n");
    add("attached gone", top, "X-Nested: gone\r\nX-Gone: 1\r\n\r\nx\r\n");
    add("attached other", top, "X-Nested:\r\n other\r\nX-Nested: warn\r\n\r\nreplace x\r\n");
    add("attached mime", top, "MIME-Version: 1.0\r\nContent-Description: secret\r\n\r\nx\r\n");
    add(
        "attached in part",
        MULTIPART,
        "--b\r\n" + message + "\r\nX-Nested: gone\r\n\r\nx\r\n--b--\r\n");
    add(
        "attached copy",
        MULTIPART,
        "--b\r\n" + message + "\r\nX-Nested: copy\r\n\r\nx\r\n--b--\r\n");
    add(
        "attached multipart",
        top,
        "X-Nested: gone\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
            + "X-In-Part: gone\r\n\r\nreplace x\r\n--b--\r\n");
    add(
        "digest",
        "Content-Type: multipart/digest; boundary=b\r\n",
        "--b\r\n\r\nX-Nested: gone\r\n\r\nx\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
            + "X-Nested: gone\r\n--b--\r\n");
    add("attached without fields", top, "replace no field\r\nX-Nested: gone\r\n\r\nx\r\n");
    add("attached empty", top, "\r\nX-Nested: gone\r\n");
    add(
        "attached in base64",
        top + "Content-Transfer-Encoding: base64\r\n",
        "X-Nested: gone\r\n\r\nx\r\n");
    add(
        "attached partial",
        "Content-Type: message/partial; id=x\r\n",
        "X-Nested: gone\r\n\r\nx\r\n");
    add("attached global", "Content-Type: message/global\r\n", "X-Nested: gone\r\n\r\nx\r\n");
    add(
        "attached twice",
        top,
        "X-Nested: other\r\n"
            + message
            + "\r\nX-Nested: gone\r\nX-Nested: other\r\n\r\nreplace x\r\n");
  }

  /// For a server that does not offer 8BITMIME.
  private void sevenBits() {
    String eight = "Content-Transfer-Encoding: 8bit\r\n";
    String line =
        "\u00e4\u00f6 = a line \t\r\n.\r\n\r\n"
            + "\u00c3\u00a9y".repeat(60)
            + "\r\n"
            + "y ".repeat(90);
    add(SEVEN + "text", eight, line + "\r\nend\r\n");
    add(SEVEN + "binary", "Content-Transfer-Encoding:\r\n\tBinary\r\nX-Kept: 1\r\n", line + "\r\n");
    add(SEVEN + "unsaid", "", line + "\r\n");
    add(SEVEN + "said to be seven", "Content-Transfer-Encoding: 7bit\r\n", line + "\r\n");
    add(
        SEVEN + "quoted already",
        "Content-Transfer-Encoding: quoted-printable\r\n",
        "=E4 =\r\nx\r\n");
    add(
        SEVEN + "parts",
        MULTIPART + eight,
        "\u00e4\r\n--b\r\n"
            + eight
            + "\r\n"
            + line
            + "\r\n--b\r\n\r\n\u00e4\r\n--b--\r\n\u00e4\r\n");
    add(
        SEVEN + "attached",
        "MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n" + eight,
        "Subject: \u00e4\r\n" + eight + "\r\n" + line + "\r\n");
    add(
        SEVEN + "a line of 2000",
        eight,
        "z".repeat(2000) + "\r\n" + "\u00e4".repeat(2000) + "\r\n");
    add("a line of 998", "", "z".repeat(998) + "\r\n" + "z".repeat(999) + "\r\n");
    add(
        "a line of 1995",
        "",
        "z".repeat(1995) + "\r\n" + "z".repeat(1996) + "\r\n." + "z".repeat(997) + "\r\n");
    add("a field of 3000", "X-Kept: " + "z".repeat(3000) + "\r\n", "x\r\n");
  }

  private void odd() {
    all.put("no fields at all", "\r\nreplace a body\r\n");
    all.put("no empty line", "Subject: warn me\r\n");
    all.put("body without empty line", "Subject: warn me\r\nreplace a line\r\nX-Gone: 1\r\n");
    all.put("starts with a blank", " warn this\r\nSubject: x\r\n\r\nx\r\n");
    all.put("envelope line", "From ann Sat Jan  3 01:05:34 1996\r\nSubject: warn me\r\n\r\nx\r\n");
    all.put("quoted envelope line", ">From ann\r\nX-Gone: 1\r\n\r\nx\r\n");
    all.put("name of odd signs", "X!#$%&'*: 1\r\nX-Gone: 1\r\nX (a): 1\r\n\r\nx\r\n");
    all.put("field name of eight bits", "X-Gone: 1\r\nX\u00e4: 1\r\nX-Strip: 1\r\n\r\nx\r\n");
    all.put("blanks only line in fields", "Subject: x\r\n  \r\nX-Gone: 1\r\n\r\nx\r\n");
    all.put("colon first", ": x\r\nX-Gone: 1\r\n\r\nx\r\n");
    all.put(
        "return path and content length",
        "Return-Path: <a@b.example>\r\nContent-Length: 3\r\n\r\nx\r\n");
  }
}
