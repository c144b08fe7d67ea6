package org.caravanmta.domain;

import java.util.List;
import java.util.function.Predicate;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.NetworkList;
import org.caravanmta.address.Origin;
import org.caravanmta.address.Resolution;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.TableName;
import org.caravanmta.table.Values;

/// What addresses and networks mean here: how addresses are completed, which are ours, and how
/// tables are asked about them (postfix `ADDRESS_REWRITING_README`).
///
/// @param origin completes addresses and brings them into standard form
/// @param domains our own domains
/// @param networks our own networks
/// @param resolution where mail for an address would really go
/// @param relayed the domains that we relay to
/// @param extensions the extensions of addresses
/// @param tables opens tables by their names
public record Locality(
    Origin origin,
    DomainList domains,
    NetworkList networks,
    Resolution resolution,
    RelayDomains relayed,
    Extensions extensions,
    Opening tables) {
  /// Opens tables.
  @FunctionalInterface
  public interface Opening {
    /// @throws IllegalArgumentException says which cannot be used, and why
    SearchPath open(List<TableName> names, Values values);
  }

  /// Whether addresses of the domain may stand in tables without it.
  private Predicate<Domain> bare() {
    return domain ->
        domain.equals(origin.domain()) || domains.contains(domain) || resolution.here(domain);
  }

  /// Tables of anything, asked for addresses.
  public AddressSearch search(List<TableName> names) {
    return search(names, Values.ANY);
  }

  /// Tables whose values say what is run, written or asked, as whom: none of it may come from a
  /// stranger.
  public AddressSearch own(List<TableName> names) {
    return search(names, Values.FIXED);
  }

  /// Tables asked for addresses.
  public AddressSearch search(List<TableName> names, Values values) {
    return search(open(names, values));
  }

  /// Likewise, of tables that are open.
  public AddressSearch search(SearchPath path) {
    return new AddressSearch(path, extensions, bare());
  }

  /// Tables, asked from left to right.
  public SearchPath open(List<TableName> names, Values values) {
    return tables.open(names, values);
  }
}
