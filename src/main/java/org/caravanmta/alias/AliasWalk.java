package org.caravanmta.alias;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.DomainList;
import org.caravanmta.message.Reason;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Search;
import org.caravanmta.table.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows everything that one recipient stands for (RFC 5321 §3.9.1).
final class AliasWalk {
  /// How deep names may be nested (postfix `local(8)`): an alias counts as {@link #ALIAS} and the
  /// address in it as one more, a list as one. So a chain may have 25 aliases.
  private static final int DEEPEST = 100;

  private static final int ALIAS = 3;

  private static final Logger LOG = LoggerFactory.getLogger(AliasWalk.class);

  private final Aliases by;
  private final Address recipient;
  // by their keys
  private final Map<String, AliasTargets.Act> acts = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();

  AliasWalk(Aliases by, Address recipient) {
    this.by = by;
    this.recipient = recipient;
  }

  /// All that is found. A table that cannot be asked ends the walk there: each later name would
  /// wait for it again.
  List<AliasTargets.Act> acts() {
    try {
      name(recipient, Optional.empty(), recipient, 0);
    } catch (Ended e) {
      waiting(String.valueOf(e.getMessage()));
    } catch (DomainList.Unavailable e) {
      waiting("domains: " + e.getMessage());
    }
    return List.copyOf(acts.values());
  }

  private void act(AliasTargets.Act act) {
    acts.putIfAbsent(act.key(), act);
  }

  private void waiting(String why) {
    act(new AliasTargets.Waiting(Reason.of("4.3.0", why)));
  }

  private void impossible(String status, String why) {
    act(new AliasTargets.Impossible(Reason.of(status, why)));
  }

  private void impossible(Reason reason, String why, Source source) {
    LOG.warn("{} {}: {}", source.kind(), source.name().localPart(), why);
    act(new AliasTargets.Impossible(reason));
  }

  private void name(Address name, Optional<Address> owner, Address from, int level) throws Ended {
    Optional<Entry> entry = entry(name);
    if (entry.isEmpty()) {
      user(name, owner, from);
    } else if (level + ALIAS > DEEPEST) {
      impossible("5.4.6", "alias database loop for " + name.localPart());
    } else if (seen.add(name.key())) {
      var source =
          new Source(
              "alias",
              name,
              entry.get().extension(),
              ownerOf(name).or(() -> by.resetOwner() ? Optional.empty() : owner),
              entry.get().behalf(),
              level + ALIAS);
      follow(source, "alias " + name.localPart(), List.of(entry.get().value()));
    }
  }

  /// A user who is not an alias, or the one that the alias itself is named after.
  private void user(Address name, Optional<Address> owner, Address from) throws Ended {
    if (!name.key().equals(recipient.key()) && !base(name).equals(base(recipient))) {
      act(new AliasTargets.Onward(name, owner, via(from)));
      return;
    }
    switch (seen.add("forward " + base(name)) ? by.forward().of(name) : new Forward.File.None()) {
      case Forward.File.None() -> act(new AliasTargets.ToMailbox(name));
      case Forward.File.Unavailable(String why) -> waiting(why);
      case Forward.File.Lines(List<String> lines, String extension, _) -> {
        int before = acts.size();
        var source = new Source("forward", name, extension, owner, new AliasTargets.Users(), 0);
        follow(source, "forward file", lines);
        if (acts.size() == before) {
          act(new AliasTargets.ToMailbox(name));
        }
      }
    }
  }

  private void follow(Source source, String what, List<String> lists) throws Ended {
    int found = 0;
    for (String list : lists) {
      for (AliasItem destination : AliasItem.list(list)) {
        one(destination, source);
        found++;
      }
    }
    if (found == 0 && source.kind().equals("alias")) {
      waiting(what + " stands for nobody");
    }
  }

  private void one(AliasItem destination, Source source) throws Ended {
    switch (destination) {
      case AliasItem.Own(String text) -> {
        Optional<Address> address = address(text, source);
        if (address.isPresent()) {
          boolean ours = by.own().own().contains(address.get().domain());
          act(
              ours
                  ? new AliasTargets.ToMailbox(address.get())
                  : new AliasTargets.Onward(address.get(), source.owner(), via(source.name())));
        }
      }
      case AliasItem.File(Path path, boolean maildir) -> file(path, maildir, source);
      case AliasItem.Home(String below) -> home(below, source);
      case AliasItem.Command(String line) -> {
        if (allowed(by.commands(), source, "command")) {
          act(new AliasTargets.ToCommand(line, source.behalf()));
        }
      }
      case AliasItem.Include(Path path) -> include(path, source);
      case AliasItem.Nowhere(Reason reason, String why) -> impossible(reason, why, source);
      case AliasItem.Mailbox(String text) -> {
        Optional<Address> plain = address(text, source);
        if (plain.isPresent()) {
          mailbox(extended(plain.get(), source), source);
        }
      }
    }
  }

  private void home(String below, Source source) {
    try {
      Optional<Path> home = by.forward().home(source.behalf(), recipient);
      if (home.isPresent()) {
        file(home.get().resolve(below), below.endsWith("/"), source);
      } else {
        impossible(AliasItem.misconfigured(), "unknown home directory for ~/" + below, source);
      }
    } catch (IOException e) {
      waiting(String.valueOf(e.getMessage()));
    }
  }

