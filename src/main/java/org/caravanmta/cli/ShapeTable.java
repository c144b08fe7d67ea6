package org.caravanmta.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.message.Printable;
import org.caravanmta.queue.admin.AgeBuckets;
import org.caravanmta.queue.admin.QueueJson;
import org.caravanmta.queue.admin.ShapeRow;

/// Writes how old the mail of each domain is: the table of qshape (postfix `qshape(1)`), whose
/// columns are headed by where in minutes each age ends, or JSON.
final class ShapeTable {
  /// Columns of a line.
  static final int WIDTH = 80;

  /// Columns at least for the domain, whatever the line comes to.
  private static final int LEAST = 18;

  private final ShapeOptions options;
  private final AgeBuckets buckets;
  private final PrintWriter out;
  private final List<ShapeRow> rows = new ArrayList<>();

  ShapeTable(ShapeOptions options, AgeBuckets buckets, PrintWriter out) {
    this.options = options;
    this.buckets = buckets;
    this.out = out;
  }

  /// The first is that of all mail.
  void add(ShapeRow row) {
    if (rows.size() <= options.most()) {
      rows.add(row);
    }
  }

  void end() {
    if (options.json()) {
      rows.forEach(row -> out.print(QueueJson.of(row, buckets) + "\n"));
    } else if (!rows.isEmpty()) {
      List<String> heads = heads();
      List<String> totals = counts(rows.getFirst());
      var widths = new ArrayList<Integer>();
      for (int i = 0; i < heads.size(); i++) {
        widths.add(1 + Math.max(2, Math.max(heads.get(i).length(), totals.get(i).length())));
      }
      int numbers = widths.stream().mapToInt(Integer::intValue).sum();
      int name = Math.max(LEAST, Math.max(WIDTH, options.width()) - numbers);
      line("", name, heads, widths);
      rows.forEach(row -> line(Printable.text(row.domain()), name, counts(row), widths));
    }
  }

  private List<String> heads() {
    var heads = new ArrayList<String>();
    heads.add("T");
    buckets.ends().forEach(end -> heads.add(end.toString()));
    heads.add((buckets.ends().isEmpty() ? 0 : buckets.ends().getLast()) + "+");
    return heads;
  }

  private static List<String> counts(ShapeRow row) {
    var counts = new ArrayList<String>();
    counts.add(Long.toString(row.total()));
    row.counts().forEach(count -> counts.add(count.toString()));
    return counts;
  }

  private void line(String domain, int name, List<String> numbers, List<Integer> widths) {
    var line = new StringBuilder(right(shortened(domain, name), name));
    for (int i = 0; i < numbers.size(); i++) {
      line.append(right(numbers.get(i), widths.get(i)));
    }
    out.print(line.append('\n'));
  }

  /// The end of a name says most.
  private static String shortened(String domain, int name) {
    String mark = domain.startsWith(".") ? ".+" : "+";
    return domain.length() <= name
        ? domain
        : mark + domain.substring(domain.length() - name + mark.length());
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
