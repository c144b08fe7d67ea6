package org.caravanmta.address;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/// Where mail for an address would really go (postfix `trivial-rewrite(8)`). A local part in one of
/// our own domains may itself say where to send on: `user%far.example@own.example`,
/// `far.example!user@own.example`, `"user@far.example"@own.example`. Code that decides about
/// relaying must judge `user@far.example`.
///
/// @param own the domains whose local parts we interpret, because we deliver them
/// @param addresses our own: `user@[192.0.2.1]` is our user too (RFC 5321 §4.1.3)
/// @param home the domain of such users
/// @param bangs whether `site!user` in them routes (postfix `swap_bangpath`)
/// @param percents whether `user%site` does (postfix `allow_percent_hack`)
/// @param dequoted whether what stands there in quotes does, as `user@site` can only; if not, a
///   local part that needs quotes is a name (postfix `resolve_dequoted_address`)
/// @param dashes whether an address may begin with `-`, which programs that are told of it take for
///   an option (postfix `allow_min_user`)
/// @param nobody who has the mail of an empty local part in our domains, `""@own.example`: a name
///   there, or an address (postfix `empty_address_recipient`)
public record Resolution(
    DomainList own,
    Set<InetAddress> addresses,
    Optional<Domain> home,
    boolean bangs,
    boolean percents,
    boolean dequoted,
    boolean dashes,
    String nobody) {
  /// Who has the mail of nobody, unless settings name another.
  public static final String MAILER_DAEMON = "MAILER-DAEMON";

  public Resolution {
    addresses = Set.copyOf(addresses);
  }

  /// Of a server that takes no mail for its address.
  public Resolution(Set<Domain> own) {
    this(DomainList.of(own), Set.of(), Optional.empty(), true, true, true, false, MAILER_DAEMON);
  }

  /// The address that mail for `address` goes to; absent when its local part routes to nowhere that
  /// could be an address, or it begins with `-`.
  public Optional<Address> resolve(Address address) {
    Address at = atHome(undotted(address));
    // every turn shortens the local part
    while (own.contains(at.domain()) && routes(at.localPart())) {
      Optional<Address> next = unwrapped(at.localPart());
      if (next.isEmpty()) {
        return next;
      }
      at = atHome(undotted(next.get()));
    }
    if (at.localPart().isEmpty() && own.contains(at.domain())) {
      at = nobody.indexOf('@') < 0 ? new Address(nobody, at.domain()) : Address.parse(nobody);
    }
    return Optional.of(at).filter(this::begins);
  }

  /// Whether an address begins as it may.
  public boolean begins(Address address) {
    return dashes || !address.localPart().startsWith("-");
  }

  /// Whether a local part says where to send on. In a domain that is not our own that is for its
  /// server to interpret, and mail for it is not taken from strangers.
  public static boolean routed(Address address) {
    return address.localPart().chars().anyMatch(c -> c == '@' || c == '%' || c == '!');
  }

  /// Whether a local part of ours says where to send on.
  public boolean routes(String local) {
    if (!dequoted && Address.needsQuotes(local)) {
      return false;
    }
    return local.indexOf('@') >= 0
        || bangs && local.indexOf('!') >= 0
        || percents && local.indexOf('%') >= 0;
  }

  private Optional<Address> unwrapped(String local) {
    int colon = local.indexOf(':');
    String text =
        local.startsWith("@") && colon > 0 && colon < local.length() - 1
            ? local.substring(colon + 1)
            : local;
    int at = text.lastIndexOf('@');
    int bang = bangs ? text.indexOf('!') : -1;
    int percent = percents ? text.lastIndexOf('%') : -1;
    if (at >= 0) {
      return address(text.substring(0, at), text.substring(at + 1));
    }
    if (bang >= 0) {
      return address(text.substring(bang + 1), text.substring(0, bang));
    }
    return percent >= 0
        ? address(text.substring(0, percent), text.substring(percent + 1))
        : Optional.empty();
  }

  private static Optional<Address> address(String local, String domain) {
    try {
      // the parser knows what a domain is
      return local.isEmpty()
          ? Optional.empty()
          : Optional.of(new Address(local, Address.parse("x@" + domain).domain()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Whether a domain is an address of our own, `[192.0.2.1]`.
  public boolean here(Domain domain) {
    return domain.isLiteral()
        && Literals.address(domain.name()).filter(addresses::contains).isPresent();
  }

  private Address atHome(Address address) {
    return home.isPresent() && here(address.domain()) ? address.at(home.get()) : address;
  }

  private static Address undotted(Address address) {
    return new Origin(address.domain()).complete(address);
  }
}
