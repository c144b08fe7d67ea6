package org.caravanmta.alias;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.address.Address;
import org.caravanmta.address.Origin;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Table;

/// The entries of the alias tables (postfix `aliases(5)`), found by the names of users.
record AliasEntries(
    SearchPath tables, Extensions extensions, Origin origin, ExpansionSettings settings) {
  /// @param value a list of destinations
  /// @param extension what the key did not cover
  /// @param behalf whose word it is
  record Entry(String value, String extension, AliasTargets.Behalf behalf) {}

  /// A table cannot be asked: it would be waited for again at each name to come.
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String why) {
      super(why, null, false, false);
    }
  }

  /// Who is told when mail to a list fails: what `owner-NAME` is for (postfix `aliases(5)`).
  Optional<Address> ownerOf(Address name) throws Unavailable {
    var owner = new Address("owner-" + base(name), origin.domain());
    Optional<Entry> entry = of(owner);
    return settings.expandOwner()
        ? entry.map(e -> expanded(e.value()).orElse(owner))
        : entry.map(_ -> owner);
  }

  private Optional<Address> expanded(String value) {
    try {
      List<AliasItem> all = AliasItem.list(value);
      return all.size() == 1 && all.getFirst() instanceof AliasItem.Mailbox(String text)
          ? Optional.of(origin.complete(text))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// That of a name, or of the name without its extension.
  Optional<Entry> of(Address name) throws Unavailable {
    Optional<Extensions.Split> split = extensions.split(name);
    Optional<Entry> whole = entry(tables.find(key(name.localPart())), "");
    return whole.isPresent() || split.isEmpty()
        ? whole
        : entry(tables.plain(key(split.get().base().localPart())), split.get().extension());
  }

  private Optional<Entry> entry(Search found, String extension) throws Unavailable {
    return switch (found) {
      case Search.Found(String value, _, Table table) ->
          Optional.of(new Entry(value, extension, behalf(table)));
      case Search.Absent() -> Optional.empty();
      case Search.Unavailable(String why) -> throw new Unavailable("alias table: " + why);
    };
  }

  private static AliasTargets.Behalf behalf(Table table) {
    OptionalInt holder = table.owner();
    return holder.isPresent()
        ? new AliasTargets.Holders(holder.getAsInt())
        : new AliasTargets.Operators();
  }

  /// The name without its extension, in lower case.
  String base(Address name) {
    return key(extensions.split(name).map(s -> s.base().localPart()).orElse(name.localPart()));
  }

  private static String key(String localPart) {
    return localPart.toLowerCase(Locale.ROOT);
  }
}
