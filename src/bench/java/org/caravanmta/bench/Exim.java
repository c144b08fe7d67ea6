package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Exim, of the system or unpacked, as a daemon with a settings file of its own.
record Exim() implements Server {
  private static final Path SYSTEM = Path.of("/usr/sbin/exim4");

  @Override
  public String name() {
    return "exim";
  }

  @Override
  public boolean installed() {
    return Files.isExecutable(program());
  }

  @Override
  public String settings() {
    return "as many connections as there are sessions, delivery at once whatever the load,"
        + " no ident and no reverse lookups";
  }

  @Override
  public String differs(boolean equal) {
    return "holds its answer to QUIT back for 0.2 s while the client waits for it, so that a"
        + " session makes no more than five new connections in a second; it looks into the"
        + " recipient and the virtual table only, rewrites nothing, and has no header"
        + " checks, DNS list or greylist";
  }

  @Override
  public Peer start(Setup setup) throws IOException {
    Path home = setup.home(this);
    int port = Setup.port();
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
                program(),
                home.resolve("spool"),
                home,
                port,
                setup.processes(),
                Load.DOMAIN,
                setup.tables().directory().resolve("relay_recipients"),
                setup.tables().directory().resolve("virtual"),
                setup.sink(),
                setup.sink()));
    setup.open(home);
    Setup.own(home, "mail");
    Setup.own(Files.createDirectories(home.resolve("spool")), "mail");
    String version =
        Peer.output(program().toString(), "-bV", "-C", settings.toString())
            .lines()
            .filter(line -> line.startsWith("Exim version"))
            .findFirst()
            .orElse("Exim");
    return Peer.start(
        name(),
        version.replaceFirst(" #.*", "").replaceFirst(" version", ""),
        port,
        home.resolve("log"),
        new ProcessBuilder(program().toString(), "-bdf", "-q1m", "-C", settings.toString()));
  }

  private static Path program() {
    return Files.isExecutable(SYSTEM)
        ? SYSTEM
        : UNPACKED.resolve("exim/usr/sbin/exim4").toAbsolutePath();
  }
}
