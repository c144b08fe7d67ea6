package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A rule of a setting stands in the record of its section, wherever that is, and is told with
/// file, line and key: a row for each.
class RulesOfSettingsTest {
  /// key, value, and what is said of it.
  private static final String ROWS =
      """
      hostname                                  | mx.exämple.org | mx.exämple.org: must be a name, was "mx.exämple.org"
      listeners.smtp.keys                       | [a.pem]        | [a.pem]: must name a file for each certificate, or none at all
      listeners.submission.proxies              | ['::/0']       | [::/0]: must not hold the whole internet, or anybody could pass for one of our clients
      listeners.submission.keys                 | [a.pem]        | [a.pem]: must name a file for each certificate, or none at all
      listeners.submissions.keys                | [a.pem]        | [a.pem]: must name a file for each certificate, or none at all
      listeners.reinjection.keys                | [a.pem]        | [a.pem]: must name a file for each certificate, or none at all
      listeners.smtp.proxies                    | ['::/0']       | [::/0]: must not hold the whole internet, or anybody could pass for one of our clients
      listeners.submissions.proxies             | ['::/0']       | [::/0]: must not hold the whole internet, or anybody could pass for one of our clients
      listeners.reinjection.proxies             | ['::/0']       | [::/0]: must not hold the whole internet, or anybody could pass for one of our clients
      tls.keys                                  | [a.pem]        | [a.pem]: must name a file for each certificate, or none at all
      tls.handshake-timeout                     | 0s             | 0s: must be longer than 0s
      tls.strength.ciphers                      | best           | best: cannot be used: "best" is not high or medium
      tls.strength.exclude-ciphers              | FOO            | FOO: cannot be used: "FOO" names no ciphers
      tls.strength.mandatory-ciphers            | best           | best: cannot be used: "best" is not high or medium
      tls.strength.mandatory-exclude-ciphers    | FOO            | FOO: cannot be used: "FOO" names no ciphers
      tls.strength.mandatory-protocols          | TLSv9          | TLSv9: cannot be used: "TLSv9" is not a version such as TLSv1.2, !SSLv3, >=TLSv1.2 or <=TLSv1.3
      tls.strength.protocols                    | TLSv9          | TLSv9: cannot be used: "TLSv9" is not a version such as TLSv1.2, !SSLv3, >=TLSv1.2 or <=TLSv1.3
      sasl.dovecot                              | /run/auth      | /run/auth: cannot be used: unix:/PATH or inet:HOST:PORT was expected
      sasl.failure-delay                        | 2m             | 2m: must be at most 1m
      sasl.jdbc.query                           | SELECT 1       | SELECT 1: must have one ?, for the user
      sasl.ldap.entry                           | uid=me         | uid=me: must contain %u, the user
      sasl.oauth.user-claim                     | ""             | "": must be a claim such as email
      sasl.failure-limit                        | 0              | 0: must be at least 1
      sasl.user-failure-limit                   | 0              | 0: must be at least 1
      sasl.failure-window                       | 0s             | 0s: must be longer than 0s
      sasl.jdbc.url                             | x              | x: must be a JDBC URL such as jdbc:postgresql://host/mail, of PostgreSQL or H2
      sasl.ldap.url                             | x              | x: must be ldap://host or ldaps://host
      filters.connect-timeout                   | 0s             | 0s: must be longer than 0s
      filters.command-timeout                   | 0s             | 0s: must be longer than 0s
      filters.content-timeout                   | 0s             | 0s: must be longer than 0s
      filters.programs                          | [scan]         | [scan]: must have user=USER, who is not root, found "scan"
      filters.after-queue.patience              | 0s             | 0s: must be longer than 0s
      filters.after-queue.failing               | drop           | drop: must be hold, mark or filter.NAME, was "drop"
      filters.macros.defaults                   | [auth_type]    | [auth_type]: must be NAME=VALUE, was "auth_type"
      maildrop.directory                        | ""             | "": must name a directory
      smtp.size-limit                           | 0              | 0: must be at least 1
      smtp.header-limit                         | 1023           | 1023: must be at least 1024
      smtp.hop-limit                            | 0              | 0: must be at least 1
      smtp.line-limit                           | 511            | 511: must be at least 512
      smtp.recipient-limit                      | 0              | 0: must be at least 1, was 0
      smtp.session-limit                        | 0              | 0: must be at least 1
      smtp.min-data-rate                        | 0              | 0: must be at least 1
      smtp.error-delay                          | 2m             | 2m: must be from 0s to 1m
      smtp.idle-limit                           | 0              | 0: must be at least 1
      smtp.forbidden-commands                   | [a b]          | [a b]: must be single words
      smtp.xclient-hosts                        | [0.0.0.0/0]    | [0.0.0.0/0]: must not hold the whole internet, or anybody could pass for one of our clients
      smtp.dialogue.banner                      | Hello          | Hello: must start with $myhostname (RFC 5321 §4.3.1)
      smtp.dialogue.noop-commands               | [a b]          | [a b]: must be single words
      smtp.dialogue.recipient-overshoot         | -1             | -1: must be 0 or more, was -1
      smtp.discard-ehlo-keywords                | [x]            | [x]: has "x", which is not one of pipelining, size, vrfy, etrn, starttls, auth, xverp, xclient, xforward, enhancedstatuscodes, 8bitmime, dsn, smtputf8, chunking, binarymime, requiretls, limits, silent-discard
      smtp.verp.characters                      | -a             | -a: must be such as an address may have, letters and digits apart: -=+
      smtp.verp.delimiters                      | +%             | +%: must be two of the characters -=+
      smtp.error-limit                          | 0              | 0: must be at least 1
      smtp.soft-error-limit                     | 0              | 0: must be at least 1
      smtp.timeout                              | 0s             | 0s: must be longer than 0s
      limits.ipv4-prefix                        | 33             | 33: must be from 1 to 32
      limits.memory.sessions                    | 1              | 1: must be 0 or at least 64KiB, was 1
      limits.connection-count                   | -1             | -1: must be at least 0
      limits.connection-rate                    | -1             | -1: must be at least 0
      limits.message-rate                       | -1             | -1: must be at least 0
      limits.recipient-rate                     | -1             | -1: must be at least 0
      limits.ipv6-prefix                        | 129            | 129: must be from 1 to 128
      restrictions.codes.relay                  | 450            | 450: must be a code of 500 to 599, was 450
      restrictions.codes.reject                 | 250            | 250: must be a code of 400 to 599, was 250
      restrictions.codes.defer                  | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.access-reject          | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.access-defer           | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.listed                 | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.invalid-hostname       | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.non-fqdn               | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.plaintext              | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.multi-recipient-bounce | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.unknown-address        | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.unknown-client         | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.unknown-hostname       | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.unknown-local          | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.unknown-relay          | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.unknown-alias          | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.codes.unknown-mailbox        | 600            | 600: must be a code of 400 to 599, was 600
      restrictions.parent-domains               | [all]          | [all]: may contain only [debug_peer_list, fast_flush_domains, mynetworks, permit_mx_backup_networks, qmqpd_authorized_clients, relay_domains, smtpd_access_maps, smtpd_client_event_limit_exceptions, transport_maps]
      dnsbl.threshold                           | 0              | 0: must be at least 1, was 0
      dnsbl.zones                               | [zen..example] | [zen..example]: must be DNS lists: expected ZONE or ZONE=FILTER such as zen.example.org=127.0.0.[2..11], was zen..example
      quarantine.keep                           | 0s             | 0s: must be longer than 0s
      quarantine.digest-every                   | 0s             | 0s: must be longer than 0s
      quarantine.digest-every                   | 36h            | 36h: must be a number of days, or less than one, was PT36H
      quarantine.digest-hour                    | 24             | 24: must be from 0 to 23
      quarantine.links                          | mx.example.org | mx.example.org: must be a URL such as https://mx.example.org/quarantine
      greylist.delay                            | 0s             | 0s: must be longer than 0s
      greylist.retry-window                     | 1s             | 1s: must be longer than delay
      greylist.client-returns                   | -1             | -1: must be at least 0
      greylist.lifetime                         | 0s             | 0s: must be longer than 0s
      rewriting.headers.undisclosed             | nobody         | nobody: must be a field such as To: undisclosed-recipients:;
      rewriting.masquerade-domains              | ["a b"]        | [a b]: must be domains, each with ! before it or not
      rewriting.propagate                       | [all]          | [all]: may contain only alias, canonical, forward, generic, include, virtual
      rewriting.resolve.empty-recipient         | ""             | "": must be a name or an address
      rewriting.virtual-length-limit            | 0              | 0: must be at least 1
      rewriting.virtual-result-limit            | 0              | 0: must be at least 1
      rewriting.virtual-turn-limit              | 0              | 0: must be at least 1
      checks.unreadable-attachments             | maybe          | maybe: must be hold, reject, defer or pass
      checks.boundary-limit                     | 0              | 0: must be at least 1
      checks.field-size-limit                   | 0              | 0: must be at least 1
      checks.nesting-limit                      | 0              | 0: must be at least 1
      checks.reject-characters                  | "\\\\n"        | \\n: must be characters and escapes such as \\0 or \\200, without those that end lines
      checks.strip-characters                   | "\\\\n"        | \\n: must be characters and escapes such as \\0 or \\200, without those that end lines
      checks.strict                             | [all]          | [all]: may contain only headers, body, encoding-domain, nesting
      routing.relay                             | "[x]"          | [x]: must be a transport, NAME or NAME:NEXTHOP
      routing.content-filter                    | x              | x: must be TRANSPORT:NEXTHOP such as smtp:[127.0.0.1]:10025
      routing.local                             | "[x]"          | [x]: must be a transport, NAME or NAME:NEXTHOP
      routing.other                             | "[x]"          | [x]: must be a transport, NAME or NAME:NEXTHOP
      routing.virtual                           | "[x]"          | [x]: must be a transport, NAME or NAME:NEXTHOP
      routing.null-sender.transport-key         | ""             | "": must not be empty
      routing.null-sender.relayhost-key         | ""             | "": must not be empty
      local.mailbox-transport                   | "[x]"          | [x]: must be a transport, NAME or NAME:NEXTHOP
      local.command-user                        | root           | root: must be a user who is not root
      local.allow-commands                      | [all]          | [all]: may contain only alias, forward, include
      local.allow-files                         | [all]          | [all]: may contain only alias, forward, include
      local.delivered-to                        | [all]          | [all]: may contain only command, file, forward
      local.catch-all                           | ${user         | ${user: must be an address such as caught+$user, |command or /file: a { without its end in "${user"
      local.command-timeout                     | 0s             | 0s: must be longer than 0s
      local.export-environment                  | [a-b]          | [a-b]: must list names or NAME=VALUE, was a-b
      local.fallback-transport                  | "[x]"          | [x]: must be a transport, NAME or NAME:NEXTHOP
      local.forward                             | x              | x: must contain %u, $user or $home, for the user: x
      local.mailbox                             | mail           | mail: must contain %u, the user, or begin with $home/
      virtual.minimum-user                      | 0              | 0: must be at least 1, was 0
      mailboxes.lock-attempts                   | 0              | 0: must be at least 1, was 0
      mailboxes.lock-pause                      | 0s             | 0s: must be longer than 0s
      mailboxes.lock-stale                      | 0s             | 0s: must be longer than 0s
      delivery.concurrency                      | 0              | 0: must be at least 1
      delivery.line-limit                       | 77             | 77: must be at least 78
      delivery.outgoing.protocols               | []             | []: must be ipv4, ipv6 or both
      delivery.camel.failures                   | [drop]         | [drop]: must be rules: "drop": expected fail, defer or suspend, found drop
      delivery.camel.timeout                    | 0s             | 0s: must be longer than 0s
      delivery.camel.concurrency                | 0              | 0: must be from 1 to 10000
      delivery.camel.endpoints                  | 10001          | 10001: must be from 1 to 10000
      delivery.scheduling.initial-concurrency   | 0              | 0: must be at least 1
      delivery.scheduling.failed-cohorts        | -1             | -1: must be at least 0
      delivery.scheduling.transport-rate-delay  | -1s            | -1s: a duration such as 90s, 5m, 2h or 5d was expected
      delivery.scheduling.messages-per-connection | -1           | -1: must be at least 0
      delivery.watchdog                         | 14m            | 14m: must be at least 15m, or 0s for none
      dns.signed-name                           | ""             | "": must be a name
      delivery.sts.timeout                      | 0s             | 0s: must be longer than 0s
      delivery.sts.port                         | 0              | 0: must be from 1 to 65535
      delivery.sources.failures                 | 0              | 0: must be at least 1
      delivery.sources.within                   | 0s             | 0s: must be longer than 0s
      delivery.sources.suspension               | 0s             | 0s: must be longer than 0s
      delivery.sources.pools                    | [a]            | [a]: must have at least one address in the pool a
      delivery.sources.usual                    | a              | a: must be a pool of pools, of which there is none
      delivery.transports                       | [smtp smtp]    | [smtp smtp]: must have a name of its own first, such as bulk, not "smtp smtp"
      delivery.outgoing.bind-address            | "::1"          | ::1: must be an IPv4 address
      delivery.command-timeout                  | 0s             | 0s: must be longer than 0s
      delivery.connect-timeout                  | 0s             | 0s: must be longer than 0s
      delivery.data-timeout                     | 0s             | 0s: must be longer than 0s
      delivery.maildir                          | mail           | mail: must contain %u, the user
      delivery.maildir                          | /m/%u          | /m/%u: must stay below data.directory
      delivery.outgoing.address-limit           | -1             | -1: must not be negative
      delivery.outgoing.session-limit           | -1             | -1: must not be negative
      delivery.outgoing.recipient-limit         | -1             | -1: must not be negative
      delivery.outgoing.rate-delay              | -1s            | -1s: a duration such as 90s, 5m, 2h or 5d was expected
      delivery.outgoing.bind-address6           | 192.0.2.1      | 192.0.2.1: must be an IPv6 address
      delivery.outgoing.host-lookup             | [dns, dns]     | [dns, dns]: must be dns, native or both
      delivery.port                             | 70000          | 70000: must be at most 65535
      delivery.tls.handshake-timeout            | 0s             | 0s: must be longer than 0s
      delivery.tls.fallback-memory              | -1s            | -1s: a duration such as 90s, 5m, 2h or 5d was expected
      delivery.tls.verify-match                 | []             | []: must have at least one name
      delivery.tls.secure-match                 | ["a b"]        | [a b]: must be names, hostname, nexthop or dot-nexthop, was a b
      delivery.tls.fingerprints                 | [ab]           | [ab]: must be digests: "ab" is not a digest by sha256, 32 pairs of hexadecimal digits
      delivery.sasl.mechanisms                  | ["no way"]     | [no way]: no way is not the name of a mechanism, !NAME or static:all
      delivery.sasl.tokens                      | [work]         | [work]: must have either file=, or command=, or endpoint= and client= for work
      delivery.tls.level                        | sometimes      | sometimes: none, may, encrypt, dane, dane-only, fingerprint, verify or secure was expected
      delivery.tls.strength.ciphers             | best           | best: cannot be used: "best" is not high or medium
      delivery.tls.strength.exclude-ciphers     | FOO            | FOO: cannot be used: "FOO" names no ciphers
      delivery.tls.strength.mandatory-ciphers   | best           | best: cannot be used: "best" is not high or medium
      delivery.tls.strength.mandatory-exclude-ciphers | FOO      | FOO: cannot be used: "FOO" names no ciphers
      delivery.tls.strength.mandatory-protocols | TLSv9          | TLSv9: cannot be used: "TLSv9" is not a version such as TLSv1.2, !SSLv3, >=TLSv1.2 or <=TLSv1.3
      delivery.tls.strength.protocols           | TLSv9          | TLSv9: cannot be used: "TLSv9" is not a version such as TLSv1.2, !SSLv3, >=TLSv1.2 or <=TLSv1.3
      delivery.tls.keys                         | [a.pem]        | [a.pem]: must name a file for each certificate, or none at all
      delivery.programs | ["a user=b argv=/c", "a user=b argv=/c"] | [a user=b argv=/c, a user=b argv=/c]: must have each name only once
      delivery.programs                         | [x]            | [x]: must have user=USER, who is not root, found "x"
      dns.timeout                               | 0s             | 0s: must be longer than 0s
      queue.lanes                               | [5m, 1m]       | [5m, 1m]: must grow: each waits longer than the one before
      queue.fault-limit                         | 0              | 0: must be at least 1
      queue.lifetime                            | 0s             | 0s: must be longer than 0s
      queue.delay-warning                       | 30d            | 30d: must be shorter than lifetime, or 0 for none
      report.gather                             | 6m             | 6m: must be between 0s and 5m
      content.inline-limit                      | 65KiB          | 65KiB: must be at most 64KiB
      broker.stomp.address                      | 127.0.0.1:1    | 127.0.0.1:1: is for programs that log in: user and password must be set
      broker.url                                | http://x       | http://x: must be tcp://host:61616 or (tcp://a:61616,tcp://b:61616)?ha=true
      cluster.node                              | n_1            | n_1: must be a name of letters, digits and hyphens, 32 at most
      cluster.name                              | ""             | "": must be a name of letters, digits and hyphens, 32 at most
      cluster.address                           | n1             | n1: a host and port such as n1.example.org:2181 was expected
      cluster.secret                            | short          | short: must have 16 characters at least
      cluster.locks                             | [a]            | a: a host and port such as n1.example.org:2181 was expected
      cluster.locks                             | ["a:1", "b:1"] | [a:1, b:1]: must be 1, 3 or 5 peers: more than half of them must be up, and an even number helps nothing
      cluster.locks                             | ["a:1", "a:1", "b:1"] | [a:1, a:1, b:1]: must have each peer only once
      cluster.locks                             | ["a:1", "a:3", "b:1"] | [a:1, a:3, b:1]: must be 3 ports apart on one host, and a:1 and a:3 are not: each peer uses the two after its own as well
      cluster.lock-peer                         | a              | a: must be one of locks, or the host of one
      cluster.session                           | 1s             | 1s: must be from 2s to 60s
      cluster.copies                            | 3              | 3: must be from 1 to 2
      cluster.without-copy                      | wait           | wait: refuse or accept was expected
      broker.prefix                             | a b            | a b: is what names of queues begin with, letters, digits and _ . -, was a b
      state.url                                 | x              | x: must be a JDBC URL such as jdbc:postgresql://host/mail, of PostgreSQL or H2
      notices.bounce-recipient                  | ""             | "": must be an address
      notices.double-bounce-recipient           | ""             | "": must be an address
      notices.delay-recipient                   | ""             | "": must be an address
      notices.session-recipient                 | ""             | "": must be an address
      notices.classes                           | [all]          | [all]: may contain only 2bounce, bounce, data, delay, policy, protocol, resource, software
      """;

