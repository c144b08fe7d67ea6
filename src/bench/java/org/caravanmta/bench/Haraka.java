package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Haraka, of the package registry of its language, with its own queue of outbound mail and a
/// plugin that says which recipients are relayed to which next hop.
record Haraka() implements Server {
  private static final Path PROGRAM = UNPACKED.resolve("haraka/node_modules/Haraka/bin/haraka");

  @Override
  public String name() {
    return "haraka";
  }

  @Override
  public boolean installed() {
    return Files.isReadable(PROGRAM);
  }

  @Override
  public String settings() {
    return "one process for each processor, 100 deliveries at a time in each, no plugin but the one"
        + " that looks into the tables";
  }

  @Override
  public String differs(boolean equal) {
    return "syncs the message but not the directory it is renamed in; it looks into the recipient"
        + " and the virtual table only, rewrites nothing, and has no header checks, DNS list or"
        + " greylist";
  }

  @Override
  public Peer start(Setup setup) throws IOException {
    Path home = setup.home(this);
    int port = Setup.port();
    Path config = Files.createDirectories(home.resolve("config"));
    Path plugins = Files.createDirectories(home.resolve("plugins"));
    Files.createDirectories(home.resolve("queue"));
    // it takes its defaults from the files it comes with
    try (DirectoryStream<Path> shipped =
        Files.newDirectoryStream(PROGRAM.resolve("../../config").normalize())) {
      for (Path file : shipped) {
        Files.copy(file, config.resolve(file.getFileName()));
      }
    }
    Files.writeString(config.resolve("me"), "mx.bench.test\n");
    Files.writeString(config.resolve("plugins"), "hop\n");
    Files.writeString(
        config.resolve("smtp.ini"),
        "listen=127.0.0.1:" + port + "\nnodes=cpus\nforce_shutdown_timeout=5\n");
    Files.writeString(
        config.resolve("outbound.ini"),
        "concurrency_max=100\nenable_tls=false\nlocal_mx_ok=true\ninet_prefer=v4\n");
    Files.writeString(
        plugins.resolve("hop.js"),
        """
        'use strict'
        const fs = require('node:fs')
        const { Address } = require('@haraka/email-address')

        const table = (file) =>
          new Map(fs.readFileSync(file, 'utf8').trim().split('\\n').map((line) => line.split(' ')))
        // it asks for the name of each client
        require('node:dns').setServers(['127.0.0.1:%d'])
        const recipients = table('%s')
        const aliases = table('%s')

        exports.hook_rcpt = (next, connection, [rcpt]) => {
          const alias = aliases.get(rcpt.address.toLowerCase())
          if (alias) {
            connection.transaction.rcpt_to.pop()
            connection.transaction.rcpt_to.push(new Address(`<${alias}>`))
          }
          if (!recipients.has((alias ?? rcpt.address).toLowerCase())) {
            return next(DENY, 'relay not permitted')
          }
          // what is relayed goes into the outbound queue
          connection.relaying = true
          next(OK)
        }

        exports.hook_get_mx = (next) => next(OK, { exchange: '127.0.0.1', port: %d, priority: 0 })
        """
            .formatted(
                setup.zone(),
                setup.tables().directory().resolve("relay_recipients"),
                setup.tables().directory().resolve("virtual"),
                setup.sink()));
    return Peer.start(
        name(),
        "Haraka "
            + Peer.output("node", PROGRAM.toString(), "-v").replaceFirst("(?s).*Version: ", "")
            + " with Node "
            + Peer.output("node", "-v").substring(1),
        port,
        home.resolve("log"),
        new ProcessBuilder("node", PROGRAM.toAbsolutePath().toString(), "-c", home.toString()));
  }
}
