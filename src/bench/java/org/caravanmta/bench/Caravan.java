package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Caravan as it is built, or as an installation kept from before a change, with every stage at
/// work.
///
/// @param program its `bin/caravan`
/// @param filtering whether it asks a milter before the queue
record Caravan(String name, Path program, boolean filtering) implements Server {
  /// As it is built, or where the property `bench.caravan` says.
  static Caravan built() {
    return new Caravan(
        "caravan",
        Path.of(System.getProperty("bench.caravan", "target/caravan/bin/caravan")),
        false);
  }

  /// The one to compare with.
  ///
  /// @param home an installation, as `mvn package` lays one out
  static Caravan before(Path home) {
    return new Caravan("before", home.resolve("bin/caravan"), false);
  }

  @Override
  public Optional<Server> filtered() {
    return Optional.of(new Caravan(name + Server.MILTER, program, true));
  }

  @Override
  public boolean installed() {
    return Files.isExecutable(program);
  }

  @Override
  public String settings() {
    return "its defaults, no limit of connections from one client, a greylist delay of one second";
  }

  @Override
  public String differs(boolean equal) {
    return "asks a DNS list and its greylist about every recipient";
  }

  @Override
  public Peer start(Setup setup) throws IOException {
    return start(setup, Map.of());
  }

  /// @param more settings than those of the benchmark
  Peer start(Setup setup, Map<String, String> more) throws IOException {
    Path home = setup.home(this);
    int port = Setup.port();
    var settings = new TreeMap<>(settings(setup, port));
    settings.putAll(more);
    List<String> words = words("start", home, settings);
    if (filtering) {
      words.addAll(List.of("--routes", routes(setup, home).toString()));
    }
    return Peer.start(name(), version(), port, home.resolve("log"), new ProcessBuilder(words));
  }

  /// Starts a peer of a cluster's lock service.
  ///
  /// @param port where its clients reach it
  Peer startLocks(Setup setup, int port, Map<String, String> settings) throws IOException {
    Path home = setup.home(this);
    var words = new ProcessBuilder(words("locks", home, settings));
    return Peer.start(name(), version(), port, home.resolve("log"), words, Peer::connects);
  }

  private String version() throws IOException {
    return Peer.output(program.toString(), "version");
  }

  private List<String> words(String command, Path home, Map<String, String> settings) {
    var words = new ArrayList<String>(List.of(program.toString(), command, "--data"));
    words.add(home.resolve("var").toString());
    for (var setting : settings.entrySet()) {
      words.add("--set");
      words.add(setting.getKey() + "=" + setting.getValue());
    }
    return words;
  }

  /// Those of the installation, and one that asks the milter.
  private Path routes(Setup setup, Path home) throws IOException {
    Path routes = Files.createDirectories(home.resolve("routes"));
    Path shipped = program.toAbsolutePath().resolveSibling("../routes");
    try (Stream<Path> files = Files.list(shipped)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        Files.copy(each, routes.resolve(each.getFileName()));
      }
    }
    Files.writeString(
        routes.resolve("filters.camel.yaml"),
        """
        - route:
            id: filters
            from:
              uri: direct:filters
              steps:
                - bean: { ref: "milter inet:127.0.0.1:%d" }
        """
            .formatted(setup.milter().orElseThrow().port()));
    return routes;
  }

  private static Map<String, String> settings(Setup setup, int port) throws IOException {
    return Map.ofEntries(
        Map.entry("hostname", "mx.bench.test"),
        Map.entry("listeners.smtp.address", "127.0.0.1:" + port),
        Map.entry("listeners.submission.address", "127.0.0.1:" + Setup.port()),
        Map.entry("domains.relay", "[" + Load.DOMAIN + "]"),
        Map.entry("networks.own", "[127.0.0.9/32]"),
        Map.entry("limits.connection-count", "0"),
        Map.entry("delivery.relayhost", "[127.0.0.1]:" + setup.sink()),
        Map.entry("dns.servers", "[\"127.0.0.1:" + setup.zone() + "\"]"),
        Map.entry("dnsbl.zones", "[" + Zone.NAME + "]"),
        Map.entry("greylist.enabled", "true"),
        Map.entry("greylist.delay", "1s"),
        Map.entry("recipients.relay", list(setup, "relay_recipients")),
        Map.entry("rewriting.virtual-aliases", list(setup, "virtual")),
        Map.entry("rewriting.canonical", list(setup, "canonical")),
        Map.entry("rewriting.sender-canonical", list(setup, "sender_canonical")),
        Map.entry("rewriting.recipient-canonical", list(setup, "recipient_canonical")),
        Map.entry("rewriting.generic", list(setup, "generic")),
        Map.entry("routing.transport", list(setup, "transport")),
        Map.entry("routing.relocated", list(setup, "relocated")),
        Map.entry("rewriting.sender-bcc", list(setup, "sender_bcc")),
        Map.entry(
            "checks.header",
            "[\"regexp:" + setup.tables().directory().resolve("header_checks") + "\"]"));
  }

  private static String list(Setup setup, String table) {
    return "[\"" + setup.tables().named("hash", table) + "\"]";
  }
}
