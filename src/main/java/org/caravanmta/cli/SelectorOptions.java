package org.caravanmta.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.queue.selector.Age;
import org.caravanmta.queue.selector.Comparison;
import org.caravanmta.queue.selector.NumberField;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.SelectorReader;
import org.caravanmta.queue.selector.TextField;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options by which commands on queues select messages. Different options all have to fit; of
/// one that is given several times, one has to.
final class SelectorOptions {
  private static final String AGAIN = " May be repeated: one has to fit.";

  @Option(
      names = "--sender",
      paramLabel = "ADDRESS",
      description = "From this sender: an address, a pattern such as *@example.org, or <>." + AGAIN)
  private List<String> senders = new ArrayList<>();

  @Option(
      names = "--recipient",
      paramLabel = "ADDRESS",
      description = "With such a recipient: an address or a pattern." + AGAIN)
  private List<String> recipients = new ArrayList<>();

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      description = "With a recipient in such a domain: a name or a pattern." + AGAIN)
  private List<String> domains = new ArrayList<>();

  @Option(
      names = "--next-hop",
      paramLabel = "NEXTHOP",
      description = "To such a next hop, as queue show writes it: a text or a pattern." + AGAIN)
  private List<String> nextHops = new ArrayList<>();

  @Option(
      names = "--transport",
      paramLabel = "TRANSPORT",
      description = "By this transport." + AGAIN)
  private List<String> transports = new ArrayList<>();

  @Option(
      names = "--queue",
      paramLabel = "QUEUE",
      description = "On this queue, or family: deferred.*" + AGAIN)
  private List<String> queues = new ArrayList<>();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Waiting for a reason with this text, or pattern, in it." + AGAIN)
  private List<String> reasons = new ArrayList<>();

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      description =
          "Set aside by a content filter with this text, or pattern, in its step." + AGAIN)
  private List<String> filters = new ArrayList<>();

  @Option(
      names = "--client",
      paramLabel = "CLIENT",
      description = "Brought by this client: its name, its address, or a pattern." + AGAIN)
  private List<String> clients = new ArrayList<>();

  @Option(
      names = "--subject",
      paramLabel = "TEXT",
      description = "With this text, or pattern, in its subject." + AGAIN)
  private List<String> subjects = new ArrayList<>();

  @Option(
      names = "--older",
      paramLabel = "AGE",
      description = "Arrived at least this long ago: 90s, 5m, 2h, 3d.")
  private @Nullable String older;

  @Option(names = "--younger", paramLabel = "AGE", description = "Arrived less than this long ago.")
  private @Nullable String younger;

  @Option(
      names = "--attempts",
      paramLabel = "N",
      description = "With at least this many delivery attempts.")
  private @Nullable Long attempts;

  @Option(
      names = "--where",
      paramLabel = "EXPRESSION",
      description =
          "Any of these joined by and, or, not and brackets: 'domain=*.example.org and (age>=2h or"
              + " attempts>3) and not sender=<>'. Its words: id, sender, recipient, domain,"
              + " next-hop, transport, queue, reason, filter, client, subject, age, detained,"
              + " attempts, size, all.")
  private @Nullable String where;

  /// What is selected by options; absent when there are none.
  ///
  /// @throws IllegalArgumentException says which option is wrong
  Optional<Selector> selector() {
    var all = new ArrayList<Selector>();
    any(all, TextField.SENDER, senders);
    any(all, TextField.RECIPIENT, recipients);
    any(all, TextField.DOMAIN, domains);
    any(all, TextField.NEXT_HOP, nextHops);
    any(all, TextField.TRANSPORT, transports);
    any(all, TextField.QUEUE, queues);
    any(all, TextField.REASON, reasons);
    any(all, TextField.FILTER, filters);
    any(all, TextField.CLIENT, clients);
    any(all, TextField.SUBJECT, subjects);
    if (older != null) {
      all.add(age(Comparison.AT_LEAST, older));
    }
    if (younger != null) {
      all.add(age(Comparison.BELOW, younger));
    }
    if (attempts != null) {
      all.add(new Selector.Numeric(NumberField.ATTEMPTS, Comparison.AT_LEAST, attempts));
    }
    if (where != null) {
      all.add(SelectorReader.read(where));
    }
    return all.stream().reduce(Selector::and);
  }

  /// The one queue that is named, if that is all that is selected by.
  Optional<String> onlyQueue() {
    return queues.size() == 1
            && selector()
                .filter(Selector.Text.of(TextField.QUEUE, queues.getFirst())::equals)
                .isPresent()
        ? Optional.of(queues.getFirst())
        : Optional.empty();
  }

  /// Those that are named by one of these texts.
  static Selector any(TextField field, List<String> texts) {
    List<Selector> each =
        texts.stream().<Selector>map(text -> Selector.Text.of(field, text)).toList();
    return each.size() == 1 ? each.getFirst() : new Selector.Or(each);
  }

  private static void any(List<Selector> all, TextField field, List<String> texts) {
    if (!texts.isEmpty()) {
      all.add(any(field, texts));
    }
  }

  private static Selector age(Comparison comparison, String age) {
    return new Selector.Numeric(NumberField.AGE, comparison, Age.millis(age));
  }
}
