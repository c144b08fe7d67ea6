package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Postfix of the system, a private instance of it with all tables and header checks.
///
/// @param filtering whether it asks a milter (`smtpd_milters`)
record Postfix(boolean filtering) implements Server {
  @Override
  public String name() {
    return filtering ? "postfix" + MILTER : "postfix";
  }

  @Override
  public Optional<Server> filtered() {
    return Optional.of(new Postfix(true));
  }

  @Override
  public boolean installed() {
    return Files.isExecutable(Path.of("/usr/sbin/postfix"));
  }

  @Override
  public String settings() {
    return "its defaults, the process limit raised to the number of sessions, in_flow_delay = 0";
  }

  @Override
  public String differs(boolean equal) {
    return equal
        ? "asks the same DNS list, and a policy service that knows everybody where Caravan asks"
            + " its greylist"
        : "asks no DNS list and no greylist";
  }

  @Override
  public Peer start(Setup setup) throws IOException {
    TableFiles tables = setup.tables();
    Path home = setup.home(this);
    Path etc = Files.createDirectories(home.resolve("etc"));
    Path data = Files.createDirectories(home.resolve("data"));
    Path queue = Files.createDirectories(home.resolve("queue"));
    setup.open(home);
    Setup.own(data, "postfix");
    for (String name : TableFiles.NAMES) {
      Peer.output("/usr/sbin/postmap", tables.named("hash", name));
    }
    int port = Setup.port();
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
                    setup.sink(),
                    home.resolve("mail.log"),
                    home,
                    setup.processes(),
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
            + setup.asked().map(Asked::restrictions).orElse("")
            + (filtering
                ? "smtpd_milters = inet:127.0.0.1:" + setup.milter().orElseThrow().port() + "\n"
                : ""));
    if (setup.asked().isPresent()) {
      setup.asked().get().nameServer(queue);
    }
    String chroot = setup.asked().isPresent() ? "y" : "n";
    Files.writeString(
        etc.resolve("master.cf"),
        Files.readString(Path.of("/usr/share/postfix/master.cf.dist"))
            .replaceAll("(?m)^(\\w+ +(?:unix|fifo|inet|unix-dgram) +[-ny] +[-ny] +)y", "$1n")
            .replaceFirst(
                "(?m)^smtp +inet .*$", "127.0.0.1:" + port + " inet n - " + chroot + " - - smtpd"));
    return Peer.start(
        name(),
        "Postfix " + Peer.output("/usr/sbin/postconf", "-h", "mail_version"),
        port,
        home.resolve("log"),
        new ProcessBuilder("/usr/sbin/postfix", "-c", etc.toString(), "start-fg"));
  }
}
