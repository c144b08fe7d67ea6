package org.caravanmta.peers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.caravanmta.Ports;

/// Zones of the DNS on loopback (RFC 1035, RFC 4035): NSD serves them, and resolvers of the test's
/// own (Unbound, dnsmasq) answer from them. The key of each signed zone is a trust anchor of its
/// own, so that no root is needed.
///
/// ```
/// try (var zones =
///     SignedZones.in(directory)
///         .signed("good.example", "@ MX 10 mx\nmx A 127.0.0.1\n_25._tcp.mx TLSA 3 1 1 …")
///         .unsigned("plain.example", "@ MX 10 mx\nmx A 127.0.0.1")
///         .start()) {
///   zones.validating(); // as `dns.servers` has it
/// }
/// ```
public final class SignedZones implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path directory;
  private final List<String> names;
  private final Path anchors;
  private final int authority;
  private final List<Process> processes = new ArrayList<>();

  private SignedZones(Path directory, List<String> names, Path anchors) throws IOException {
    this.directory = directory;
    this.names = names;
    this.anchors = anchors;
    this.authority = Ports.free();
  }

  /// Zones that are served together. Of each, the text is lines of a master file (RFC 1035 §5) with
  /// names below the zone; its SOA and NS records are added.
  public static final class Zones {
    private final Path directory;
    private final List<String> names = new ArrayList<>();
    private final Path anchors;

    private Zones(Path directory) throws IOException {
      this.directory = Files.createDirectories(directory);
      this.anchors = directory.resolve("anchors");
      Files.writeString(anchors, "");
    }

    /// A zone whose answers are valid.
    public Zones signed(String name, String records) throws Exception {
      return signed(name, records, "");
    }

    /// A zone whose answers are valid but for those about one name.
    ///
    /// @param spoiled the name, below the zone, whose TLSA records do not have their signature
    public Zones signed(String name, String records, String spoiled) throws Exception {
      Files.writeString(anchors, anchor(sign(name, records)), StandardOpenOption.APPEND);
      if (!spoiled.isEmpty()) {
        Path file = directory.resolve(name);
        Files.writeString(file, spoil(Files.readString(file), spoiled + "." + name + "."));
      }
      return this;
    }

    /// A zone without signatures, of which no trust anchor says that there should be any.
    public Zones unsigned(String name, String records) throws IOException {
      Files.writeString(directory.resolve(name), zone(name, records));
      names.add(name);
      return this;
    }

    /// A zone that is signed by another key than its trust anchor.
    public Zones bogus(String name, String records) throws Exception {
      Files.writeString(anchors, anchor(key(name)), StandardOpenOption.APPEND);
      sign(name, records);
      return this;
    }

    /// Serves them.
    public SignedZones start() throws Exception {
      var zones = new SignedZones(directory, List.copyOf(names), anchors);
      zones.serve();
      return zones;
    }

    private Path sign(String name, String records) throws Exception {
      Path plain = directory.resolve(name + ".plain");
      Files.writeString(plain, zone(name, records));
      Path key = key(name);
      Program.run(
          Program.installed("ldns-signzone", "ldnsutils"),
          "-o",
          name,
          "-f",
          directory.resolve(name).toString(),
          plain.toString(),
          key.toString());
      names.add(name);
      return key;
    }

    /// The files of a new key, without their endings.
    private Path key(String name) throws Exception {
      String program = Program.installed("ldns-keygen", "ldnsutils");
      var process =
          new ProcessBuilder(program, "-a", "ECDSAP256SHA256", "-k", name)
              .directory(directory.toFile())
              .start();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IOException("no key for " + name);
      }
      return directory.resolve(printed);
    }

    private static String anchor(Path key) throws IOException {
      return Files.readString(Path.of(key + ".key"));
    }

    private static String zone(String name, String records) {
      return """
      $ORIGIN %s.
      $TTL 60
      @ SOA ns hostmaster 1 3600 600 86400 60
      @ NS ns
      ns A 127.0.0.1
      """
              .formatted(name)
          + records.stripIndent()
          + "\n";
    }

    /// The zone with another last digit in each TLSA record of a name.
    private static String spoil(String zone, String name) {
      return zone.lines()
              .map(
                  line ->
                      line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT))
                              && line.matches("\\S+\\s+\\d+\\s+IN\\s+TLSA\\s.*")
                          ? line.substring(0, line.length() - 1) + (line.endsWith("0") ? "1" : "0")
                          : line)
              .collect(Collectors.joining("\n"))
          + "\n";
    }
  }

  /// @param directory for the files of the servers; made if it is not there
  public static Zones in(Path directory) throws IOException {
    return new Zones(directory);
  }

  /// The trust anchors: a DNSKEY record for each signed zone.
  public Path anchors() {
    return anchors;
  }

  /// The server of the zones, which does no recursion.
  public String authority() {
    return "127.0.0.1:" + authority;
  }

  /// A resolver that validates: it says AD of what is signed, and SERVFAIL of what is bogus.
  public String validating() throws IOException {
    return validating("127.0.0.1", Ports.free());
  }

  /// The same at an address: port 53 for what reads `resolv.conf` only.
  public String validating(String address, int port) throws IOException {
    return unbound(address, port, "validator iterator", "trust-anchor-file: \"" + anchors + "\"");
  }

  /// A resolver that does not validate, but passes signatures on.
  public String trusting() throws IOException {
    return unbound("127.0.0.1", Ports.free(), "iterator", "");
  }

  /// A resolver that passes no signatures on and clears the AD bit, in front of another.
  public String stripping(String upstream) throws IOException {
    return dnsmasq(upstream, "--filter-rr=RRSIG,DNSKEY,DS,NSEC,NSEC3");
  }

  /// A resolver that clears the AD bit, as systemd-resolved does with DNSSEC=no, in front of
  /// another.
  public String forwarding(String upstream) throws IOException {
    return dnsmasq(upstream);
  }

  private void serve() throws IOException {
    String each =
        names.stream()
            .map(name -> "zone:\n  name: %s\n  zonefile: \"%s\"\n".formatted(name, name))
            .collect(Collectors.joining());
    Path settings = directory.resolve("nsd.conf");
    Files.writeString(
        settings,
        """
        server:
          ip-address: 127.0.0.1@%d
          server-count: 1
          username: ""
          chroot: ""
          zonesdir: "%s"
          pidfile: ""
          database: ""
          zonelistfile: "%s/nsd.zones"
          xfrdfile: "%s/nsd.xfrd"
          xfrdir: "%s"
        remote-control:
          control-enable: no
        """
                .formatted(authority, directory, directory, directory, directory)
            + each);
    start(
        "127.0.0.1",
        authority,
        "nsd",
        Program.installed("nsd", "nsd"),
        "-d",
        "-c",
        settings.toString());
  }

  private String unbound(String address, int port, String modules, String more) throws IOException {
    Path settings = directory.resolve("unbound." + port);
    String stubs =
        names.stream()
            .map(
                name ->
                    "stub-zone:\n  name: %s\n  stub-addr: 127.0.0.1@%d\n"
                        .formatted(name, authority))
            .collect(Collectors.joining());
    Files.writeString(
        settings,
        """
        server:
          interface: %s
          port: %d
          do-daemonize: no
          username: ""
          chroot: ""
          directory: "%s"
          pidfile: ""
          use-syslog: no
          do-not-query-localhost: no
          module-config: "%s"
          num-threads: 1
          %s
        remote-control:
          control-enable: no
        """
                .formatted(address, port, directory, modules, more)
            + stubs);
    return start(
        address,
        port,
        "unbound",
        Program.installed("unbound", "unbound"),
        "-d",
        "-c",
        settings.toString());
  }

  private String dnsmasq(String upstream, String... more) throws IOException {
    int port = Ports.free();
    var command = new ArrayList<String>();
    command.add(Program.installed("dnsmasq", "dnsmasq-base"));
    command.addAll(
        List.of(
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--no-resolv",
            "--no-hosts",
            "--pid-file=",
            "--user=root",
            "--bind-interfaces",
            "--listen-address=127.0.0.1",
            "--port=" + port,
            "--server=" + upstream.replace(':', '#')));
    command.addAll(List.of(more));
    return start("127.0.0.1", port, "dnsmasq", command.toArray(String[]::new));
  }

  /// @return as `dns.servers` has it
  private String start(String address, int port, String name, String... command)
      throws IOException {
    Path log = directory.resolve(name + "." + port + ".log");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    processes.add(process);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException(name + ": " + Files.readString(log));
              }
              return PrivatePostfix.listens(address, port);
            });
    return address + ":" + port;
  }

  @Override
  public void close() {
    var all = new ArrayList<ProcessHandle>();
    for (Process process : processes) {
      process.descendants().forEach(all::add);
      process.destroy();
    }
    try {
      for (Process process : processes) {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      processes.forEach(Process::destroyForcibly);
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
