package org.caravanmta.alias;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.Origin;
import org.caravanmta.address.Resolution;
import org.caravanmta.message.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows everything that one recipient stands for (RFC 5321 §3.9.1).
final class AliasWalk {
  /// How deep names may be nested (postfix `local(8)`): an alias counts as {@link #ALIAS} and the
  /// address in it as one more, a list as one. So a chain may have 25 aliases.
  private static final int DEEPEST = 100;

  private static final int ALIAS = 3;

  private static final Logger LOG = LoggerFactory.getLogger(AliasWalk.class);

  private final AliasEntries entries;
  private final Forward forward;
  private final Origin origin;
  private final Resolution own;
  private final Set<String> propagate;
  private final ExpansionSettings settings;
  private final Address recipient;
  // by their keys
  private final Map<String, AliasTargets.Act> acts = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();

  AliasWalk(
      AliasEntries entries,
      Forward forward,
      Origin origin,
      Resolution own,
      Set<String> propagate,
      ExpansionSettings settings,
      Address recipient) {
    this.entries = entries;
    this.forward = forward;
    this.origin = origin;
    this.own = own;
    this.propagate = propagate;
    this.settings = settings;
    this.recipient = recipient;
  }

  /// All that is found. A table that cannot be asked ends the walk there: each later name would
  /// wait for it again.
  List<AliasTargets.Act> acts() {
    try {
      name(recipient, Optional.empty(), recipient, 0);
    } catch (AliasEntries.Unavailable e) {
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

  private void impossible(Reason reason, String why, AliasSource source) {
    LOG.warn("{} {}: {}", source.kind(), source.name().localPart(), why);
    act(new AliasTargets.Impossible(reason));
  }

  private void name(Address name, Optional<Address> owner, Address from, int level)
      throws AliasEntries.Unavailable {
    Optional<AliasEntries.Entry> entry = entries.of(name);
    if (entry.isEmpty()) {
      user(name, owner, from);
    } else if (level + ALIAS > DEEPEST) {
      impossible("5.4.6", "alias database loop for " + name.localPart());
    } else if (seen.add(name.key())) {
      var source =
          new AliasSource(
              "alias",
              name,
              entry.get().extension(),
              entries.ownerOf(name).or(() -> settings.resetOwner() ? Optional.empty() : owner),
              entry.get().behalf(),
              level + ALIAS);
      follow(source, "alias " + name.localPart(), List.of(entry.get().value()));
    }
  }

  /// A user who is not an alias, or the one that the alias itself is named after.
  private void user(Address name, Optional<Address> owner, Address from)
      throws AliasEntries.Unavailable {
    if (!name.key().equals(recipient.key())
        && !entries.base(name).equals(entries.base(recipient))) {
      act(new AliasTargets.Onward(name, owner, via(from)));
      return;
    }
    switch (seen.add("forward " + entries.base(name))
        ? forward.of(name)
        : new Forward.File.None()) {
      case Forward.File.None() -> act(new AliasTargets.ToMailbox(name));
      case Forward.File.Unavailable(String why) -> waiting(why);
      case Forward.File.Lines(List<String> lines, String extension, _) -> {
        int before = acts.size();
        var source =
            new AliasSource("forward", name, extension, owner, new AliasTargets.Users(), 0);
        follow(source, "forward file", lines);
        if (acts.size() == before) {
          act(new AliasTargets.ToMailbox(name));
        }
      }
    }
  }

  private void follow(AliasSource source, String what, List<String> lists)
      throws AliasEntries.Unavailable {
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

  private void one(AliasItem destination, AliasSource source) throws AliasEntries.Unavailable {
    switch (destination) {
      case AliasItem.Own(String text) -> {
        Optional<Address> address = address(text, source);
        if (address.isPresent()) {
          boolean ours = own.own().contains(address.get().domain());
          act(
              ours
                  ? new AliasTargets.ToMailbox(address.get())
                  : new AliasTargets.Onward(address.get(), source.owner(), via(source.name())));
        }
      }
      case AliasItem.File(Path path, boolean maildir) -> file(path, maildir, source);
      case AliasItem.Home(String below) -> home(below, source);
      case AliasItem.Command(String line) -> {
        if (allowed(settings.allowCommands(), source, "command")) {
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

  private void home(String below, AliasSource source) {
    try {
      Optional<Path> home = forward.home(source.behalf(), recipient);
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
    return settings.frozenDeliveredTo() ? recipient : name;
  }

  private void file(Path path, boolean maildir, AliasSource source) {
    if (allowed(settings.allowFiles(), source, "file")) {
      act(new AliasTargets.ToFile(path, maildir, source.behalf()));
    }
  }

  private void include(Path path, AliasSource source) throws AliasEntries.Unavailable {
    if (source.level() >= DEEPEST || !seen.add("include " + path)) {
      return;
    }
    switch (forward.include(path, source.behalf(), recipient)) {
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

  private Address extended(Address plain, AliasSource source) {
    return propagate.contains(source.kind()) && !source.extension().isEmpty()
        ? new Address(plain.localPart() + source.extension(), plain.domain())
        : plain;
  }

  private void mailbox(Address address, AliasSource source) throws AliasEntries.Unavailable {
    if (!own.own().contains(address.domain())) {
      act(new AliasTargets.Onward(address, source.owner(), via(source.name())));
    } else if (entries.base(address).equals(entries.base(source.name()))) {
      // its own name: the user's .forward, and in that the mailbox
      user(source.kind().equals("alias") ? source.name() : address, source.owner(), source.name());
    } else {
      name(address, source.owner(), source.name(), source.level() + 1);
    }
  }

  private Optional<Address> address(String text, AliasSource source) {
    try {
      Optional<Address> address = own.resolve(origin.complete(text));
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

  private boolean allowed(List<String> where, AliasSource source, String what) {
    boolean allowed = where.contains(source.kind());
    if (!allowed) {
      impossible("5.7.1", "mail to " + what + " is restricted");
    }
    return allowed;
  }
}
