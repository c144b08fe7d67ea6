package org.caravanmta.bench;

import java.util.List;

/// A picture of a {@link Report} in SVG: for each load how many times more messages a second than
/// the first server each other one delivered, the median of all rounds, with a line from the worst
/// round to the best.
final class Chart {
  private static final int WIDTH = 860;
  private static final int LEFT = 350;
  private static final int RIGHT = 190;
  private static final int TOP = 84;
  private static final int ROW = 26;
  private static final int BAR = 14;
  private static final String[] COLOURS = {"#3b6ea5", "#c8553d", "#588157", "#8d6a9f"};

  private Chart() {}

  static String of(Report report, String machine, String versions) {
    List<Report.Row> rows =
        report.rows().stream()
            .filter(
                row -> !row.peer().equals(report.peers().getFirst()) || report.peers().size() == 1)
            .toList();
    double most = rows.stream().mapToDouble(Report.Row::best).max().orElse(1);
    double scale = (WIDTH - LEFT - RIGHT) / Math.ceil(Math.max(1, most));
    int height = TOP + rows.size() * ROW + 34;
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" font-family="Helvetica, Arial, sans-serif">
        <rect width="100%%" height="100%%" fill="#ffffff"/>
        <text x="20" y="30" font-size="17" font-weight="bold" fill="#222">Messages delivered per second, as a multiple of %s</text>
        <text x="20" y="50" font-size="11" fill="#666">%s</text>
        <text x="20" y="65" font-size="11" fill="#666">%s</text>
        """
            .formatted(
                WIDTH,
                height,
                WIDTH,
                capital(report.peers().getFirst()),
                escaped(versions),
                escaped(machine)));
    int bottom = TOP + rows.size() * ROW + 4;
    int step = most > 12 ? 5 : 1;
    for (int mark = 0; mark <= Math.ceil(Math.max(1, most)); mark += step) {
      double x = LEFT + mark * scale;
      svg.append(
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>%n"
              .formatted(x, TOP - 4, x, bottom, mark == 1 ? "#888" : "#e4e4e4"));
      svg.append(
          "<text x=\"%.1f\" y=\"%d\" font-size=\"11\" fill=\"#666\" text-anchor=\"middle\">%d×</text>%n"
              .formatted(x, bottom + 16, mark));
    }
    for (int i = 0; i < rows.size(); i++) {
      svg.append(row(report, rows.get(i), TOP + i * ROW, scale));
    }
    return svg.append("</svg>\n").toString();
  }

  private static String row(Report report, Report.Row row, int y, double scale) {
    double first =
        report.rows().stream()
            .filter(r -> r.load().equals(row.load()) && r.peer().equals(report.peers().getFirst()))
            .findFirst()
            .map(Report.Row::delivered)
            .orElse(0.0);
    double middle = y + BAR / 2.0;
    return """
    <text x="%d" y="%.1f" font-size="11" fill="#222" text-anchor="end">%s</text>
    <rect x="%d" y="%d" width="%.1f" height="%d" rx="2" fill="%s"/>
    <line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#222" stroke-width="1.5"/>
    <text x="%.1f" y="%.1f" font-size="11" fill="#222"><tspan font-weight="bold">%.1f×</tspan> %s %s/s to %s/s</text>
    """
        .formatted(
            LEFT - 8,
            middle + 4,
            escaped(row.load().toString()),
            LEFT,
            y,
            Math.max(1, row.ratio() * scale),
            BAR,
            COLOURS[Math.max(0, report.peers().indexOf(row.peer()) - 1) % COLOURS.length],
            LEFT + row.worst() * scale,
            middle,
            LEFT + row.best() * scale,
            middle,
            LEFT + row.best() * scale + 7,
            middle + 4,
            row.ratio(),
            capital(row.peer()),
            Report.rate(row.delivered()),
            Report.rate(first));
  }

  private static String capital(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
