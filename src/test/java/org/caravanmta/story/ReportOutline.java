package org.caravanmta.story;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravanmta.smtp.client.TestServer;

/// What can be compared of two servers' reports (RFC 3464): envelope, fields, parts and their
/// fields, in their order, with what differs by nature (ids, times, ports) taken out. The words of
/// the first part are the operator's, but what it says of each recipient is compared.
final class ReportOutline {
  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"([^\"]+)\"");

  private final String hostname;
  private final List<String> lines = new ArrayList<>();

  private ReportOutline(String hostname) {
    this.hostname = hostname;
  }

  /// @param hostname the name of the server that reports
  static String of(TestServer.Received report, String hostname) {
    var outline = new ReportOutline(hostname);
    outline.lines.add("<" + report.from() + "> -> " + report.recipients());
    outline.message(report.text());
    return String.join("\n", outline.lines);
  }

  private void message(String text) {
    int end = text.indexOf("\r\n\r\n");
    String header = text.substring(0, end + 2);
    fields(header, true);
    Matcher boundary = BOUNDARY.matcher(header);
    if (!boundary.find()) {
      lines.add("not a multipart");
      return;
    }
    String[] parts = text.substring(end + 2).split("\r\n--" + Pattern.quote(boundary.group(1)));
    lines.add("prologue: " + parts[0].strip());
    for (int i = 1; i < parts.length - 1; i++) {
      part(i, parts[i].substring(2));
    }
    lines.add("end: " + parts[parts.length - 1].strip());
  }

  private void part(int number, String part) {
    int end = part.indexOf("\r\n\r\n");
    String header = part.substring(0, end + 2);
    lines.add("part " + number);
    fields(header, false);
    String content = part.substring(end + 4);
    if (number == 1) {
      // after the operator's words
      int first = content.indexOf("\r\n\r\n<");
      unfolded(content.substring(first + 4))
          .lines()
          .forEach(line -> lines.add("  | " + shown(line)));
    } else if (header.contains("delivery-status")) {
      unfolded(content).lines().forEach(line -> lines.add("  | " + shown(line)));
    } else {
      boolean whole = content.contains("\r\n\r\n");
      String section = whole ? content.substring(0, content.indexOf("\r\n\r\n") + 2) : content;
      lines.add(whole ? "  whole" : "  header section");
      section
          .lines()
          .filter(line -> !line.startsWith("\t") && !line.startsWith(" "))
          .limit(2)
          .forEach(line -> lines.add("  | " + shown(line)));
    }
  }

  private void fields(String header, boolean outer) {
    for (String line : unfolded(header).split("\r\n")) {
      String name = line.split(":", 2)[0];
      if (outer && name.equals("Received")) {
        continue;
      }
      lines.add(shown(line));
    }
  }

  private static String unfolded(String text) {
    return text.replaceAll("\r\n[ \t]+", " ");
  }

  private String shown(String line) {
    return line.replace(hostname, "HOST")
        .replaceAll("boundary=\"[^\"]+\"", "boundary=BOUNDARY")
        .replaceAll(
            "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), +\\d+ \\w+ \\d+ [\\d:]+ \\+0000( \\(UTC\\))?", "DATE")
        .replaceAll("Queue-ID: \\S+", "Queue-ID: ID")
        .replaceAll("<[^@<>]+@HOST>", "<ID@HOST>")
        .replaceAll("Received: .*", "Received: …")
        .replaceAll("(forwarded|queued) as \\S+", "$1 as ID")
        .replaceAll("127\\.0\\.0\\.1]:\\d+", "127.0.0.1]:PORT")
        .stripTrailing();
  }
}
