package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.caravanmta.story.Wire.bytes;
import static org.caravanmta.story.Wire.chunks;
import static org.caravanmta.story.Wire.exactly;
import static org.caravanmta.story.Wire.field;
import static org.caravanmta.story.Wire.upTo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/// Content filters in each of the protocols.
final class Dialects {
  private Dialects() {}

  /// clamd(8), `INSTREAM`.
  record Clamd() implements Dialect {
    @Override
    public Optional<String> question(InputStream in, OutputStream out, boolean old)
        throws IOException {
      upTo(in, "zINSTREAM\0");
      var message = new StringBuilder();
      while (true) {
        byte[] size = in.readNBytes(4);
        int length = ByteBuffer.wrap(size).getInt();
        if (length == 0) {
          return Optional.of(message.toString());
        }
        message.append(exactly(in, length));
      }
    }

    @Override
    public byte[] answer(String message, boolean refused) {
      return bytes(refused ? "stream: Eicar FOUND\0" : "stream: OK\0");
    }

    @Override
    public byte[] wrong() {
      return bytes("UNKNOWN COMMAND\0");
    }

    @Override
    public byte[] begun() {
      return bytes("stream: ");
    }

    @Override
    public byte[] more() {
      return bytes("OK ".repeat(1000));
    }
  }

  /// SPAMC/1.5, `HEADERS`.
  record Spamd() implements Dialect {
    @Override
    public Optional<String> question(InputStream in, OutputStream out, boolean old)
        throws IOException {
      String head = upTo(in, "\r\n\r\n");
      return Optional.of(exactly(in, Integer.parseInt(field(head, "Content-length"))));
    }

    @Override
    public byte[] answer(String message, boolean refused) {
      String section =
          message.substring(0, message.indexOf("\r\n\r\n") + 2) + "X-Spam-Checked: yes\r\n\r\n";
      return bytes(
          "SPAMD/1.1 0 EX_OK\r\nContent-length: "
              + section.length()
              + "\r\nSpam: "
              + (refused ? "True ; 20.0 / 5.0" : "False ; 1.0 / 5.0")
              + "\r\n\r\n"
              + section);
    }

    @Override
    public byte[] wrong() {
      return bytes("SPAMD/1.0 76 Bad header line: (Protocol error)\r\n");
    }

    @Override
    public byte[] begun() {
      return bytes(
          "SPAMD/1.1 0 EX_OK\r\nContent-length: 99\r\nSpam: False ; 1.0 / 5.0\r\n\r\nX-A: b\r\n");
    }

    @Override
    public byte[] more() {
      return bytes("X-More: and more\r\n".repeat(1000));
    }
  }

  /// RFC 3507, `RESPMOD` without a preview.
  record Icap() implements Dialect {
    @Override
    public Optional<String> question(InputStream in, OutputStream out, boolean old)
        throws IOException {
      String head = upTo(in, "\r\n\r\n");
      if (head.startsWith("OPTIONS ")) {
        out.write(
            bytes(
                "ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\nISTag: \"1\"\r\n"
                    + "Encapsulated: null-body=0\r\n\r\n"));
        out.flush();
        head = upTo(in, "\r\n\r\n");
      }
      upTo(in, "\r\n\r\n");
      upTo(in, "\r\n\r\n");
      return Optional.of(chunks(in));
    }

    @Override
    public byte[] answer(String message, boolean refused) {
      return bytes(
          "ICAP/1.0 204 No Content\r\nISTag: \"1\"\r\n"
              + (refused ? "X-Infection-Found: Type=0; Resolution=2; Threat=Eicar;\r\n" : "")
              + "\r\n");
    }

    @Override
    public byte[] wrong() {
      return bytes("ICAP/2.0 505 ICAP Version Not Supported\r\n\r\n");
    }

    @Override
    public byte[] begun() {
      return bytes(
          "ICAP/1.0 200 OK\r\nISTag: \"1\"\r\nEncapsulated: res-hdr=0, res-body=19\r\n\r\n"
              + "HTTP/1.1 200 OK\r\n\r\na\r\nX-A: b\r\n\r\n\r\n");
    }

    @Override
    public byte[] more() {
      return bytes("1000\r\n" + "a body without an end".repeat(300).substring(0, 0x1000) + "\r\n");
    }
  }

  /// SMTP, by a filter that passes on what it takes.
  static final class Smtp implements Dialect {
    private final BiConsumer<String, String> next;
    private boolean greeted;
    private String recipient = "";

    /// @param next gets the recipient and the text of each message that is taken
    Smtp(BiConsumer<String, String> next) {
      this.next = next;
    }

