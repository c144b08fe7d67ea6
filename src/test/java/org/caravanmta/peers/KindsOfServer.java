package org.caravanmta.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.caravanmta.Ports;

/// A server of each {@link ServerKind}, each at an address of its own and all at one port, with the
/// DNS in which the domain of each {@link PolicyLevel} leads there.
final class KindsOfServer implements AutoCloseable {
  final int port;
  final Authority authority;
  final Identity client;
  final SignedZones zones;
  private final Map<ServerKind, TlsSink> sinks = new EnumMap<>(ServerKind.class);
  private final Map<ServerKind, Identity> identities;
  private final Identity stranger;

  private KindsOfServer(
      int port,
      Authority authority,
      Identity client,
      Identity stranger,
      Map<ServerKind, Identity> identities,
      SignedZones zones) {
    this.port = port;
    this.authority = authority;
    this.client = client;
    this.stranger = stranger;
    this.identities = identities;
    this.zones = zones;
  }

  /// @param directory where NAME.pem of the authority is `authority.pem`
  static KindsOfServer start(Path directory) throws Exception {
    int port = Ports.free();
    Authority authority = Authority.make(directory.resolve("ca"), "authority");
    Authority other = Authority.make(directory.resolve("other"), "other");
    Identity stranger = other.issue("stranger", "stranger.example");
    var identities = new EnumMap<ServerKind, Identity>(ServerKind.class);
    var records = new EnumMap<ServerKind, String>(ServerKind.class);
    for (ServerKind kind : ServerKind.values()) {
      Identity identity = identity(kind, authority, other);
      identities.put(kind, identity);
      records.put(kind, records(kind, port, identity, stranger));
    }
    SignedZones zones =
        SignedZones.in(RunningProgram.directory(directory.resolve("zones")))
            .signed(
                "tls.example",
                of(records, "tls.example"),
                "_" + port + "._tcp.mx." + ServerKind.BROKEN_TLSA.label())
            .unsigned("plain.example", of(records, "plain.example"))
            .bogus("forged.example", of(records, "forged.example"))
            .start();
    var servers =
        new KindsOfServer(
            port,
            authority,
            authority.issue("client", "client.caravan.test"),
            stranger,
            identities,
            zones);
    for (ServerKind kind : ServerKind.values()) {
      servers.sinks.put(
          kind, TlsSink.start(address(kind), port, kind.conduct, identities.get(kind), authority));
    }
    return servers;
  }

  private static String address(ServerKind kind) {
    return "127.0.1." + (kind.ordinal() + 1);
  }

  private static Identity identity(ServerKind kind, Authority authority, Authority other)
      throws IOException {
    String file = kind.label();
    String[] names =
        Stream.concat(
                Stream.of(kind.host()),
                Stream.of(PolicyLevel.values()).map(level -> level.domain(kind)))
            .toArray(String[]::new);
    return switch (kind.shows) {
      case RIGHT -> authority.issue(file, names);
      case HOST_ONLY -> authority.issue(file, kind.host());
      case OTHER_NAME -> authority.issue(file, PolicyLevel.OTHER_NAME);
      case EXPIRED -> authority.expired(file, names);
      case SELF_SIGNED -> authority.selfSigned(file, names);
      case OTHER_AUTHORITY -> other.issue(file, names);
    };
  }

  private static String records(ServerKind kind, int port, Identity identity, Identity stranger)
      throws IOException {
    var lines = new ArrayList<String>();
    String host = "mx." + kind.label();
    lines.add(host + " A " + address(kind));
    String tlsa = "_" + port + "._tcp." + host + " TLSA ";
    switch (kind.tlsa) {
      case RIGHT, SPOILED -> lines.add(tlsa + identity.tlsa());
      case OTHER -> lines.add(tlsa + stranger.tlsa());
      // PKIX-TA: not for SMTP
      case UNUSABLE -> lines.add(tlsa + identity.tlsa().replaceFirst("3", "0"));
      case NONE -> {}
    }
    for (PolicyLevel level : PolicyLevel.values()) {
      lines.add(level.label() + "." + kind.label() + " MX 10 " + host);
    }
    return String.join("\n", lines) + "\n";
  }

  private static String of(Map<ServerKind, String> records, String zone) {
    var all = new StringBuilder();
    records.forEach((kind, lines) -> all.append(kind.zone().equals(zone) ? lines : ""));
    return all.toString();
  }

  /// The lines of `smtp_tls_policy_maps`.
  String policies() throws IOException {
    var lines = new StringBuilder();
    for (ServerKind kind : ServerKind.values()) {
      // the fingerprint of one is another's
      Identity known = kind == ServerKind.UNKNOWN_AUTHORITY ? stranger : identities.get(kind);
      for (PolicyLevel level : PolicyLevel.values()) {
        lines.append(level.domain(kind)).append(' ').append(level.policy(known)).append('\n');
      }
    }
    return lines.toString();
  }

  /// A recipient for each level and kind.
  static List<String> recipients() {
    return Stream.of(ServerKind.values())
        .flatMap(kind -> Stream.of(PolicyLevel.values()).map(level -> "joe@" + level.domain(kind)))
        .toList();
  }

  /// How mail for a recipient has come: empty, not at all.
  List<TlsSink.Taken> taken(ServerKind kind, PolicyLevel level) {
    return sinks.get(kind).taken().stream()
        .filter(taken -> taken.recipient().equals("joe@" + level.domain(kind)))
        .toList();
  }

  @Override
  public void close() throws IOException {
    for (TlsSink sink : sinks.values()) {
      sink.close();
    }
    zones.close();
  }
}
