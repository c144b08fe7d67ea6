package org.caravanmta.rewrite;

import java.util.ArrayList;
import java.util.List;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.address.WrittenList;
import org.caravanmta.address.WrittenMember;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Search;

/// What a table puts in place of an address (postfix `virtual(5)`, `canonical(5)`): a list of
/// addresses in standard form. The extension that the key found did not cover goes with each of
/// them: with `joe@a.example jd@b.example`, `joe+news@a.example` becomes `jd+news@b.example`.
///
/// @param propagate whether it does (postfix `propagate_unmatched_extensions`)
record AddressMapping(AddressSearch search, Origin origin, boolean propagate) {
  sealed interface Mapped {
    /// At least one.
    record To(List<Address> addresses) implements Mapped {}

    record Unmapped() implements Mapped {}

    /// A table that cannot be asked, or a value that is not a list of addresses.
    record Unavailable(String why) implements Mapped {}
  }

  Mapped map(Address address) {
    return switch (search.find(address)) {
      case Search.Found found -> addresses(address, found);
      case Search.Absent() -> new Mapped.Unmapped();
      case Search.Unavailable(String why) -> new Mapped.Unavailable(why);
    };
  }

  /// Checks the value of a table's entry before any address has been looked up.
  ///
  /// @throws IllegalArgumentException if it is not a list of addresses; with a `$1` in it, that
  ///   cannot be known yet
  static void expect(String value) {
    if (!value.contains("$")) {
      var anywhere = new Origin(new Domain("invalid"));
      List<WrittenMember> members = WrittenList.parse(value).members();
      if (members.isEmpty()) {
        throw new IllegalArgumentException("expected at least one address");
      }
      for (WrittenMember member : members) {
        anywhere.complete(
            member == members.getFirst() && isElsewhere(member)
                ? "x" + member.plain()
                : member.address());
      }
    }
  }

  /// The one address that a table's value is to be, or the first of several.
  ///
  /// @throws IllegalArgumentException if there is none
  static String first(String value) {
    List<WrittenMember> members = WrittenList.parse(value).members();
    if (members.isEmpty()) {
      throw new IllegalArgumentException("expected an address");
    }
    return members.getFirst().address();
  }

  private Mapped addresses(Address query, Search.Found found) {
    var addresses = new ArrayList<Address>();
    try {
      for (WrittenMember member : WrittenList.parse(found.value()).members()) {
        Address address =
            addresses.isEmpty() && isElsewhere(member)
                ? elsewhere(query, found.extension(), member.plain())
                : origin.complete(member.address());
        addresses.add(propagate ? extended(address, found.extension()) : address);
      }
    } catch (IllegalArgumentException e) {
      return new Mapped.Unavailable(
          "%s: expected addresses for %s: %s"
              .formatted(found.table().name(), query, e.getMessage()));
    }
    return addresses.isEmpty()
        ? new Mapped.Unavailable(found.table().name() + ": no address for " + query)
        : new Mapped.To(List.copyOf(addresses));
  }

  private static boolean isElsewhere(WrittenMember member) {
    return member.plain().startsWith("@") && !member.plain().contains(":");
  }

  /// `@other`: the same local part there, without the extension that was not covered.
  private Address elsewhere(Address query, String extension, String at) {
    String local = query.localPart();
    Address there = origin.complete("x" + at);
    return new Address(local.substring(0, local.length() - extension.length()), there.domain());
  }

  private static Address extended(Address address, String extension) {
    return extension.isEmpty()
        ? address
        : new Address(address.localPart() + extension, address.domain());
  }
}
