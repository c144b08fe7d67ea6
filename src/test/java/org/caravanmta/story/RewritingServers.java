package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.caravanmta.Ports;
import org.caravanmta.peers.PrivatePostfix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// Postfix and Caravan with the same tables of `src/test/resources/postfix`, both started once, and
/// the servers that they deliver to. Debian's packages postfix and postfix-pcre; needs root, as
/// Postfix does.
abstract class RewritingServers {
  static final Path TABLES = Path.of("src/test/resources/postfix");

  @TempDir static Path directory;

  static Letterbox theirs;
  static Letterbox ours;
  static PrivatePostfix postfix;
  static Server caravan;

  @BeforeAll
  static void startBoth() throws Exception {
    if (!Files.isExecutable(Path.of("/usr/sbin/postfix"))) {
      System.out.println("SKIPPED: Postfix is not here; apt-get install postfix postfix-pcre");
      Assumptions.abort("Postfix is not installed");
    }
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: Postfix starts as root only");
    theirs = letterbox();
    ours = letterbox();
    Path of = tables(directory.resolve("postfix-tables"), theirs.port);
    PrivatePostfix.write(of.resolve("main.cf"), "compatibility_level = 3.6\n");
    run("/usr/sbin/postalias", "-c", of.toString(), "hash:" + of.resolve("aliases"));
    postfix = PrivatePostfix.start(directory.resolve("postfix"), mainCf(of, theirs.port));
    caravan = start(tables(directory.resolve("caravan-tables"), ours.port), ours.port);
  }

  @AfterAll
  static void endBoth() throws Exception {
    for (AutoCloseable each : Stream.of(caravan, postfix, ours, theirs).toList()) {
      if (each != null) {
        each.close();
      }
    }
  }

  static Letterbox letterbox() throws IOException {
    return Letterbox.at(
        Ports.free(), "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6", "127.0.0.7");
  }

  /// The tables as they are, but for the port that they name and the directory that they are in.
  static Path tables(Path to, int port) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(TABLES)) {
      for (Path file : files.toList()) {
        PrivatePostfix.write(
            to.resolve(file.getFileName()),
            Files.readString(file)
                .replace("2525", Integer.toString(port))
                .replace("@DIRECTORY@", to.toString()));
      }
    }
    return to;
  }

  static String mainCf(Path tables, int port) {
    return """
    myhostname = mx.example.com
    mydomain = example.com
    myorigin = example.com
    mydestination = example.com, mx.example.com, was.example
    mynetworks = 127.0.0.0/8
    smtpd_peername_lookup = no
    smtpd_authorized_xclient_hosts = 127.0.0.1
    smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
    smtpd_sender_restrictions = check_sender_access texthash:TABLES/access
    smtpd_soft_error_limit = 100000
    smtpd_hard_error_limit = 100000
    smtpd_junk_command_limit = 100000
    local_header_rewrite_clients = permit_mynetworks
    append_dot_mydomain = no
    recipient_delimiter = +
    in_flow_delay = 0
    notify_classes =
    relayhost = [127.0.0.2]:PORT
    relay_domains = relay.example
    relay_transport = smtp:[127.0.0.7]:PORT
    relay_recipient_maps = texthash:TABLES/relay_recipients
    mailbox_transport = smtp:[127.0.0.3]:PORT
    local_recipient_maps = texthash:TABLES/local_recipients, hash:TABLES/aliases
    alias_maps = hash:TABLES/aliases
    virtual_alias_maps = texthash:TABLES/virtual, pcre:TABLES/virtual.pcre
    virtual_mailbox_maps = texthash:TABLES/vmailbox
    virtual_mailbox_domains = vm.example, all.vm.example
    virtual_transport = smtp:[127.0.0.4]:PORT
    canonical_maps = texthash:TABLES/canonical
    sender_canonical_maps = texthash:TABLES/sender_canonical
    recipient_canonical_maps = texthash:TABLES/recipient_canonical
    masquerade_domains = !keep.example.com, dept.example.com, example.com
    masquerade_exceptions = admin
    sender_bcc_maps = texthash:TABLES/sender_bcc
    recipient_bcc_maps = texthash:TABLES/recipient_bcc
    transport_maps = texthash:TABLES/transport
    relocated_maps = texthash:TABLES/relocated
    smtp_generic_maps = texthash:TABLES/generic
    header_checks = regexp:TABLES/header_checks
    sender_dependent_relayhost_maps = texthash:TABLES/sender_relayhost
    sender_dependent_default_transport_maps = texthash:TABLES/sender_transport
    """
        .replace("TABLES", tables.toString())
        .replace("PORT", Integer.toString(port));
  }

  static Server start(Path tables, int port) throws IOException {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Path settings = directory.resolve("caravan.yaml");
    Files.writeString(
        settings,
        """
        hostname: mx.example.com
        domains:
          own: [example.com, mx.example.com, was.example]
          relay: [relay.example]
          virtual-mailboxes: [vm.example, all.vm.example]
        recipients:
          own: ["texthash:TABLES/local_recipients"]
          relay: ["texthash:TABLES/relay_recipients"]
          virtual: ["texthash:TABLES/vmailbox"]
        smtp:
          client-name-lookup: false
          xclient-hosts: [127.0.0.1]
          soft-error-limit: 100000
          error-limit: 100000
          idle-limit: 100000
        rewriting:
          origin: example.com
          canonical: ["texthash:TABLES/canonical"]
          sender-canonical: ["texthash:TABLES/sender_canonical"]
          recipient-canonical: ["texthash:TABLES/recipient_canonical"]
          masquerade-domains: ["!keep.example.com", dept.example.com, example.com]
          masquerade-exceptions: [admin]
          sender-bcc: ["texthash:TABLES/sender_bcc"]
          recipient-bcc: ["texthash:TABLES/recipient_bcc"]
          virtual-aliases: ["texthash:TABLES/virtual", "pcre:TABLES/virtual.pcre"]
          generic: ["texthash:TABLES/generic"]
        checks:
          header: ["regexp:TABLES/header_checks"]
        routing:
          transport: ["texthash:TABLES/transport"]
          relay: "smtp:[127.0.0.7]:PORT"
          virtual: "smtp:[127.0.0.4]:PORT"
          sender-transport: ["texthash:TABLES/sender_transport"]
          sender-relayhost: ["texthash:TABLES/sender_relayhost"]
          relocated: ["texthash:TABLES/relocated"]
        local:
          aliases: ["hash:TABLES/aliases"]
          allow-commands: [alias]
          allow-files: [alias]
          command-user: nobody
          mailbox-transport: "smtp:[127.0.0.3]:PORT"
        delivery:
          relayhost: "[127.0.0.2]:PORT"
        """
            .replace("TABLES", tables.toString())
            .replace("PORT", Integer.toString(port)));
    Edits.replace(
        routes.resolve("restrictions.camel.yaml"),
        "- bean: { ref: smtpdSenderRestrictions }",
        "- bean: { ref: smtpdSenderRestrictions }\n"
            + "        - bean: { ref: \"checkSenderAccess texthash:"
            + tables.resolve("access")
            + "\" }");
    return Server.start(
        directory.resolve("caravan"),
        "--set",
        "hostname=mx.example.com",
        "--config",
        settings.toString(),
        "--routes",
        routes.toString());
  }

  static Talk client(int port, boolean stranger) throws IOException {
    var talk = Talk.to(port);
    if (stranger) {
      talk.say("XCLIENT NAME=client.stranger.example ADDR=192.0.2.7");
      talk.say("EHLO client.stranger.example");
    }
    return talk;
  }

  static void run(String... command) throws Exception {
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }
}