  /// The recipient that forwarded mail had here.
  private Address via(Address name) {
    return by.frozen() ? recipient : name;
  }

  private void file(Path path, boolean maildir, Source source) {
    if (allowed(by.files(), source, "file")) {
      act(new AliasTargets.ToFile(path, maildir, source.behalf()));
    }
  }

  private void include(Path path, Source source) throws Ended {
    if (source.level() >= DEEPEST || !seen.add("include " + path)) {
      return;
    }
    switch (by.forward().include(path, source.behalf(), recipient)) {
      case Forward.File.Lines(List<String> lines, _, int holder) ->
          follow(source.include(holder), ":include:" + path, lines);
      case Forward.File.None() ->
          impossible(
              AliasItem.misconfigured(),
              ":include:" + path + " does not exist, or cannot be read as a list",
              source);
      case Forward.File.Unavailable(String why) -> waiting(why);
    }
  }

  private Address extended(Address plain, Source source) {
    return by.propagate().contains(source.kind()) && !source.extension().isEmpty()
        ? new Address(plain.localPart() + source.extension(), plain.domain())
        : plain;
  }

  private void mailbox(Address address, Source source) throws Ended {
    if (!by.own().own().contains(address.domain())) {
      act(new AliasTargets.Onward(address, source.owner(), via(source.name())));
    } else if (base(address).equals(base(source.name()))) {
      // its own name: the user's .forward, and in that the mailbox
      user(source.kind().equals("alias") ? source.name() : address, source.owner(), source.name());
    } else {
      name(address, source.owner(), source.name(), source.level() + 1);
    }
  }

  private Optional<Address> address(String text, Source source) {
    try {
      Optional<Address> address = by.own().resolve(by.origin().complete(text));
      if (address.isPresent()) {
        return address;
      }
      impossible(syntax(text), "not an address: " + text, source);
    } catch (IllegalArgumentException e) {
      impossible(syntax(text), String.valueOf(e.getMessage()), source);
    }
    return Optional.empty();
  }

  private static Reason syntax(String text) {
    return Reason.of("5.1.3", "bad recipient address syntax: " + text);
  }

  private boolean allowed(Set<String> where, Source source, String what) {
    boolean allowed = where.contains(source.kind());
    if (!allowed) {
      impossible("5.7.1", "mail to " + what + " is restricted");
    }
    return allowed;
  }

  private Optional<Address> ownerOf(Address name) throws Ended {
    var owner = new Address("owner-" + base(name), by.origin().domain());
    Optional<Entry> entry = entry(owner);
    return by.expandOwner()
        ? entry.map(e -> expanded(e.value()).orElse(owner))
        : entry.map(_ -> owner);
  }

  private Optional<Address> expanded(String value) {
    try {
      List<AliasItem> all = AliasItem.list(value);
      return all.size() == 1 && all.getFirst() instanceof AliasItem.Mailbox(String text)
          ? Optional.of(by.origin().complete(text))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<Entry> entry(Address name) throws Ended {
    Optional<Extensions.Split> split = by.extensions().split(name);
    Optional<Entry> whole = entry(by.tables().find(key(name.localPart())), "");
    return whole.isPresent() || split.isEmpty()
        ? whole
        : entry(by.tables().plain(key(split.get().base().localPart())), split.get().extension());
  }

  private Optional<Entry> entry(Search found, String extension) throws Ended {
    return switch (found) {
      case Search.Found(String value, _, Table table) ->
          Optional.of(new Entry(value, extension, behalf(table)));
      case Search.Absent() -> Optional.empty();
      case Search.Unavailable(String why) -> throw new Ended("alias table: " + why);
    };
  }

  private static AliasTargets.Behalf behalf(Table table) {
    OptionalInt holder = table.holder();
    return holder.isPresent()
        ? new AliasTargets.Holders(holder.getAsInt())
        : new AliasTargets.Operators();
  }

  private String base(Address name) {
    return key(by.extensions().split(name).map(s -> s.base().localPart()).orElse(name.localPart()));
  }

  private static String key(String localPart) {
    return localPart.toLowerCase(Locale.ROOT);
  }

  /// Ends a walk early.
  private static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;

    Ended(String why) {
      super(why, null, false, false);
    }
  }

  private record Entry(String value, String extension, AliasTargets.Behalf behalf) {}

  /// Where a list of destinations was found.
  ///
  /// @param extension the part of the address that its key did not cover
  /// @param behalf on whose word it acts
  private record Source(
      String kind,
      Address name,
      String extension,
      Optional<Address> owner,
      AliasTargets.Behalf behalf,
      int level) {
    /// A list that this one names. Its owner may do what an operator allows; what a user allows
    /// others to write is done as that user.
    Source include(int holder) {
      boolean others = behalf instanceof AliasTargets.Operators && holder != 0;
      return new Source(
          "include",
          name,
          extension,
          owner,
          others ? new AliasTargets.Holders(holder) : behalf,
          level + 1);
    }
  }
}
