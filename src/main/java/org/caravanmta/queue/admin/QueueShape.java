package org.caravanmta.queue.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.caravanmta.address.Domain;
import org.caravanmta.queue.spi.Frame;

/// Counts queued mail by domain and age, as qshape does (postfix `qshape(1)`): each recipient of
/// each message, or each message by its sender. Keeps a row for each domain, however many messages
/// there are.
final class QueueShape {
  /// Ids that are remembered, so that the parts of a message count as one by its sender; beyond
  /// that, each part counts.
  private static final int MOST_KNOWN = 100_000;

  private final ShapeQuestion question;
  private final Instant now;
  private final long[] total;
  private final Map<String, long[]> domains = new HashMap<>();

  /// How many domains are right below each.
  private final Map<String, Integer> below = new HashMap<>();

  private final Set<String> known = new HashSet<>();

  QueueShape(ShapeQuestion question, Instant now) {
    this.question = question;
    this.now = now;
    this.total = new long[question.buckets().count()];
  }

  void add(QueueEntry entry) {
    Optional<Instant> arrived = entry.arrived();
    if (arrived.isPresent() && (!question.senders() || isFirstPart(entry))) {
      int bucket = question.buckets().of(Duration.between(arrived.get(), now));
      of(entry)
          .forEach(
              domain -> {
                total[bucket]++;
                count(domain, bucket);
              });
    }
  }

  /// All mail first, then domain by domain, those with most of it first.
  List<ShapeRow> rows() {
    var rows = new ArrayList<ShapeRow>();
    domains.forEach(
        (domain, counts) -> {
          if (!domain.startsWith(".")
              || below.getOrDefault(domain, 0) >= question.parents().orElse(0)) {
            rows.add(row(domain, counts));
          }
        });
    rows.sort(
        Comparator.comparingLong(ShapeRow::total)
            .reversed()
            .thenComparing(row -> row.domain().length())
            .thenComparing(ShapeRow::domain));
    rows.addFirst(row(ShapeRow.TOTAL, total));
    return rows;
  }

  private boolean isFirstPart(QueueEntry entry) {
    return known.size() >= MOST_KNOWN || entry.id().filter(known::add).isPresent();
  }

  private Stream<String> of(QueueEntry entry) {
    if (question.senders()) {
      String sender = entry.sender();
      String domain = sender.substring(sender.lastIndexOf('@') + 1);
      return Stream.of(domain.isEmpty() ? ShapeRow.NULL_SENDER : new Domain(domain).key());
    }
    return entry.glance().isPresent()
        ? entry.recipients().stream().map(recipient -> recipient.address().domain().key())
        // a broker elsewhere does not show what a stage has taken
        : Stream.ofNullable(entry.properties().get(Frame.RECIPIENT_DOMAIN)).map(String::valueOf);
  }

  private void count(String domain, int bucket) {
    boolean added = add(domain, bucket);
    for (String parent : parents(domain)) {
      if (added) {
        below.merge(parent, 1, Integer::sum);
      }
      added = add(parent, bucket);
    }
  }

  /// @return whether it is the first of this domain
  private boolean add(String domain, int bucket) {
    boolean first = !domains.containsKey(domain);
    domains.computeIfAbsent(domain, _ -> new long[total.length])[bucket]++;
    return first;
  }

  /// Those above, nearest first, but not the top-level domain.
  private List<String> parents(String domain) {
    return question.parents().isEmpty()
        ? List.of()
        : new Domain(domain)
            .parents().stream()
                .filter(parent -> parent.indexOf('.') > 0)
                .map(parent -> "." + parent)
                .toList();
  }

  private static ShapeRow row(String domain, long[] counts) {
    return new ShapeRow(domain, Arrays.stream(counts).boxed().toList());
  }
}
