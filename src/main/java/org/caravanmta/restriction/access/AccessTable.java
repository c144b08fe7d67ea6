package org.caravanmta.restriction.access;

import java.net.InetAddress;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.address.ReversePath;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;

/// A table of hosts, networks and addresses (postfix `access(5)`), with its order of keys. Tables
/// of patterns are asked for the whole name, the whole address, and nothing else.
///
/// @param parents whether `example.org` is a key of the domains below it too; if not,
///   `.example.org` is (postfix `parent_domain_matches_subdomains`)
public record AccessTable(SearchPath path, Extensions extensions, boolean parents) {
  /// The key of the null reverse path (postfix `smtpd_null_access_lookup_key`).
  private static final String NULL = "<>";

  /// Where the domains below a name go with it.
  public AccessTable(SearchPath path, Extensions extensions) {
    this(path, extensions, true);
  }

  /// The name and the domains above it, then the address and the networks it is in.
  public Search host(String name, InetAddress address) {
    Search found = name(name);
    return found instanceof Search.Absent ? address(address) : found;
  }

  /// The name, then the domains above it: `a.b.example`, `b.example`, `example`; or `.b.example`,
  /// `.example`.
  public Search name(String name) {
    Search found = path.find(name);
    if (found instanceof Search.Absent && !name.isEmpty() && Literals.address(name).isEmpty()) {
      found = parents(name);
    }
    return found;
  }

  /// The address, then with its last parts cut off: `192.0.2.1`, `192.0.2`, `192.0`, `192`.
  public Search address(InetAddress address) {
    String text = Literals.text(address);
    char separator = text.indexOf(':') < 0 ? '.' : ':';
    Search found = path.find(text);
    for (int cut = text.lastIndexOf(separator);
        found instanceof Search.Absent && cut > 0;
        cut = text.lastIndexOf(separator, cut - 1)) {
      String part = text.substring(0, cut);
      if (!part.endsWith(":")) {
        found = path.part(part, "");
      }
    }
    return found;
  }

  public Search sender(ReversePath path) {
    return switch (path) {
      case ReversePath.Null _ -> this.path.find(NULL);
      case ReversePath.Mailbox(Address address) -> mailbox(address);
    };
  }

  /// `user+ext@domain`, `user@domain`, `domain` and those above it, `user+ext@`, `user@`.
  public Search mailbox(Address address) {
    var split = extensions.split(address);
    String domain = address.domain().name();
    String whole = address.toString();
    Search found = path.find(whole);
    if (found instanceof Search.Absent && split.isPresent()) {
      found = path.part(split.get().base().toString(), split.get().extension());
    }
    if (found instanceof Search.Absent) {
      found = path.part(domain, "");
    }
    if (found instanceof Search.Absent) {
      found = parents(domain);
    }
    if (found instanceof Search.Absent) {
      found = path.part(whole.substring(0, whole.length() - domain.length()), "");
    }
    if (found instanceof Search.Absent && split.isPresent()) {
      String base = split.get().base().toString();
      found =
          path.part(base.substring(0, base.length() - domain.length()), split.get().extension());
    }
    return found;
  }

  /// A name as it is, such as that of a user who has logged in.
  public Search exact(String key) {
    return path.find(key);
  }

  private Search parents(String name) {
    Search found = new Search.Absent();
    for (String parent : new Domain(name).parents()) {
      if (found instanceof Search.Absent && !parent.isEmpty()) {
        found = path.part(parents ? parent : "." + parent, "");
      }
    }
    return found;
  }
}
