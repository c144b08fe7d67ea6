package org.caravanmta.reception;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.caravanmta.address.Ascii;
import org.caravanmta.event.Trouble;
import org.caravanmta.message.ContentSettings;
import org.caravanmta.port.Descriptors;
import org.caravanmta.reception.limits.LimitSettings;
import org.caravanmta.reception.limits.MemoryBudget;
import org.caravanmta.reception.limits.MemorySettings;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.reception.limits.Usage;
import org.caravanmta.reception.session.DialogueRules;
import org.caravanmta.reception.session.DiscardedExtensions;
import org.caravanmta.reception.session.Intermediaries;
import org.caravanmta.reception.session.QueueRun;
import org.caravanmta.reception.session.Reception;
import org.caravanmta.reception.session.RejectFooter;
import org.caravanmta.reception.session.Service;
import org.caravanmta.reception.session.SessionTerms;
import org.caravanmta.reception.session.SmtpSettings;
import org.caravanmta.reception.session.Tolerance;
import org.caravanmta.rewrite.ResolveSettings;
import org.caravanmta.sasl.server.SaslSettings;
import org.caravanmta.smtp.Banner;
import org.caravanmta.smtp.EhloKeywords;
import org.caravanmta.smtp.Grammar;
import org.caravanmta.smtp.Reply;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.table.Search;
import org.caravanmta.tls.server.TlsSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The stage `reception`: the listeners, and what clients may have of them (RFC 5321 §3.1): how
/// many sessions there may be, how much of the server each client may use, and who may speak for
/// another client.
public final class ReceptionStage implements Stage {
  private static final Logger LOG = LoggerFactory.getLogger(ReceptionStage.class);

  private final Sections own;
  private final House house;
  private final Sessions sessions;
  private final Listeners listeners;
  private final Map<String, Object> beans = new LinkedHashMap<>();

  /// The sections of the settings that are about reception.
  public record Sections(
      SmtpSettings smtp,
      LimitSettings limits,
      ListenersSettings listeners,
      TlsSettings tls,
      SaslSettings sasl,
      ResolveSettings resolve,
      ContentSettings content) {}

  /// What reception needs from the rest of the server.
  ///
  /// @param roomLeft whether the disk has room for another message
  /// @param faults the 4yz reply to a question that failed with this throwable
  /// @param atData whether a route wants to be asked at DATA
  /// @param followed whether a content filter wants to be told of each step of the dialogue
  /// @param queueRun what ETRN asks for (RFC 1985)
  /// @param discarded looks up the EHLO keywords that a client is not offered; absent when there is
  ///   no such table
  /// @param told the trouble of whose sessions the postmaster gets a transcript
  public record Asks(
      BooleanSupplier roomLeft,
      Function<Throwable, Reply> faults,
      BooleanSupplier atData,
      BooleanSupplier followed,
      QueueRun queueRun,
      Optional<Function<InetAddress, Search>> discarded,
      Set<Trouble> told) {}

  /// @param sessions of all listeners, see {@link #sessions(Sections, House)}
  /// @throws IllegalArgumentException for a setting or file that cannot be used; it names which,
  ///   and why
  public ReceptionStage(Sections own, Sessions sessions, Asks asks, House house) {
    this.own = own;
    this.house = house;
    this.sessions = sessions;
    var reception =
        new Reception(
            terms(asks),
            sessions,
            intermediaries(),
            house.store(),
            house.ids(),
            house.clock(),
            asks.roomLeft(),
            asks.faults(),
            asks.atData(),
            asks.followed(),
            asks.queueRun());
    this.listeners =
        new Listeners(
            new Listeners.Sections(own.listeners(), own.tls(), own.sasl()), house.clock());
    beans.putAll(listeners.beans(reception));
    beans.put("receptionLoops", sessions.loops());
  }

  @Override
  public Map<String, Object> beans() {
    return beans;
  }

  @Override
  public void close() {
    sessions.close();
    listeners.close();
  }

  /// The limits of all sessions and the event loops they run on, before there is any session: other
  /// stages ask about them.
  public static Sessions sessions(Sections own, House house) {
    var limits = own.limits();
    return new Sessions(
        Math.min(own.smtp().sessionLimit(), Descriptors.sessions()),
        new Usage(
            limits,
            address ->
                limits.exempt().contains(address)
                    || limits.exemptOwn() && house.local().networks().contains(address),
            house.clock()),
        budget(limits.memory()));
  }

  private static MemoryBudget budget(MemorySettings memory) {
    long bytes = memory.sessions().bytes();
    return bytes == 0 ? MemoryBudget.ofHeap() : new MemoryBudget(bytes);
  }

  /// Registers metrics of the memory that all sessions hold together.
  public static void measure(MemoryBudget budget, MeterRegistry registry) {
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

  private Intermediaries intermediaries() {
    var ports = own.listeners();
    return new Intermediaries(
        own.smtp().trusted(),
        Map.of(
            Service.SMTP, ports.smtp().proxies(),
            Service.SUBMISSION, ports.submission().proxies(),
            Service.SUBMISSIONS, ports.submissions().proxies(),
            Service.REINJECTION, ports.reinjection().proxies()));
  }

  private SessionTerms terms(Asks asks) {
    return new SessionTerms(
        house.hostname(),
        house.local().origin().domain(),
        house.local().networks(),
        own.smtp(),
        own.content(),
        rules(asks));
  }

  private DialogueRules rules(Asks asks) {
    var smtp = own.smtp();
    return new DialogueRules(
        new Banner(smtp.dialogue().banner()).text(house.hostname()),
        new Grammar(
            house.local().origin(),
            new Grammar.Paths(
                smtp.dialogue().strictEnvelopes(),
                own.resolve().nullDomain(),
                own.resolve().numericDomain()),
            upper(smtp.conduct().forbiddenCommands()),
            upper(smtp.dialogue().noopCommands()),
            smtp.verp().verps()),
        new DiscardedExtensions(
            EhloKeywords.of(smtp.offers().discardEhloKeywords()),
            asks.discarded().map(ReceptionStage::keywords)),
        new RejectFooter(smtp.conduct().rejectFooter().orElse("")),
        Tolerance.of(smtp),
        asks.told());
  }

  private static Set<String> upper(List<String> words) {
    return words.stream().map(Ascii::upper).collect(Collectors.toSet());
  }

  /// What the tables have for a client takes the place of the setting (postfix
  /// `smtpd_discard_ehlo_keyword_address_maps`).
  private static Function<InetAddress, Optional<EhloKeywords>> keywords(
      Function<InetAddress, Search> table) {
    return client ->
        switch (table.apply(client)) {
          case Search.Found(String keywords, _, _) -> Optional.of(keywords(keywords));
          case Search.Absent() -> Optional.empty();
          case Search.Unavailable(String why) -> throw new IllegalStateException(why);
        };
  }

  /// The keywords in a text of a table; a word that is not a keyword is left out, with a warning in
  /// the log.
  private static EhloKeywords keywords(String text) {
    var known = new ArrayList<String>();
    for (String word : text.strip().split("[\\s,]+")) {
      try {
        EhloKeywords.of(List.of(word));
        known.add(word);
      } catch (IllegalArgumentException e) {
        LOG.warn("smtp.discard-ehlo-keyword-maps: {}", e.getMessage());
      }
    }
    return EhloKeywords.of(known);
  }
}