  /// What the operator has written, a line each, the line that is named, and what is said: rules of
  /// several keys together, and of sections that have to do with each other.
  private static final String TOGETHER =
      """
      listeners.smtp.address=127.0.0.1:2587                    | 1 | listeners: two enabled listeners have the address 127.0.0.1:2587, each needs its own
      listeners.smtp.tls=encrypt                               | 1 | listeners.smtp.tls: encrypt: needs tls.certificates
      tls.keys=[]; listeners.submissions.enabled=true          | 2 | listeners.submissions.tls: implicit: needs tls.certificates
      listeners.submission.auth=required; smtp.vrfy=false      | 1 | listeners.submission.auth: required: needs users: sasl.passwords, for one
      sasl.passwords=/a; sasl.dovecot=unix:/b; data.directory=/c | 2 | sasl: only one of passwords, dovecot, jdbc.url and ldap.url can know the users
      sasl.passwords=/a; sasl.mechanisms=[CRAM-MD5]            | 2 | sasl.mechanisms: [CRAM-MD5]: CRAM-MD5 is not known here
      sasl.passwords=/a; sasl.mechanisms=[PLAIN, OAUTHBEARER]  | 2 | sasl.mechanisms: [PLAIN, OAUTHBEARER]: OAUTHBEARER needs sasl.oauth.keys
      sasl.ldap.url=ldap://a; sasl.mechanisms=[SCRAM-SHA-256]  | 2 | sasl.mechanisms: [SCRAM-SHA-256]: SCRAM-SHA-256 needs sasl.passwords or sasl.jdbc
      sasl.dovecot=unix:/b; sasl.mechanisms=[SCRAM-SHA-256-PLUS] | 2 | sasl.mechanisms: [SCRAM-SHA-256-PLUS]: SCRAM-SHA-256-PLUS is not possible with sasl.dovecot
      greylist.delay=10d                                       | 1 | greylist.retry-window: 2d: must be longer than delay
      delivery.tls.level=fingerprint; dns.timeout=1s            | 1 | delivery.tls.fingerprints: []: must name a digest where the level is fingerprint
      queue.lifetime=1h; queue.delay-warning=2h                | 2 | queue.delay-warning: 2h: must be shorter than lifetime, or 0 for none
      broker.url=tcp://a:1; broker.stomp={address: "127.0.0.1:1", user: a, password: b} | 1 | broker.url: tcp://a:1: is that of another broker, where programs attach as it lets them: stomp.address must be empty
      cluster.address="n1:2530"; smtp.vrfy=false               | 1 | cluster.node: "": must be set where address is: without it, this server is in no cluster, and its mail is on one machine only
      cluster.node=n1; smtp.vrfy=false                         | 1 | cluster.address: "": must be set where node is: the other nodes send their copies there
      cluster.node=n1; cluster.address="n1:2530"                | 2 | cluster.secret: "": must be set where node is, the same on each node, 16 characters at least
      cluster.node=n1; cluster.address="n1:2530"; cluster.secret=0123456789abcdef | 3 | cluster.locks: []: must be set where node is: they say which nodes live
      cluster.node=n1; cluster.address="0.0.0.0:2530"; cluster.secret=0123456789abcdef; cluster.locks=["a:1"] | 2 | cluster.address: 0.0.0.0:2530: must be the one at which the other nodes reach this node, and 0.0.0.0 is none
      broker.url=tcp://a:1; cluster.node=n1; cluster.address="n1:2530"; cluster.secret=0123456789abcdef; cluster.locks=["a:1"] | 1 | broker.url: tcp://a:1: must be empty where cluster.node is set: each node of a cluster has its own broker
      broker.prefix=mx1.                                       | 1 | broker.prefix: mx1.: tells our queues from those of others at a broker elsewhere: set broker.url
      broker.transports=[archive]                              | 1 | broker.transports: [archive]: are on other machines, which needs a broker of their own: set broker.url
      broker.url=tcp://a:1; broker.transports=[a b]            | 2 | broker.transports: [a b]: are names such as archive, whose queue is delivery.archive, and queues of filters such as filter.scan, was a b
      """;

