package org.caravanmta.tls.client;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.address.Idn;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Services;
import org.caravanmta.mtasts.StsPolicy;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Tables;
import org.caravanmta.table.Values;
import org.caravanmta.tls.Strength;

/// What the operator says of TLS with a server: a row of `delivery.tls.policies` for the next hop
/// that led to it, or else the level of the settings (postfix `smtp_tls_policy_maps`).
///
/// A row is looked up by the next hop as it is written, with its brackets and port. The domain of
/// recipients, or another without either, is looked up with its parents too: `mx.example.org`,
/// `.example.org`, `.org`.
public final class TlsPolicies {
  private final SearchPath tables;
  private final ClientTlsSettings own;

  private TlsPolicies(SearchPath tables, ClientTlsSettings own) {
    this.tables = tables;
    this.own = own;
  }

  /// Opens the tables.
  ///
  /// @throws WrongSetting says which table, which line, and what was expected
  public static TlsPolicies open(ClientTlsSettings own, InstantSource clock) {
    try {
      Values values = Values.strict(Values.fixed(value -> PolicyLine.parse(value, own)));
      return new TlsPolicies(Tables.search(own.policies(), clock, values), own);
    } catch (IllegalArgumentException e) {
      throw new WrongSetting("delivery.tls.policies", String.valueOf(e.getMessage()), e);
    }
  }

  /// What the operator says.
  public sealed interface Answer {
    /// TLS must be so.
    record Is(TlsPolicy policy) implements Answer {}

    /// That cannot be told, or the server must not get mail.
    ///
    /// @param reason of class 4
    /// @param problem absent if it is ours
    record Not(Reason reason, Optional<TlsProblem> problem) implements Answer {}
  }

  /// The versions and ciphers for servers that must use TLS.
  public Strength mandatory() {
    return own.strength().mandatory();
  }

  /// The policy for a server.
  ///
  /// @param hop the next hop that led to it
  /// @param host its name
  /// @param level for a next hop that no table has
  public Answer of(NextHop hop, String host, SecurityLevel level) {
    if (tables.isEmpty()) {
      return new Answer.Is(usual(hop, host, level));
    }
    for (String key : keys(hop)) {
      switch (tables.find(key)) {
        case Search.Found found -> {
          return read(found.value(), hop, host);
        }
        case Search.Absent() -> {}
        case Search.Unavailable(String why) -> {
          return misconfigured(why);
        }
      }
    }
    return new Answer.Is(usual(hop, host, level));
  }

  private Answer read(String value, NextHop hop, String host) {
    PolicyLine line;
    try {
      line = PolicyLine.parse(value, own);
    } catch (IllegalArgumentException e) {
      return misconfigured(String.valueOf(e.getMessage()));
    }
    if (!line.servers().isEmpty()
        && line.servers().stream().noneMatch(p -> StsPolicy.covers(p, host))) {
      return new Answer.Not(
          Reason.of("4.7.5", "MX host " + host + " does not match the MTA-STS policy"),
          Optional.of(TlsProblem.VALIDATION_FAILURE));
    }
    return new Answer.Is(policy(line, hop, host));
  }

  private static Answer misconfigured(String why) {
    return new Answer.Not(
        Reason.of("4.7.5", "client TLS configuration problem: " + why), Optional.empty());
  }

  private TlsPolicy policy(PolicyLine line, NextHop hop, String host) {
    return new TlsPolicy(
        line.level(),
        match(line.level(), line.match(), hop, host),
        line.serverName()
            .map(name -> resolved(name, hop, host))
            .or(() -> asked(line.level(), host)),
        line.strength(),
        List.of(),
        line.authorities(),
        line.reuse(),
        line.published() ? TlsPolicy.Origin.MTA_STS : TlsPolicy.Origin.TABLE);
  }

  private TlsPolicy usual(NextHop hop, String host, SecurityLevel level) {
    Strength strength =
        level.isMandatory() || level == SecurityLevel.DANE
            ? own.strength().mandatory()
            : own.strength().opportunistic();
    return new TlsPolicy(
        level,
        match(level, List.of(), hop, host),
        asked(level, host),
        strength,
        List.of(),
        TlsPolicy.Origin.SETTINGS);
  }

  /// The name to ask for where no row says it: a server with several certificates must know which
  /// one will be looked at. Where any certificate will do, Postfix does not ask either.
  private static Optional<String> asked(SecurityLevel level, String host) {
    return level == SecurityLevel.VERIFY || level == SecurityLevel.SECURE
        ? Optional.of(Idn.ascii(host))
        : Optional.empty();
  }

  private List<String> match(SecurityLevel level, List<String> said, NextHop hop, String host) {
    return switch (level) {
      case FINGERPRINT ->
          said.isEmpty()
              ? own.fingerprints().stream().map(own.fingerprintDigest()::normal).toList()
              : said;
      case VERIFY -> names(said.isEmpty() ? own.verifyMatch() : said, hop, host);
      case SECURE -> names(said.isEmpty() ? own.secureMatch() : said, hop, host);
      case NONE, MAY, ENCRYPT, DANE, DANE_ONLY -> List.of();
    };
  }

  private static List<String> names(List<String> said, NextHop hop, String host) {
    return said.stream().map(name -> resolved(name, hop, host)).toList();
  }

  private static String resolved(String name, NextHop hop, String host) {
    String next = hop instanceof NextHop.Host named ? named.host() : host;
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "hostname" -> Idn.ascii(host);
      case "nexthop" -> Idn.ascii(next);
      case "dot-nexthop" -> "." + Idn.ascii(next);
      case String below when below.startsWith(".") -> "." + Idn.ascii(below.substring(1));
      default -> Idn.ascii(name);
    };
  }

  /// The keys of a next hop, the nearest first.
  private static List<String> keys(NextHop hop) {
    return switch (hop) {
      case NextHop.Socket(String path) -> List.of("unix:" + path);
      case NextHop.Host host when host.direct() || host.port().isPresent() -> explicit(host);
      case NextHop.Host host -> withParents(host.host().toLowerCase(Locale.ROOT));
    };
  }

  private static List<String> explicit(NextHop.Host hop) {
    String name = hop.host().toLowerCase(Locale.ROOT);
    String written = hop.direct() ? "[" + name + "]" : name;
    var keys = new ArrayList<String>();
    if (hop.port().isEmpty()) {
      keys.add(written);
    } else {
      int port = hop.port().get();
      keys.add(written + ":" + port);
      Services.names(port).forEach(each -> keys.add(written + ":" + each));
      if (hop.direct()) {
        keys.add("inet:" + name + ":" + port);
      }
    }
    return keys;
  }

  private static List<String> withParents(String domain) {
    var keys = new ArrayList<String>();
    keys.add(domain);
    for (int dot = domain.indexOf('.'); dot > 0; dot = domain.indexOf('.', dot + 1)) {
      keys.add(domain.substring(dot));
    }
    return keys;
  }
}
