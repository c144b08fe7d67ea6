package org.caravanmta.restriction;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.Resolution;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.policy.Case;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the operator may set otherwise for all restrictions, asked by a stranger: `ex.example` is
/// ours, we relay to `rel.example`, and are 192.0.2.25.
class LeewayTest {
  private static ZoneServer zone;

  @BeforeAll
  static void serve() {
    zone =
        ZoneServer.start(
            """
            us        A 192.0.2.25
            primary   A 198.51.100.5
            far       A 203.0.113.5
            backed    MX 10 primary
            backed    MX 20 us
            split     MX 10 primary
            split     MX 10 far
            split     MX 20 us
            alone     MX 10 us
            alone     MX 20 far
            other     MX 10 primary
            other     MX 20 far
            nomx      A 192.0.2.25
            lost      MX 10 lost.broken
            """,
            "example.");
    zone.fail("broken.example");
    zone.fail("lost.broken.example");
  }

  @AfterAll
  static void stop() {
    zone.close();
  }

  /// Postfix: `permit_mx_backup`, with and without `permit_mx_backup_networks`.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          joe@backed.example  | -               | ok
          joe@backed.example  | 198.51.100.0/24 | ok
          joe@backed.example  | 203.0.113.0/24  | refused
          joe@split.example   | -               | ok
          joe@split.example   | 198.51.100.0/24 | refused
          joe@split.example   | 198.51.100.0/24 203.0.113.0/24 | ok
          joe@alone.example   | 192.0.2.25/32   | ok
          joe@other.example   | -               | refused
          joe@nomx.example    | -               | refused
          joe@none.example    | -               | refused
          joe@broken.example  | -               | later
          joe@lost.example    | -               | later
          joe%backed.example@backed.example | - | refused
          joe@[192.0.2.99]    | -               | refused
          ann@ex.example      | -               | ok
          joe@rel.example     | 203.0.113.0/24  | ok
          """)
  void whoHasNamedUsAsAServerGetsMail(String recipient, String networks, String expected) {
    String[] backups = networks.equals("-") ? new String[0] : networks.split(" ");
    assertThat(
            outcome(
                AskedLists.settings(false, true, backups),
                recipient,
                "smtpdRelayRestrictions",
                "permitMxBackup",
                "rejectUnauthDestination"))
        .isEqualTo(expected);
  }

  /// Postfix: `allow_untrusted_routing`. Our own domains send nothing on, whoever asks.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          joe%far.example@rel.example | refused | ok
          far.example!joe@rel.example | refused | ok
          "joe@far.example"@rel.example | refused | ok
          joe@rel.example             | ok      | ok
          joe%far.example@ex.example  | refused | refused
          joe%rel.example@ex.example  | ok      | ok
          """)
  void whatIsToBeSentOnIsTakenOnlyIfTheOperatorSaysSo(
      String recipient, String usual, String allowed) {
    for (boolean untrusted : new boolean[] {false, true}) {
      assertThat(
              outcome(
                  AskedLists.settings(untrusted, true),
                  recipient,
                  "smtpdRelayRestrictions",
                  "rejectUnauthDestination"))
          .as("%s, %s", recipient, untrusted)
          .isEqualTo(untrusted ? allowed : usual);
    }
  }

  /// Postfix: `parent_domain_matches_subdomains` with and without `smtpd_access_maps`.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ex.example=REJECT      | ann@ex.example       | refused | refused
          rel.example=REJECT     | ann@a.b.rel.example  | refused | ok
          .rel.example=REJECT    | ann@a.b.rel.example  | ok      | refused
          .rel.example=REJECT    | ann@rel.example      | ok      | ok
          example=REJECT         | ann@rel.example      | refused | ok
          .example=REJECT        | ann@rel.example      | ok      | refused
          """)
  void aDomainInATableStandsForThoseBelowOrWithADot(
      String table, String recipient, String below, String dotted) {
    for (boolean parents : new boolean[] {true, false}) {
      assertThat(
              outcome(
                  AskedLists.settings(false, parents),
                  recipient,
                  "smtpdRecipientRestrictions",
                  "checkRecipientAccess inline:{" + table + "}"))
          .as("%s %s, %s", table, recipient, parents)
          .isEqualTo(parents ? below : dotted);
    }
  }

  private static String outcome(RestrictionSettings own, String recipient, String... steps) {
    var resolution =
        new Resolution(
            DomainList.of(Set.of(new Domain("ex.example"))),
            Set.of(InetAddress.ofLiteral("192.0.2.25")),
            Optional.empty(),
            true,
            true,
            true,
            false,
            "MAILER-DAEMON");
    Restrictions all =
        AskedLists.restrictions(own, resolution, Set.of(new Domain("rel.example")), zone);
    Case asked = AskedLists.rcpt("198.51.100.1", "joe@far.example", recipient);
    if (!steps[0].equals("smtpdRelayRestrictions")) {
      asked = ((Case.Rcpt) asked).vouchedFor();
    }
    for (String step : steps) {
      asked = all.step(step).orElseThrow().check(asked);
    }
    String words = AskedLists.words((Case.Listed) asked);
    return words.startsWith("5") ? "refused" : words.startsWith("4") ? "later" : words;
  }
}
