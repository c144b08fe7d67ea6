package org.caravanmta.alias;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.Origin;
import org.caravanmta.address.Resolution;
import org.caravanmta.message.Reason;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Table;
import org.caravanmta.table.Values;

/// The aliases of our own users, their lists and `.forward` files, followed to their ends (RFC 5321
/// §3.9; postfix `aliases(5)`). An alias that names itself means the mailbox; other users of ours
/// whom it names get a message of their own, so that each is tried again alone.
///
/// @param tables of names, lower case, without a domain
/// @param forward where users say where their mail goes
/// @param own the domains whose local parts are the names
/// @param propagate `alias`, `forward`, `include`: which take along an extension that the key did
///   not cover
/// @param commands likewise: which may hold a command
/// @param files likewise: which may hold a file
/// @param expandOwner whether the owner of a list is whom its `owner-` alias stands for, when that
///   is one address (postfix `expand_owner_alias`)
public record Aliases(
    SearchPath tables,
    Forward forward,
    Extensions extensions,
    Origin origin,
    Resolution own,
    Set<String> propagate,
    Set<String> commands,
    Set<String> files,
    boolean expandOwner) {
  private static final int DEEPEST = 100;

  /// Checks a value of an alias table when it is read.
  public static Values values() {
    return value -> {
      if (Destination.list(value).isEmpty()) {
        throw new IllegalArgumentException("expected at least one destination");
      }
    };
  }

  public Expansion expand(Address recipient) {
    if (tables.isEmpty() && forward.isNone()) {
      return new Expansion.Into(List.of(new Expansion.ToMailbox(recipient)));
    }
    var walk = new Walk(recipient);
    try {
      walk.name(recipient, Optional.empty(), 0);
    } catch (Ended e) {
      return e.expansion;
    }
    return walk.acts.isEmpty()
        ? new Expansion.Refused(Reason.of("5.4.6", "alias database loop for " + recipient))
        : new Expansion.Into(List.copyOf(walk.acts));
  }

  /// Ends a walk before its end.
  private static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Expansion expansion;

    Ended(Expansion expansion) {
      super(null, null, false, false);
      this.expansion = expansion;
    }

    static Ended unclear(String why) {
      return new Ended(new Expansion.Unclear(Reason.of("4.3.0", why)));
    }

    static Ended refused(String status, String why) {
      return new Ended(new Expansion.Refused(Reason.of(status, why)));
    }
  }

  private record Entry(String value, String extension, Expansion.Behalf behalf) {}

  /// Where a list of destinations stands.
  ///
  /// @param extension what its key did not cover
  /// @param behalf whose word it is
  private record Source(
      String kind,
      Address name,
      String extension,
      Optional<Address> owner,
      Expansion.Behalf behalf,
      int depth) {
    /// A list that this one names. Its owner does what an operator lets him; what a user lets
    /// others write is done as himself.
    Source include(int holder) {
      boolean others = behalf instanceof Expansion.Operators && holder != 0;
      return new Source(
          "include",
          name,
          extension,
          owner,
          others ? new Expansion.Holders(holder) : behalf,
          depth + 1);
    }
  }

  /// From one recipient along everything it stands for.
  private final class Walk {
    private final Address recipient;
    private final Set<Expansion.Act> acts = new LinkedHashSet<>();
    private final Set<String> seen = new HashSet<>();

    Walk(Address recipient) {
      this.recipient = recipient;
    }

    void name(Address name, Optional<Address> owner, int depth) throws Ended {
      Optional<Entry> entry = entry(name);
      if (depth > DEEPEST) {
        throw Ended.refused("5.4.6", "alias database loop for " + recipient);
      }
      if (entry.isEmpty()) {
        user(name, owner);
        return;
      }
      if (seen.add(name.key())) {
        var source =
            new Source(
                "alias",
                name,
                entry.get().extension(),
                ownerOf(name).or(() -> owner),
                entry.get().behalf(),
                depth);
        follow(source, "alias " + name.localPart(), List.of(entry.get().value()));
      }
    }

    /// A user who is no alias, or the one that the alias itself is called.
    private void user(Address name, Optional<Address> owner) throws Ended {
      if (!name.key().equals(recipient.key()) && !base(name).equals(base(recipient))) {
        acts.add(new Expansion.Onward(name, owner));
        return;
      }
      switch (seen.add("forward " + base(name)) ? forward.of(name) : new Forward.File.None()) {
        case Forward.File.None() -> acts.add(new Expansion.ToMailbox(name));
        case Forward.File.Unreadable(String why) -> throw Ended.unclear(why);
        case Forward.File.Lines(List<String> lines, String extension, _) -> {
          int before = acts.size();
          var source = new Source("forward", name, extension, owner, new Expansion.Users(), 0);
          follow(source, "forward file", lines);
          if (acts.size() == before) {
            acts.add(new Expansion.ToMailbox(name));
          }
        }
      }
    }

    private void follow(Source source, String what, List<String> lists) throws Ended {
      if (source.depth() > DEEPEST) {
        throw Ended.refused("5.4.6", "alias database loop for " + recipient);
      }
      int found = 0;
      for (String list : lists) {
        List<Destination> destinations;
        try {
          destinations = Destination.list(list);
        } catch (IllegalArgumentException e) {
          throw Ended.unclear(what + ": " + e.getMessage());
        }
        for (Destination destination : destinations) {
          one(destination, source);
          found++;
        }
      }
      if (found == 0 && source.kind().equals("alias")) {
        throw Ended.unclear("alias database unavailable");
      }
    }

    private void one(Destination destination, Source source) throws Ended {
      switch (destination) {
        case Destination.Own(String user) ->
            acts.add(new Expansion.ToMailbox(address(user, source)));
        case Destination.File(Path path, boolean maildir) -> {
          allowed(files, source, "file");
          acts.add(new Expansion.ToFile(path, maildir, source.behalf()));
        }
        case Destination.Command(String line) -> {
          allowed(commands, source, "command");
          acts.add(new Expansion.ToCommand(line, source.behalf()));
        }
        case Destination.Include(Path path) -> {
          switch (forward.include(path, source.behalf(), recipient)) {
            case Forward.File.Lines(List<String> lines, _, int holder) ->
                follow(source.include(holder), ":include:" + path, lines);
            case Forward.File.None() ->
                throw Ended.refused("5.3.5", "mail system configuration error");
            case Forward.File.Unreadable(String why) -> throw Ended.unclear(why);
          }
        }
        case Destination.Mailbox(String text) -> {
          Address plain = address(text, source);
          Address address =
              propagate.contains(source.kind()) && !source.extension().isEmpty()
                  ? new Address(plain.localPart() + source.extension(), plain.domain())
                  : plain;
          mailbox(address, source);
        }
      }
    }

    private void mailbox(Address address, Source source) throws Ended {
      if (!own.own().contains(address.domain())) {
        acts.add(new Expansion.Onward(address, source.owner()));
      } else if (base(address).equals(base(source.name()))) {
        // its own name: the user's .forward, and in that the mailbox
        user(source.kind().equals("alias") ? source.name() : address, source.owner());
      } else {
        name(address, source.owner(), source.depth() + 1);
      }
    }

    private Address address(String text, Source source) throws Ended {
      try {
        return own.resolve(origin.complete(text))
            .orElseThrow(() -> new IllegalArgumentException("no address: " + text));
      } catch (IllegalArgumentException e) {
        throw Ended.unclear(
            source.kind() + " " + source.name().localPart() + ": " + e.getMessage());
      }
    }

    private void allowed(Set<String> where, Source source, String what) throws Ended {
      if (!where.contains(source.kind())) {
        throw Ended.refused("5.7.1", "mail to " + what + " is restricted");
      }
    }

    private Optional<Address> ownerOf(Address name) throws Ended {
      var owner = new Address("owner-" + base(name), origin.domain());
      Optional<Entry> entry = entry(owner);
      return expandOwner
          ? entry.map(e -> expanded(e.value()).orElse(owner))
          : entry.map(_ -> owner);
    }

    private Optional<Address> expanded(String value) {
      try {
        List<Destination> all = Destination.list(value);
        return all.size() == 1 && all.getFirst() instanceof Destination.Mailbox(String text)
            ? Optional.of(origin.complete(text))
            : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private Optional<Entry> entry(Address name) throws Ended {
      Optional<Extensions.Split> split = extensions.split(name);
      Optional<Entry> whole = entry(tables.find(key(name.localPart())), "");
      return whole.isPresent() || split.isEmpty()
          ? whole
          : entry(tables.plain(key(split.get().base().localPart())), split.get().extension());
    }

    private Optional<Entry> entry(Search found, String extension) throws Ended {
      return switch (found) {
        case Search.Found(String value, _, Table table) ->
            Optional.of(new Entry(value, extension, behalf(table)));
        case Search.Absent() -> Optional.empty();
        case Search.Unavailable(String why) -> throw Ended.unclear("alias table: " + why);
      };
    }

    private static Expansion.Behalf behalf(Table table) {
      OptionalInt holder = table.holder();
      return holder.isPresent()
          ? new Expansion.Holders(holder.getAsInt())
          : new Expansion.Operators();
    }

    private String base(Address name) {
      return key(extensions.split(name).map(s -> s.base().localPart()).orElse(name.localPart()));
    }

    private static String key(String localPart) {
      return localPart.toLowerCase(Locale.ROOT);
    }
  }
}
