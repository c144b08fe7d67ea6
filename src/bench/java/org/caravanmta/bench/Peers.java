package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How each server is set up, so that all do the same work: the same tables and rules, no TLS, a
/// client that is a stranger, a next hop that is named, and a sync before each 250.
///
/// Caravan has a DNS list and the greylist in addition; of the others only Postfix can, on demand.
///
/// @param asked whom Postfix asks, too
record Peers(
    Path work, TableFiles tables, int sink, int zone, Optional<Asked> asked, int processes) {
  static final String CARAVAN = "caravan";
  static final List<String> ALL = List.of("postfix", "exim", CARAVAN);

  static boolean installed(String name) {
    return switch (name) {
      case "postfix" -> Files.isExecutable(Path.of("/usr/sbin/postfix"));
      case "exim" -> Files.isExecutable(exim());
      default -> Files.isExecutable(caravan());
    };
  }

  Peer start(String name) throws IOException {
    Path home = Files.createDirectories(work.resolve(name));
    return switch (name) {
      case "postfix" -> postfix(home);
      case "exim" -> exim(home);
      case CARAVAN -> caravan(home);
      default -> throw new IOException("no server is called " + name + ": " + ALL);
    };
  }

  private Peer postfix(Path home) throws IOException {
    Path etc = Files.createDirectories(home.resolve("etc"));
    Path data = Files.createDirectories(home.resolve("data"));
    Path queue = Files.createDirectories(home.resolve("queue"));
    // its processes run as a user of their own
    for (Path above = home; above.startsWith(work); above = above.getParent()) {
      Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.setOwner(
        data,
        data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
    for (String name : TableFiles.NAMES) {
      Peer.output("/usr/sbin/postmap", tables.named("hash", name));
    }
    int port = port();
    Files.writeString(
        etc.resolve("main.cf"),
        """
        compatibility_level = 3.6
        queue_directory = %s
        data_directory = %s
        myhostname = mx.bench.test
        mydestination = bench.test
        mynetworks = 127.0.0.9/32
        relay_domains = %s
        relayhost = [127.0.0.1]:%d
        local_recipient_maps =
        alias_maps =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        maillog_file = %s
        maillog_file_prefixes = %s
        disable_dns_lookups = yes
        smtp_tls_security_level = none
        smtpd_tls_security_level = none
        default_process_limit = %d
        smtpd_client_connection_count_limit = 0
        in_flow_delay = 0
        relay_recipient_maps = %s
        virtual_alias_maps = %s
        canonical_maps = %s
        sender_canonical_maps = %s
        recipient_canonical_maps = %s
        smtp_generic_maps = %s
        transport_maps = %s
        relocated_maps = %s
        sender_bcc_maps = %s
        header_checks = regexp:%s
        """
                .formatted(
                    queue,
                    data,
                    Load.DOMAIN,
                    sink,
                    home.resolve("mail.log"),
                    home,
                    processes,
                    tables.named("hash", "relay_recipients"),
                    tables.named("hash", "virtual"),
                    tables.named("hash", "canonical"),
                    tables.named("hash", "sender_canonical"),
                    tables.named("hash", "recipient_canonical"),
                    tables.named("hash", "generic"),
                    tables.named("hash", "transport"),
                    tables.named("hash", "relocated"),
                    tables.named("hash", "sender_bcc"),
                    tables.directory().resolve("header_checks"))
            + asked.map(Asked::restrictions).orElse(""));
    if (asked.isPresent()) {
      asked.get().nameServer(queue);
    }
    String chroot = asked.isPresent() ? "y" : "n";
    Files.writeString(
        etc.resolve("master.cf"),
        Files.readString(Path.of("/usr/share/postfix/master.cf.dist"))
            .replaceAll("(?m)^(\\w+ +(?:unix|fifo|inet|unix-dgram) +[-ny] +[-ny] +)y", "$1n")
            .replaceFirst(
                "(?m)^smtp +inet .*$", "127.0.0.1:" + port + " inet n - " + chroot + " - - smtpd"));
    return Peer.start(
        "postfix",
        "Postfix " + Peer.output("/usr/sbin/postconf", "-h", "mail_version"),
        port,
        home.resolve("log"),
        new ProcessBuilder("/usr/sbin/postfix", "-c", etc.toString(), "start-fg"));
  }

  private Peer exim(Path home) throws IOException {
    int port = port();
    Path settings = home.resolve("exim.conf");
    Files.writeString(
        settings,
        """
        primary_hostname = mx.bench.test
        exim_path = %s
        spool_directory = %s
        log_file_path = %s/%%slog
        local_interfaces = 127.0.0.1
        daemon_smtp_ports = %d
        exim_user = mail
        exim_group = mail
        never_users =
        smtp_accept_max = %d
        smtp_accept_queue = 0
        smtp_accept_queue_per_connection = 0
        smtp_accept_reserve = 0
        smtp_connect_backlog = 500
        queue_run_max = 50
        rfc1413_query_timeout = 0s
        host_lookup =
        tls_advertise_hosts =
        acl_smtp_rcpt = rcpt
        domainlist relayed = %s
        begin acl
        rcpt:
          accept domains = +relayed
                 condition = ${lookup{$local_part@$domain}lsearch{%s}{yes}{no}}
          deny message = relay not permitted
        begin routers
        virtual:
          driver = redirect
          data = ${lookup{$local_part@$domain}lsearch{%s}}
        hop:
          driver = manualroute
          domains = +relayed
          transport = hop
          route_list = * 127.0.0.1::%d byname
          self = send
        begin transports
        hop:
          driver = smtp
          allow_localhost
          port = %d
          hosts_avoid_tls = *
        begin retry
        * * F,2h,1m
        """
            .formatted(
                exim(),
                home.resolve("spool"),
                home,
                port,
                processes,
                Load.DOMAIN,
                tables.directory().resolve("relay_recipients"),
                tables.directory().resolve("virtual"),
                sink,
                sink));
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (Path directory : List.of(home, Files.createDirectories(home.resolve("spool")))) {
      Files.setOwner(
          directory,
          home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("mail"));
    }
    String version =
        Peer.output(exim().toString(), "-bV", "-C", settings.toString())
            .lines()
            .findFirst()
            .orElse("Exim");
    return Peer.start(
        "exim",
        version.replaceFirst(" #.*", "").replaceFirst(" version", ""),
        port,
        home.resolve("log"),
        new ProcessBuilder(exim().toString(), "-bdf", "-q1m", "-C", settings.toString()));
  }

  private Peer caravan(Path home) throws IOException {
    int port = port();
    var settings = new ArrayList<String>(List.of(caravan().toString(), "start", "--data"));
    settings.add(home.resolve("var").toString());
    for (var setting : settings(port).entrySet()) {
      settings.add("--set");
      settings.add(setting.getKey() + "=" + setting.getValue());
    }
    return Peer.start(
        CARAVAN,
        Peer.output(caravan().toString(), "version"),
        port,
        home.resolve("log"),
        new ProcessBuilder(settings));
  }

  private Map<String, String> settings(int port) throws IOException {
    return Map.ofEntries(
        Map.entry("hostname", "mx.bench.test"),
        Map.entry("listeners.smtp.address", "127.0.0.1:" + port),
        Map.entry("listeners.submission.address", "127.0.0.1:" + port()),
        Map.entry("domains.relay", "[" + Load.DOMAIN + "]"),
        Map.entry("networks.own", "[127.0.0.9/32]"),
        Map.entry("limits.connection-count", "0"),
        Map.entry("delivery.relayhost", "[127.0.0.1]:" + sink),
        Map.entry("dns.servers", "[\"127.0.0.1:" + zone + "\"]"),
        Map.entry("dnsbl.zones", "[" + Zone.NAME + "]"),
        Map.entry("greylist.enabled", "true"),
        Map.entry("greylist.delay", "1s"),
        Map.entry("recipients.relay", list("relay_recipients")),
        Map.entry("rewriting.virtual-aliases", list("virtual")),
        Map.entry("rewriting.canonical", list("canonical")),
        Map.entry("rewriting.sender-canonical", list("sender_canonical")),
        Map.entry("rewriting.recipient-canonical", list("recipient_canonical")),
        Map.entry("rewriting.generic", list("generic")),
        Map.entry("routing.transport", list("transport")),
        Map.entry("routing.relocated", list("relocated")),
        Map.entry("rewriting.sender-bcc", list("sender_bcc")),
        Map.entry(
            "checks.header", "[\"regexp:" + tables.directory().resolve("header_checks") + "\"]"));
  }

  private String list(String table) {
    return "[\"" + tables.named("hash", table) + "\"]";
  }

  private static Path exim() {
    return Path.of(System.getProperty("bench.exim", "/usr/sbin/exim4"));
  }

  static Path caravan() {
    return Path.of(System.getProperty("bench.caravan", "target/caravan/bin/caravan"));
  }

  private static int port() throws IOException {
    return org.caravanmta.Ports.free();
  }
}
