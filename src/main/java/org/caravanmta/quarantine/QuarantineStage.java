package org.caravanmta.quarantine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.filter.Filters;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.restriction.blocked.Blocklist;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.state.DigestMemory;
import org.caravanmta.state.Memory;
import org.caravanmta.state.QuarantineIndex;
import org.caravanmta.table.Lookup;
import org.caravanmta.web.WebServer;

/// The stage `quarantine`: keeps what content filters set aside.
public final class QuarantineStage implements Stage {
  private final Quarantine quarantine;
  private final Optional<QuarantineVerbs> verbs;
  private final Optional<QuarantineSweep> sweep;
  private final Optional<InetSocketAddress> address;
  private final Optional<LinkPages> pages;
  private Optional<WebServer> listening = Optional.empty();

  /// @param queues absent where nothing is to run
  /// @param filters those that routes name
  /// @param ours knows whose mail we take
  /// @param blocklist where recipients block senders
  public QuarantineStage(
      QuarantineSettings own,
      Memory memory,
      Optional<QueueAdmin> queues,
      Filters filters,
      Function<Address, Lookup> ours,
      Blocklist blocklist,
      House house) {
    QuarantineIndex index = memory.quarantine();
    this.quarantine = new Quarantine(index);
    Optional<Inventory> inventory = queues.map(admin -> new Inventory(admin, index));
    this.verbs =
        queues.map(
            admin ->
                new QuarantineVerbs(
                    admin,
                    inventory.orElseThrow(),
                    new Rescan(
                        admin,
                        text -> filters.known(text).map(step -> step::again),
                        house.store(),
                        inventory.orElseThrow(),
                        house.clock()),
                    house.clock()));
    Optional<LinkDeeds> deeds =
        queues.map(
            admin ->
                new LinkDeeds(
                    admin,
                    inventory.orElseThrow(),
                    index,
                    blocklist,
                    house.store(),
                    house.ids()::next,
                    house.clock()));
    Optional<LinksElsewhere> elsewhere =
        deeds.flatMap(
            all ->
                memory
                    .digests()
                    .map(
                        digests ->
                            new LinksElsewhere(
                                digests.followed(), new LinkSigner(digests), all, house.clock())));
    this.sweep =
        queues.map(
            admin ->
                new QuarantineSweep(
                    admin,
                    inventory.orElseThrow(),
                    quarantine::wasBehind,
                    own.keep(),
                    memory.digests().flatMap(all -> digests(own, all, admin, ours, house)),
                    elsewhere.filter(_ -> inventory.orElseThrow().isShared()),
                    house.clock()));
    this.address = own.address();
    this.pages =
        elsewhere.map(links -> new LinkPages(links.signer(), links.deeds(), links, house.clock()));
  }

  private static Optional<Digests> digests(
      QuarantineSettings own,
      DigestMemory memory,
      QueueAdmin queues,
      Function<Address, Lookup> ours,
      House house) {
    if (own.digest() == QuarantineSettings.Told.OFF) {
      return Optional.empty();
    }
    ZoneId zone = ZoneId.systemDefault();
    var origin = house.local().origin();
    return Optional.of(
        new Digests(
            own,
            memory,
            queues,
            new Digest(
                house.hostname(),
                origin.domain().name(),
                zone,
                own.links()
                    .map(base -> new DigestLinks(base, new LinkSigner(memory), own.keep(), ours))),
            origin.complete("postmaster"),
            ours,
            house.ids()::next,
            zone));
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("quarantine", quarantine);
  }

  /// The operator's verbs; none where nothing runs.
  public Map<String, ControlVerb> verbs() {
    return verbs.map(QuarantineVerbs::all).orElse(Map.of());
  }

  /// @throws IllegalArgumentException if `quarantine.address` cannot be listened on
  @Override
  public void begin() {
    if (address.isPresent() && pages.isPresent()) {
      try {
        listening =
            Optional.of(
                new WebServer(
                    "quarantine",
                    "quarantine.address",
                    address.get(),
                    pages.get(),
                    WebServer.PATIENCE));
      } catch (IOException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
    sweep.ifPresent(QuarantineSweep::start);
  }

  @Override
  public void close() {
    listening.ifPresent(WebServer::close);
    sweep.ifPresent(QuarantineSweep::close);
  }
}