    @Override
    public Optional<String> question(InputStream in, OutputStream out, boolean old)
        throws IOException {
      if (!greeted) {
        greeted = true;
        say(out, "220 filter.example ESMTP");
      }
      while (true) {
        String line = upTo(in, "\r\n");
        switch (line.split("[ :]", 2)[0]) {
          case "EHLO", "HELO" -> say(out, old ? "502 5.5.1 Not implemented" : "250 filter.example");
          case "RCPT" -> {
            recipient = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
            say(out, "250 2.1.5 Ok");
          }
          case "DATA" -> {
            say(out, "354 go");
            return Optional.of(upTo(in, "\r\n.\r\n"));
          }
          case "QUIT" -> {
            say(out, "221 2.0.0 Bye");
            return Optional.empty();
          }
          default -> say(out, "250 2.0.0 Ok");
        }
      }
    }

    private static void say(OutputStream out, String line) throws IOException {
      out.write(bytes(line + "\r\n"));
      out.flush();
    }

    @Override
    public void answered(String message, boolean refused) {
      if (!refused) {
        next.accept(recipient, message);
      }
    }

    @Override
    public byte[] answer(String message, boolean refused) {
      return bytes(refused ? "554 5.7.1 Refused by the filter\r\n" : "250 2.0.0 Ok: taken\r\n");
    }

    @Override
    public byte[] wrong() {
      return bytes("502 5.5.1 Not implemented\r\n");
    }

    @Override
    public byte[] begun() {
      return bytes("250-2.0.0 Ok\r\n");
    }

    @Override
    public byte[] more() {
      return bytes("250-2.0.0 and more\r\n".repeat(1000));
    }
  }

  /// What the filters that are asked over HTTP have in common (RFC 9112).
  private static String request(InputStream in, StringBuilder head) throws IOException {
    head.append(upTo(in, "\r\n\r\n"));
    String length = field(head.toString(), "Content-Length");
    return length.isEmpty()
        ? field(head.toString(), "Transfer-Encoding").isEmpty() ? "" : chunks(in)
        : exactly(in, Integer.parseInt(length));
  }

  private static byte[] response(String status, String type, String body) {
    return bytes(
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static byte[] endless(String type) {
    return bytes("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n\r\n{\"action\": \"");
  }

  /// `/checkv3` of rspamd.
  record Rspamd() implements Dialect {
    @Override
    public Optional<String> question(InputStream in, OutputStream out, boolean old)
        throws IOException {
      return Optional.of(request(in, new StringBuilder()));
    }

    @Override
    public byte[] answer(String message, boolean refused) {
      return response(
          "200 OK",
          "multipart/mixed; boundary=\"b\"",
          "--b\r\nContent-Disposition: form-data; name=\"result\"\r\n"
              + "Content-Type: application/json\r\n\r\n{\"action\":\""
              + (refused ? "reject" : "no action")
              + "\",\"score\":1.0,\"is_skipped\":false}\r\n--b--\r\n");
    }

    @Override
    public byte[] wrong() {
      return response("505 HTTP Version Not Supported", "text/plain", "no\r\n");
    }

    @Override
    public byte[] begun() {
      return endless("application/json");
    }

    @Override
    public byte[] more() {
      return bytes("no action ".repeat(1000));
    }
  }

  /// MTA Hooks: a registration first.
  record Hooks() implements Dialect {
    private static final Pattern RAW = Pattern.compile("\"rawMessage\":\"([^\"]*)\"");

    @Override
    public Optional<String> question(InputStream in, OutputStream out, boolean old)
        throws IOException {
      while (true) {
        var head = new StringBuilder();
        String body = request(in, head);
        if (head.indexOf("POST /hook ") == 0) {
          var raw = RAW.matcher(body);
          return Optional.of(
              raw.find() ? new String(Base64.getDecoder().decode(raw.group(1)), ISO_8859_1) : "");
        }
        out.write(
            response(
                "201 Created",
                "application/json",
                "{\"registrationId\":\"reg_1\",\"status\":\"active\",\"hookEndpoint\":\"/hook\","
                    + "\"negotiated\":{\"serialization\":\"json\",\"inbound\":{\"stages\":"
                    + "[\"data\"],\"properties\":[\"/stage\",\"/action\",\"/rawMessage\"]},"
                    + "\"outbound\":null}}"));
        out.flush();
      }
    }

    @Override
    public byte[] answer(String message, boolean refused) {
      return response(
          "200 OK",
          "application/json",
          refused ? "[{\"op\":\"replace\",\"path\":\"/action\",\"value\":\"reject\"}]" : "[]");
    }

    @Override
    public byte[] wrong() {
      return response("505 HTTP Version Not Supported", "text/plain", "no\r\n");
    }

    @Override
    public byte[] begun() {
      return endless("application/json");
    }

    @Override
    public byte[] more() {
      return bytes("accept ".repeat(1000));
    }
  }
}
