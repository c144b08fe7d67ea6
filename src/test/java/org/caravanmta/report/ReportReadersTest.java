package org.caravanmta.report;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Reports as programs read them that others have written: mime4j, which refuses what is not quite
/// MIME, and Python's `email`, which lists the defects that it has found.
class ReportReadersTest extends ReportedMail {
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  private static final String PLAIN = "text/plain, message/delivery-status, ";

  /// What a reader must find in each report, by its name.
  private final Map<String, String> expected = new LinkedHashMap<>();

  private final Map<String, byte[]> reports = new LinkedHashMap<>();

  @Test
  void findWhatIsInThem() throws Exception {
    fill();
    assertThat(read(ReportReadersTest::byMime4j)).isEqualTo(expected);
  }

  @Test
  void findWhatIsInThemInPython() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(PYTHON), "SKIPPED: apt-get install python3");
    fill();
    assertThat(byPython()).isEqualTo(expected);
  }

  private void fill() throws IOException {
    Mail mail = failed().mail();
    String both = "failed 5.1.1 bob@rel.example, failed 5.4.6 carol@loop.example";
    add("failed", failed(), PLAIN + "message/rfc822", both);
    add(
        "late",
        new Notice(Notice.Action.DELAYED, mail),
        PLAIN + "text/rfc822-headers",
        both.replace("failed", "delayed"));
    add(
        "delivered and relayed",
        new Notice(
            Notice.Action.DELIVERED,
            mail.with(List.of(mail.recipients().get(0).because(Reason.of("2.0.0", "in")))),
            List.of(
                new Notice(
                    Notice.Action.RELAYED,
                    mail.with(
                        List.of(mail.recipients().get(1).because(Reason.of("2.0.0", "x"))))))),
        PLAIN + "text/rfc822-headers",
        "delivered 2.0.0 bob@rel.example, relayed 2.0.0 carol@loop.example");
    // what others say and send cannot end a line, a group of fields or a part
    Recipient hostile =
        mail.recipients()
            .getFirst()
            .because(
                new Reason(
                    Status.of("5.0.0"),
                    "x\r\n\r\n--4hTjv9002Mz00002.1787652005/mx.ex.example--\r\n" + "y".repeat(2000),
                    Optional.of("mx\r\nAction: delivered"),
                    Optional.of("550 \u0000\r\n\r\nFinal-Recipient: rfc822; x@y\u0085\u2028z")));
    Mail nested =
        Letters.letter(
                "Content-Type: multipart/mixed; boundary=\"=_b\"\r\n",
                "--=_b\r\n\r\n"
                    + "one\r\n"
                    + "--=_b\r\n"
                    + "Content-Type: message/rfc822\r\n\r\n"
                    + "Subject: y\r\n\r\n"
                    + "z\r\n"
                    + "--=_b--",
                "bob@rel.example")
            .with(List.of(hostile));
    add(
        "hostile",
        new Notice(Notice.Action.FAILED, nested),
        PLAIN + "message/rfc822",
        "failed 5.0.0 bob@rel.example");
    Mail eight =
        mail.with((Content) new Content.Inline("gr\u00fc\u00dfe\r\n".getBytes(ISO_8859_1)));
    add("eight-bit", new Notice(Notice.Action.FAILED, eight), PLAIN + "message/rfc822", both);
    Mail global =
        Letters.letter("Subject: Gr\u00fc\u00dfe\r\n", "hello\r\n", "j\u00f6rg@rel.example");
    global =
        global
            .with(global.envelope().with(MailOptions.NONE.withSmtputf8()))
            .with(List.of(global.recipients().getFirst().because(UNKNOWN)));
    add(
        "internationalized",
        new Notice(Notice.Action.FAILED, global),
        "text/plain, message/global-delivery-status, message/global",
        "failed 5.1.1 j\u00f6rg@rel.example");
    templates =
        Templates.read(
            Files.write(
                directory.resolve("bounce.cf"),
                "failure_template = <<EOF\nCharset: iso-8859-15\n\nZur\u00fcck.\nEOF\n"
                    .getBytes(ISO_8859_1)),
            Map.of());
    add("of a template", failed(), PLAIN + "message/rfc822", both);
  }

  private void add(String name, Notice notice, String types, String said) {
    Mail report = report(notice, 50_000);
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(report.headers().bytes());
    bytes.writeBytes("\r\n".getBytes(UTF_8));
    bytes.writeBytes(((Content.Inline) report.content()).bytes());
    reports.put(name, bytes.toByteArray());
    expected.put(name, "multipart/report delivery-status [" + types + "] [" + said + "] []");
  }

  private Map<String, String> read(Reader reader) throws IOException, MimeException {
    Map<String, String> found = new LinkedHashMap<>();
    for (var report : reports.entrySet()) {
      found.put(report.getKey(), reader.read(report.getValue()));
    }
    return found;
  }

  private interface Reader {
    String read(byte[] report) throws IOException, MimeException;
  }

  private static String byMime4j(byte[] report) throws IOException, MimeException {
    var stream =
        new MimeTokenStream(
            new MimeConfig.Builder().setStrictParsing(true).setMaxLineLen(-1).build());
    stream.setRecursionMode(RecursionMode.M_NO_RECURSE);
    stream.parse(new ByteArrayInputStream(report));
    String outer = "";
    var types = new ArrayList<String>();
    var said = new ArrayList<String>();
    for (EntityState state = stream.getState();
        state != EntityState.T_END_OF_STREAM;
        state = stream.next()) {
      if (state == EntityState.T_BODY) {
        String type = stream.getBodyDescriptor().getMimeType();
        types.add(type);
        if (type.endsWith("delivery-status")) {
          said.addAll(statuses(new String(stream.getInputStream().readAllBytes(), UTF_8)));
        }
      } else if (state == EntityState.T_FIELD
          && outer.isEmpty()
          && stream.getField().getName().equalsIgnoreCase("Content-Type")) {
        outer = stream.getField().getBody().replaceAll("\\s+", " ").strip();
      }
    }
    return outer.replaceAll("; report-type=(\\S+);.*", " $1") + " " + types + " " + said + " []";
  }

  private static List<String> statuses(String part) {
    String[] groups = part.strip().split("\r\n\r\n");
    var said = new ArrayList<String>();
    for (int i = 1; i < groups.length; i++) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (String line : groups[i].replaceAll("\r\n[ \t]+", " ").split("\r\n")) {
        fields.put(line.split(": ", 2)[0], line.split(": ", 2)[1]);
      }
      said.add(
          "%s %s %s"
              .formatted(
                  fields.get("Action"),
                  fields.get("Status"),
                  fields.getOrDefault("Final-Recipient", "").split("; ", 2)[1]));
    }
    return said;
  }

  private Map<String, String> byPython() throws Exception {
    var command =
        new ArrayList<>(
            List.of(PYTHON.toString(), "-X", "utf8", "src/test/resources/messages/readers.py"));
    for (var report : reports.entrySet()) {
      command.add(
          Files.write(directory.resolve(report.getKey() + ".eml"), report.getValue()).toString());
    }
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
    Map<String, String> found = new LinkedHashMap<>();
    int at = 0;
    for (String name : reports.keySet()) {
      found.put(name, lines.get(at++).replace("'", ""));
    }
    return found;
  }
}