  @TempDir Path directory;

  static Stream<Arguments> rows() {
    return ROWS.lines().map(RulesOfSettingsTest::cells);
  }

  static Stream<Arguments> together() {
    return TOGETHER.lines().map(RulesOfSettingsTest::cells);
  }

  private static Arguments cells(String row) {
    return Arguments.of(Stream.of(row.split("\\|", 3)).map(String::strip).toArray());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isToldWithFileLineAndKey(String key, String value, String expected) throws Exception {
    String[] parts = key.split("[.]");
    var text = new StringBuilder("# the operator's\n");
    for (int i = 0; i < parts.length; i++) {
      text.append("  ".repeat(i)).append(parts[i]).append(':');
      text.append(i < parts.length - 1 ? "\n" : " " + value + "\n");
    }
    Path file = Files.writeString(directory.resolve("my.yaml"), text);
    assertThat(problems(file))
        .containsExactly(file + ":" + (parts.length + 1) + ": " + key + ": " + expected);
  }

  /// Every key in flow style, so that a line is a key.
  @ParameterizedTest
  @MethodSource("together")
  void isToldWithTheLineThatIsAtFault(String written, int line, String expected) throws Exception {
    var sections = new LinkedHashMap<String, String>();
    for (String each : written.split("; ")) {
      String[] pair = each.split("=", 2);
      String[] key = pair[0].split("[.]");
      String value = pair[1];
      for (int i = key.length - 1; i > 0; i--) {
        value = key[i] + ": " + (i < key.length - 1 ? "{" + value + "}" : value);
      }
      sections.merge(key[0], value, (before, more) -> before + ",\n" + more);
    }
    var text = new StringBuilder();
    sections.forEach((section, keys) -> text.append(section + ": {" + keys + "}\n"));
    Path file = Files.writeString(directory.resolve("my.yaml"), text);
    assertThat(problems(file)).containsExactly(file + ":" + line + ": " + expected);
  }

  /// So that a new rule is told as the others are.
  @Test
  void hasARow() {
    var rules = new SettingsRules(Settings.class, SettingsFile.notation());
    assertThat(rules.ofKeys).contains("smtp.size-limit", "tls.strength.ciphers", "hostname");
    var rows = Stream.concat(ROWS.lines(), TOGETHER.lines()).toList();
    assertThat(rules.ofKeys)
        .allSatisfy(
            key -> assertThat(rows).anyMatch(row -> row.matches("(.*[|;])?\\s*" + key + "\\b.*")));
    assertThat(rules.ofSections)
        .isNotEmpty()
        .allSatisfy(said -> assertThat(rows).anyMatch(row -> row.contains(said)));
  }

  /// What the test before this one stands on.
  @Test
  void isFoundInItsRecord() {
    var rules = new SettingsRules(Ruled.class, SettingsFile.notation());
    assertThat(rules.ofKeys).containsExactly("below.width", "least", "own-word", "word");
    assertThat(rules.ofSections).containsExactly("two of them cannot both be ");
  }

  private record Ruled(int least, String word, String ownWord, int free, Below below) {
    Ruled {
      Require.atLeast(1, "least", least);
      List.of(word).forEach(Ruled::spelled);
      if (ownWord.equals(word)) {
        throw new IllegalArgumentException("own-word must not be " + word);
      }
      if (free == least) {
        throw new IllegalArgumentException("two of them cannot both be " + free);
      }
    }

    private static void spelled(String word) {
      if (word.isEmpty()) {
        throw new IllegalArgumentException("word must have letters");
      }
    }
  }

  private record Below(int width, int height) {
    Below {
      new Wide(width);
    }
  }

  private record Wide(int width) {
    Wide {
      if (width < 0) {
        throw new IllegalArgumentException("width must be 0 or more, was " + width);
      }
    }
  }

  private static List<String> problems(Path file) {
    return catchThrowableOfType(
            SettingsProblem.class,
            () -> SettingsFile.read(Optional.of(file), List.of(), Optional.empty()))
        .lines();
  }
}
