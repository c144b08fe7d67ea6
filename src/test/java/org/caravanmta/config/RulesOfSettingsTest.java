package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.settings.SettingsFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A rule of a setting stands in the record of its section, wherever that is, and is told with
/// file, line and key: one or more of each section that has rules.
class RulesOfSettingsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          hostname                     | mx.exämple.org | mx.exämple.org: must be a name, was "mx.exämple.org"
          listeners.smtp.keys          | [a.pem]        | [a.pem]: must name a file for each certificate, or none at all
          listeners.submission.proxies | ['::/0']       | [::/0]: must not hold the whole internet, or anybody could pass for one of our clients
          tls.keys                     | [a.pem]        | [a.pem]: must name a file for each certificate, or none at all
          tls.handshake-timeout        | 0s             | 0s: must be longer than 0s
          tls.strength.ciphers         | best           | best: cannot be used: "best" is not high or medium
          sasl.dovecot                 | /run/auth      | /run/auth: cannot be used: unix:/PATH or inet:HOST:PORT was expected
          sasl.failure-delay           | 2m             | 2m: must be at most 1m
          sasl.jdbc.query              | SELECT 1       | SELECT 1: must have one ?, for the user
          sasl.ldap.entry              | uid=me         | uid=me: must contain %u, the user
          sasl.oauth.user-claim        | ""             | "": must be a claim such as email
          maildrop.directory           | ""             | "": must name a directory
          smtp.size-limit              | 0              | 0: must be at least 1
          smtp.header-limit            | 1023           | 1023: must be at least 1024
          smtp.hop-limit               | 0              | 0: must be at least 1
          smtp.line-limit              | 511            | 511: must be at least 512
          smtp.recipient-limit         | 0              | 0: must be at least 1, was 0
          smtp.session-limit           | 0              | 0: must be at least 1
          smtp.min-data-rate           | 0              | 0: must be at least 1
          smtp.error-delay             | 2m             | 2m: must be from 0s to 1m
          smtp.idle-limit              | 0              | 0: must be at least 1
          smtp.forbidden-commands      | [a b]          | [a b]: must be single words
          smtp.xclient-hosts           | [0.0.0.0/0]    | [0.0.0.0/0]: must not hold the whole internet, or anybody could pass for one of our clients
          smtp.dialogue.banner         | Hello          | Hello: must start with $myhostname (RFC 5321 §4.3.1)
          limits.ipv4-prefix           | 33             | 33: must be from 1 to 32
          limits.memory.sessions       | 1              | 1: must be 0 or at least 64KiB, was 1
          restrictions.codes.relay     | 450            | 450: must be a code of 500 to 599, was 450
          restrictions.codes.reject    | 250            | 250: must be a code of 400 to 599, was 250
          dnsbl.threshold              | 0              | 0: must be at least 1, was 0
          dnsbl.zones                  | [zen..example] | [zen..example]: must be DNS lists: expected ZONE or ZONE=FILTER such as zen.example.org=127.0.0.[2..11], was zen..example
          greylist.delay               | 0s             | 0s: must be longer than 0s
          greylist.retry-window        | 1s             | 1s: must be longer than delay
          greylist.client-returns      | -1             | -1: must be at least 0
          rewriting.headers.undisclosed | nobody        | nobody: must be a field such as To: undisclosed-recipients:;
          checks.unreadable-attachments | maybe         | maybe: must be hold, reject, defer or pass
          routing.relay                | "[x]"          | [x]: must be a transport, NAME or NAME:NEXTHOP
          local.mailbox-transport      | "[x]"          | [x]: must be a transport, NAME or NAME:NEXTHOP
          local.command-user           | root           | root: must be a user who is not root
          virtual.minimum-user         | 0              | 0: must be at least 1, was 0
          mailboxes.lock-attempts      | 0              | 0: must be at least 1, was 0
          delivery.concurrency         | 0              | 0: must be at least 1
          delivery.line-limit          | 77             | 77: must be at least 78
          delivery.outgoing.bind-address | "::1"        | ::1: must be an IPv4 address
          dns.timeout                  | 0s             | 0s: must be longer than 0s
          queue.lanes                  | [5m, 1m]       | [5m, 1m]: must grow: each waits longer than the one before
          queue.fault-limit            | 0              | 0: must be at least 1
          report.gather                | 6m             | 6m: must be between 0s and 5m
          content.inline-limit         | 65KiB          | 65KiB: must be at most 64KiB
          broker.url                   | http://x       | http://x: must be tcp://host:61616 or (tcp://a:61616,tcp://b:61616)?ha=true
          state.url                    | x              | x: must be a JDBC URL such as jdbc:postgresql://host/mail, of PostgreSQL or H2
          """)
  void isToldWithFileLineAndKey(String key, String value, String expected) throws Exception {
    String[] parts = key.split("[.]");
    var text = new StringBuilder("# the operator's\n");
    for (int i = 0; i < parts.length; i++) {
      text.append("  ".repeat(i)).append(parts[i]).append(':');
      text.append(i < parts.length - 1 ? "\n" : " " + value + "\n");
    }
    Path file = Files.writeString(directory.resolve("my.yaml"), text);
    var problem =
        catchThrowableOfType(
            SettingsProblem.class,
            () -> SettingsFile.read(Optional.of(file), List.of(), Optional.empty()));
    assertThat(problem.lines())
        .containsExactly(file + ":" + (parts.length + 1) + ": " + key + ": " + expected);
  }
}
