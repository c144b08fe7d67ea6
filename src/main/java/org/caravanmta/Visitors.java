package org.caravanmta;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Domain;
import org.caravanmta.address.NetworkList;
import org.caravanmta.config.MemorySettings;
import org.caravanmta.config.Settings;
import org.caravanmta.config.TableName;
import org.caravanmta.port.Descriptors;
import org.caravanmta.reception.limits.ClientLimits;
import org.caravanmta.reception.limits.MemoryBudget;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.reception.limits.Usage;
import org.caravanmta.reception.session.DialogueRules;
import org.caravanmta.reception.session.DiscardedExtensions;
import org.caravanmta.reception.session.Intermediaries;
import org.caravanmta.reception.session.RejectFooter;
import org.caravanmta.reception.session.Service;
import org.caravanmta.reception.session.SessionLog;
import org.caravanmta.reception.session.Tolerance;
import org.caravanmta.reception.wire.Newlines;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.smtp.Banner;
import org.caravanmta.smtp.Grammar;
import org.caravanmta.smtp.Keywords;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Search;
import org.caravanmta.table.Tables;
import org.caravanmta.table.Values;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who may connect (RFC 5321 §3.1): how many sessions at a time, how much each client may have of
/// them, and who may speak for another client, as the settings say it.
final class Visitors {
  private static final Logger LOG = LoggerFactory.getLogger(Visitors.class);

  private Visitors() {}

  static Sessions sessions(Settings settings, InstantSource clock) {
    var limits = settings.limits();
    NetworkList own = OwnAddresses.networks(settings, clock);
    return new Sessions(
        Math.min(settings.smtp().sessionLimit(), Descriptors.sessions()),
        new Usage(
            new ClientLimits(
                limits.connectionCount(),
                limits.connectionRate(),
                limits.messageRate(),
                limits.recipientRate(),
                limits.ipv4Prefix(),
                limits.ipv6Prefix(),
                address ->
                    limits.exempt().contains(address)
                        || limits.exemptOwn() && own.contains(address)),
            clock),
        budget(limits.memory()),
        SessionLog::displaced);
  }

  private static MemoryBudget budget(MemorySettings memory) {
    long bytes = memory.sessions().bytes();
    return bytes == 0 ? MemoryBudget.ofHeap() : new MemoryBudget(bytes);
  }

  /// Lets monitoring see what they hold in memory.
  static void measure(MemoryBudget budget, MeterRegistry registry) {
    Gauge.builder("caravan_sessions_memory_bytes", budget, MemoryBudget::held)
        .description("bytes that all sessions hold in memory")
        .register(registry);
    Gauge.builder("caravan_sessions_memory_limit_bytes", budget, MemoryBudget::limit)
        .description("bytes that all sessions may hold in memory")
        .register(registry);
    FunctionCounter.builder("caravan_sessions_memory_refusals", budget, MemoryBudget::refusals)
        .description("sessions refused for lack of memory")
        .register(registry);
  }

  static Intermediaries intermediaries(Settings settings) {
    var listeners = settings.listeners();
    return new Intermediaries(
        settings.smtp().xclientHosts(),
        settings.smtp().xforwardHosts(),
        Map.of(
            Service.SMTP, listeners.smtp().proxies(),
            Service.SUBMISSION, listeners.submission().proxies(),
            Service.SUBMISSIONS, listeners.submissions().proxies(),
            Service.REINJECTION, listeners.reinjection().proxies()));
  }

  /// How the dialogue with them is conducted.
  ///
  /// @throws IllegalArgumentException says which setting or table cannot be used, and why
  static DialogueRules conduct(
      Settings settings, String hostname, Domain origin, InstantSource clock) {
    var smtp = settings.smtp();
    return new DialogueRules(
        new Banner(smtp.dialogue().banner()).text(hostname),
        smtp.heloRequired(),
        smtp.delayReject(),
        grammar(settings, origin),
        new DiscardedExtensions(
            Keywords.of(smtp.discardEhloKeywords()),
            discardedFor(smtp.discardEhloKeywordMaps(), clock)),
        new RejectFooter(smtp.rejectFooter().orElse("")),
        tolerance(settings));
  }

  private static Grammar grammar(Settings settings, Domain origin) {
    var smtp = settings.smtp();
    var resolve = settings.rewriting().resolve();
    return new Grammar(
        OwnAddresses.origin(settings, origin),
        new Grammar.Paths(
            smtp.dialogue().strictEnvelopes(), resolve.nullDomain(), resolve.numericDomain()),
        upper(smtp.forbiddenCommands()),
        upper(smtp.dialogue().noopCommands()));
  }

  private static Set<String> upper(List<String> words) {
    return words.stream().map(Ascii::upper).collect(Collectors.toSet());
  }

  private static Tolerance tolerance(Settings settings) {
    var dialogue = settings.smtp().dialogue();
    Newlines newlines =
        switch (settings.smtp().bareNewline()) {
          case NO -> Newlines.ANY;
          case NOTE -> Newlines.NOTED;
          case NORMALIZE -> Newlines.NORMALIZED;
          case REJECT -> Newlines.REFUSED;
        };
    return new Tolerance(
        newlines,
        new Tolerance.Exempt(dialogue.bareNewlineExemptOwn(), dialogue.bareNewlineExempt()),
        dialogue.forbidPipelining(),
        new Tolerance.Exempt(dialogue.pipeliningExemptOwn(), dialogue.pipeliningExempt()));
  }

  /// What tables name for a client stands in place of the setting, as in Postfix; a word that is
  /// not a keyword is left out, and told of.
  private static Optional<Function<InetAddress, Optional<Keywords>>> discardedFor(
      List<TableName> maps, InstantSource clock) {
    if (maps.isEmpty()) {
      return Optional.empty();
    }
    var table =
        new AccessTable(
            Tables.search(maps.stream().map(Object::toString).toList(), clock, Values.ANY),
            new Extensions(""));
    return Optional.of(
        client ->
            switch (table.address(client)) {
              case Search.Found(String keywords, _, _) -> Optional.of(keywords(keywords));
              case Search.Absent() -> Optional.empty();
              case Search.Unavailable(String why) -> throw new IllegalStateException(why);
            });
  }

  private static Keywords keywords(String text) {
    var known = new ArrayList<String>();
    for (String word : text.strip().split("[\\s,]+")) {
      try {
        Keywords.of(List.of(word));
        known.add(word);
      } catch (IllegalArgumentException e) {
        LOG.warn("smtp.discard-ehlo-keyword-maps: {}", e.getMessage());
      }
    }
    return Keywords.of(known);
  }
}
