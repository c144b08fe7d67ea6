package org.caravanmta.peers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// A Postfix as the client of {@link KindsOfServer}: what its log says of each recipient.
final class PostfixByPolicy {
  private static final String RESOLVER = "127.0.53.1";
  private static final Pattern LINE = Pattern.compile("postfix/smtp\\[(\\d+)\\]: (.*)");
  private static final Pattern TLS =
      Pattern.compile("(Anonymous|Untrusted|Trusted|Verified) TLS connection established to .*");
  private static final Pattern STATUS =
      Pattern.compile("\\S+: to=<(\\S+?)>, .*dsn=([\\d.]+), status=(\\w+) \\((.*)\\)");

  private PostfixByPolicy() {}

  /// The cell of each recipient, once each has been delivered or deferred twice: a policy that
  /// falls back does so at the second attempt.
  static Map<String, String> run(Path where, KindsOfServer servers, Path authority)
      throws Exception {
    Path directory = RunningProgram.directory(where);
    Path policies = PrivatePostfix.write(directory.resolve("policies"), servers.policies());
    Path etc = Files.createDirectories(directory.resolve("queue/etc"));
    servers.zones.validating(RESOLVER, 53);
    Files.writeString(
        etc.resolve("resolv.conf"), "nameserver " + RESOLVER + "\noptions trust-ad edns0\n");
    try (var postfix =
        PrivatePostfix.start(
            directory,
            """
            myhostname = client.example
            mydestination =
            alias_maps =
            mynetworks = 127.0.0.0/8
            smtpd_peername_lookup = no
            smtpd_relay_restrictions = permit_mynetworks, reject
            default_transport = chrooted
            default_process_limit = 40
            smtp_host_lookup = dns
            smtp_dns_support_level = dnssec
            smtp_tcp_port = %d
            smtp_tls_security_level = may
            smtp_tls_policy_maps = texthash:%s
            smtp_tls_CAfile = %s
            smtp_tls_chain_files = %s, %s
            smtp_tls_loglevel = 1
            smtp_starttls_timeout = 2s
            smtp_connection_cache_on_demand = no
            minimal_backoff_time = 1s
            maximal_backoff_time = 1s
            queue_run_delay = 1s
            """
                .formatted(
                    servers.port,
                    policies,
                    authority,
                    servers.client.key(),
                    servers.client.chain()),
            "chrooted unix - - y - - smtp\n")) {
      Program.run(
          0,
          Program.installed("swaks", "swaks"),
          "--server",
          "127.0.0.1:" + postfix.port,
          "--from",
          "<>",
          "--to",
          String.join(",", KindsOfServer.recipients()));
      try {
        await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofSeconds(1))
            .until(() -> settled(outcomes(postfix.log())));
      } finally {
        Files.writeString(Path.of("target/policies-postfix.log"), postfix.log());
      }
      var cells = new HashMap<String, String>();
      outcomes(postfix.log()).forEach((recipient, all) -> cells.put(recipient, all.getLast()));
      return cells;
    }
  }

  private static boolean settled(Map<String, List<String>> outcomes) {
    return outcomes.keySet().containsAll(KindsOfServer.recipients())
        && outcomes.values().stream()
            .allMatch(attempts -> attempts.size() > 1 || !attempts.getLast().startsWith("4."));
  }

  /// The attempts of each recipient, in order.
  private static Map<String, List<String>> outcomes(String log) throws IOException {
    // what each process has said of the connection it has
    var secured = new HashMap<String, String>();
    var outcomes = new HashMap<String, List<String>>();
    log.lines()
        .map(LINE::matcher)
        .filter(java.util.regex.Matcher::find)
        .forEach(
            line -> {
              var tls = TLS.matcher(line.group(2));
              var status = STATUS.matcher(line.group(2));
              if (tls.matches()) {
                secured.put(line.group(1), tls.group(1).toLowerCase(Locale.ROOT));
              } else if (status.matches()) {
                String how = secured.remove(line.group(1));
                outcomes
                    .computeIfAbsent(status.group(1), _ -> new ArrayList<>())
                    .add(
                        status.group(3).equals("sent")
                            ? how == null ? "clear" : how
                            : status.group(2));
              }
            });
    return outcomes;
  }
}
