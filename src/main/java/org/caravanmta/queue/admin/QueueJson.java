package org.caravanmta.queue.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The answers of the verbs on queues as JSON (RFC 8259), one object on a line for each row, with
/// the names of `postqueue -j` where it has them (postfix `postqueue(1)`). What could control a
/// terminal is escaped.
public final class QueueJson {
  private QueueJson() {}

  /// A message: `queue_name`, `queue_id`, `arrival_time`, `message_size`, `forced_expire`,
  /// `sender`, `recipients` with `address`, `orig_address`, `delay_reason` or `bounce_reason`; and
  /// ours: `node` in a cluster, `taken`, `attempt`, `next_attempt`, `why`, `transport`, `next_hop`.
  public static String of(ListedMessage listed) {
    QueuedMessage message = listed.message();
    var json = new JsonLine();
    json.add("queue_name", message.queue());
    json.add("queue_id", message.id().orElse(""));
    json.add("arrival_time", message.arrived().map(Instant::getEpochSecond).orElse(0L));
    json.add("message_size", message.size());
    json.add("forced_expire", message.forcedExpire());
    listed.node().ifPresent(node -> json.add("node", node));
    json.add("taken", message.active());
    json.add("attempt", message.attempt());
    message.due().ifPresent(due -> json.add("next_attempt", due.getEpochSecond()));
    message.why().ifPresent(why -> json.add("why", why));
    message.transport().ifPresent(transport -> json.add("transport", transport));
    message.nextHop().ifPresent(hop -> json.add("next_hop", hop));
    json.add("sender", message.sender());
    json.add("recipients", message.recipients().stream().map(QueueJson::recipient).toList());
    return json.end();
  }

  /// What became of a message: `queue_name`, `queue_id`, `recipients` (how many), `verb`, and
  /// `outcome`: `done`, `would`, `taken`, `gone` or `refused`.
  public static String of(String verb, Touched touched) {
    var json = new JsonLine();
    json.add("queue_name", touched.queue());
    json.add("queue_id", touched.id().orElse(""));
    json.add("recipients", touched.recipients());
    json.add("verb", verb);
    json.add("outcome", touched.outcome().name().toLowerCase(Locale.ROOT));
    return json.end();
  }

  /// How many there are: `queue_name`, `messages`, `recipients`, `bytes`.
  public static String of(QueueCount count) {
    var json = new JsonLine();
    json.add("queue_name", count.queue());
    json.add("messages", count.messages());
    json.add("recipients", count.recipients());
    json.add("bytes", count.octets());
    return json.end();
  }

  /// Ages of the mail of a domain: `domain` (`TOTAL` for all), `total`, and `ages` with
  /// `from_minutes`, `to_minutes` (not in the last) and `count`.
  public static String of(ShapeRow row, AgeBuckets buckets) {
    var ages = new ArrayList<String>();
    List<Long> ends = buckets.ends();
    long from = 0;
    for (int i = 0; i < row.counts().size(); i++) {
      var age = new JsonLine();
      age.add("from_minutes", from);
      if (i < ends.size()) {
        from = ends.get(i);
        age.add("to_minutes", from);
      }
      ages.add(age.add("count", row.counts().get(i)).end());
    }
    var json = new JsonLine();
    json.add("domain", row.domain());
    json.add("total", row.total());
    json.add("ages", ages);
    return json.end();
  }

  private static String recipient(QueuedRecipient recipient) {
    var json = new JsonLine();
    json.add("address", recipient.address());
    recipient.original().ifPresent(original -> json.add("orig_address", original));
    if (recipient.status().isPresent()) {
      json.add(recipient.failed() ? "bounce_reason" : "delay_reason", recipient.reason());
    }
    return json.end();
  }
}
