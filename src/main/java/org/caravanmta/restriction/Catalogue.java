package org.caravanmta.restriction;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.policy.RefusalCodes;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.restriction.dnsbl.Zone;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.Lookup;

/// Makes restrictions of their names and arguments (postfix `postconf(5)`, `smtpd_*_restrictions`).
final class Catalogue {
  /// Those that Postfix has and we do not, with what is missing.
  private static final Map<String, String> MISSING =
      Map.ofEntries(
          Map.entry("reject_unverified_sender", "addresses are not verified"),
          Map.entry("reject_unverified_recipient", "addresses are not verified"),
          Map.entry("check_etrn_access", "name the domains in queue.flush-domains"),
          Map.entry("sleep", "nobody is made to wait"),
          Map.entry("reject_maps_rbl", "use reject_rbl_client"),
          Map.entry("check_relay_domains", "use reject_unauth_destination"),
          Map.entry("permit_naked_ip_addr", "use permit_mynetworks"));

  private static final Set<String> NAMES =
      Set.of(
          "check_ccert_access",
          "check_client_access",
          "check_helo_access",
          "check_policy_service",
          "check_recipient_access",
          "check_recipient_maps",
          "check_reverse_client_hostname_access",
          "check_sasl_access",
          "check_sender_access",
          "defer",
          "defer_if_permit",
          "defer_if_reject",
          "defer_unauth_destination",
          "permit",
          "permit_auth_destination",
          "permit_dnswl_client",
          "permit_inet_interfaces",
          "permit_mx_backup",
          "permit_mynetworks",
          "permit_rhswl_client",
          "permit_sasl_authenticated",
          "permit_tls_all_clientcerts",
          "permit_tls_clientcerts",
          "reject",
          "reject_authenticated_sender_login_mismatch",
          "reject_invalid_helo_hostname",
          "reject_invalid_hostname",
          "reject_known_sender_login_mismatch",
          "reject_multi_recipient_bounce",
          "reject_non_fqdn_helo_hostname",
          "reject_non_fqdn_hostname",
          "reject_non_fqdn_recipient",
          "reject_non_fqdn_sender",
          "reject_plaintext_session",
          "reject_rbl",
          "reject_rbl_client",
          "reject_rhsbl_client",
          "reject_rhsbl_helo",
          "reject_rhsbl_recipient",
          "reject_rhsbl_reverse_client",
          "reject_rhsbl_sender",
          "reject_sender_login_mismatch",
          "reject_unauth_destination",
          "reject_unauth_pipelining",
          "reject_unauthenticated_sender_login_mismatch",
          "reject_unknown_address",
          "reject_unknown_client",
          "reject_unknown_client_hostname",
          "reject_unknown_helo_hostname",
          "reject_unknown_hostname",
          "reject_unknown_recipient_domain",
          "reject_unknown_reverse_client_hostname",
          "reject_unknown_sender_domain",
          "reject_unlisted_recipient",
          "reject_unlisted_sender");

  private final RestrictionContext around;
  private final AccessRestrictions access;
  private final RefusalCodes codes;
  private final HeloRestrictions helo;
  private final AddressRestrictions addresses;
  private final ListedNames listed;
  private final UnknownDomains unknown;
  private final ServerAccess servers;
  private final ClientCertificates certificates;

  /// @param further reads the restrictions that a table's result names
  Catalogue(RestrictionContext around, Function<String, List<Finding.Entry>> further) {
    this.around = around;
    this.access = new AccessRestrictions(around, further);
    this.codes = around.leeway().codes();
    this.helo = new HeloRestrictions(codes);
    this.addresses = new AddressRestrictions(around.recipients(), codes);
    this.listed = new ListedNames(around);
    this.unknown = new UnknownDomains(around, helo);
    this.certificates = new ClientCertificates(access);
    this.servers = new ServerAccess(around.names(), access);
  }

  /// Whether there is, or with Postfix would be, a restriction of this name.
  boolean has(String name) {
    return NAMES.contains(name)
        || ServerAccess.isName(name)
        || MISSING.containsKey(name)
        || name.equals("warn_if_reject");
  }

  /// @param name as Postfix writes it
  /// @param word the same as written
  /// @param arguments what follows the name; those that are the restriction's are taken
  /// @param nested whether a table has named it
  /// @throws IllegalArgumentException says what was expected
  Restriction make(String name, String word, ListWords arguments, boolean nested) {
    return switch (name) {
      case "permit" -> asked -> Finding.OK;
      case "reject" -> asked -> refused(asked, codes.reject(), "5.7.1", "Access denied");
      case "defer" -> asked -> refused(asked, codes.defer(), "4.3.2", "Try again later");
      case "defer_if_permit" ->
          asked ->
              new Finding.DeferIfPermit(asked.reply(450, "4.7.0", "defer_if_permit requested"));
      case "defer_if_reject" ->
          asked ->
              new Finding.DeferIfReject(asked.reply(450, "4.7.0", "defer_if_reject requested"));
      // a session that breaks the rules of pipelining has been ended before it gets here
      case "reject_unauth_pipelining" -> asked -> Finding.DUNNO;
      case "reject_plaintext_session" -> asked -> ClientRestrictions.encrypted(asked, codes);
      case "check_policy_service" -> service(arguments, nested);

      case "permit_mynetworks" -> asked -> okIf(asked.client().own());
      case "permit_inet_interfaces" -> ClientRestrictions::ownInterface;
      case "permit_sasl_authenticated" -> asked -> okIf(asked.client().login().isPresent());
      case "permit_tls_all_clientcerts" -> ClientCertificates::anyVerified;
      case "permit_tls_clientcerts" -> certificates.listed(around.clientCertificates());
      case "check_ccert_access" ->
          certificates.check(arguments, written -> table(name, written, nested));
      case "reject_unknown_client_hostname", "reject_unknown_client" -> {
        named(name);
        yield asked -> ClientRestrictions.hostname(asked, codes);
      }
      case "reject_unknown_reverse_client_hostname" -> {
        named(name);
        yield asked -> ClientRestrictions.reverseHostname(asked, codes);
      }
      case "reject_rbl_client", "reject_rbl" -> listed.client(zone(name, arguments));
      case "permit_dnswl_client" -> listed.permitClient(zone(name, arguments));
      case "reject_rhsbl_client" ->
          listed.domain(zone(name, arguments), ReplySubject.CLIENT, asked -> asked.client().name());
      case "permit_rhswl_client" -> listed.permitName(zone(name, arguments));
      case "reject_rhsbl_reverse_client" ->
          listed.domain(
              zone(name, arguments),
              ReplySubject.UNVERIFIED,
              asked -> asked.client().reverse().name());
      case "check_client_access" -> access.client(table(name, arguments, nested));
      case "check_reverse_client_hostname_access" ->
          access.reverseName(table(name, arguments, nested));
      case "check_sasl_access" -> access.login(table(name, arguments, nested));

      case "reject_invalid_helo_hostname", "reject_invalid_hostname" -> helo::valid;
      case "reject_non_fqdn_helo_hostname", "reject_non_fqdn_hostname" -> helo::qualified;
      case "reject_unknown_helo_hostname", "reject_unknown_hostname" -> unknown::helo;
      case "check_helo_access" -> access.helo(table(name, arguments, nested));
      case "reject_rhsbl_helo" ->
          listed.domain(zone(name, arguments), ReplySubject.HELO, asked -> asked.client().helo());

      case "check_sender_access" -> access.sender(table(name, arguments, nested));
      case "reject_non_fqdn_sender" -> addresses::qualifiedSender;
      case "reject_unknown_sender_domain", "reject_unknown_address" -> unknown::sender;
      case "reject_unlisted_sender" -> addresses::unlistedSender;
      case "reject_sender_login_mismatch",
          "reject_authenticated_sender_login_mismatch",
          "reject_known_sender_login_mismatch",
          "reject_unauthenticated_sender_login_mismatch" ->
          new LoginMismatch(
              table(name, arguments, nested),
              !name.equals("reject_unauthenticated_sender_login_mismatch"),
              name.equals("reject_sender_login_mismatch")
                  || name.equals("reject_unauthenticated_sender_login_mismatch"),
              name.equals("reject_known_sender_login_mismatch"));
      case "reject_rhsbl_sender" ->
          listed.domain(
              zone(name, arguments), ReplySubject.SENDER, asked -> asked.sender().toString());

      case "reject_unauth_destination" -> asked -> destination(asked, codes.relay());
      case "defer_unauth_destination" -> asked -> destination(asked, codes.relay() - 100);
      case "permit_mx_backup" -> new BackupExchanger(around);
      case "permit_auth_destination" -> asked -> ours(asked, Finding.OK, Finding.DUNNO);
      case "check_recipient_access" -> access.recipient(table(name, arguments, nested));
      case "reject_non_fqdn_recipient" -> addresses::qualifiedRecipient;
      case "reject_unknown_recipient_domain" -> unknown::recipient;
      case "reject_unlisted_recipient", "check_recipient_maps" -> addresses::unlistedRecipient;
      case "reject_multi_recipient_bounce" -> addresses::severalRecipientsOfReport;
      case "reject_rhsbl_recipient" ->
          listed.domain(
              zone(name, arguments),
              ReplySubject.RECIPIENT,
              asked -> asked.recipient().map(Address::toString).orElse(""));
      default -> other(name, word, arguments, nested);
    };
  }

  private Restriction other(String name, String word, ListWords arguments, boolean nested) {
    Optional<Restriction> aboutServers =
        ServerAccess.isName(name)
            ? Optional.of(servers.make(name, table(name, arguments, nested)))
            : Optional.empty();
    if (aboutServers.isPresent()) {
      return aboutServers.get();
    }
    if (MISSING.containsKey(name)) {
      throw new IllegalArgumentException(name + " is not available: " + MISSING.get(name));
    }
    if (around.isClass().test(word)) {
      return ClassRestriction.of(word);
    }
    throw new IllegalArgumentException(
        "there is no restriction \""
            + word
            + "\", and no route direct:"
            + word
            + " to be a restriction class");
  }

  private Finding destination(RestrictedCase asked, int code) {
    if (asked.recipient().isEmpty()) {
      return Finding.DUNNO;
    }
    return ours(
        asked,
        Finding.OURS,
        new Finding.Refused(
            RefusalCodes.reply(
                code, "5.7.1", "<" + asked.recipient().get() + ">: Relay access denied")));
  }

  private Finding ours(RestrictedCase asked, Finding so, Finding not) {
    if (asked.recipient().isEmpty()) {
      return not;
    }
    Address to = asked.recipient().get();
    return switch (around.relay().ours(to)) {
      case Lookup.Found _ -> so;
      case Lookup.Absent() -> not;
      case Lookup.Unavailable _ ->
          new Finding.Refused(
              Reply.of(451, "4.3.0", "<" + to + ">: Temporary lookup failure"), true);
    };
  }

  private void named(String name) {
    if (!around.namesClients()) {
      throw new IllegalArgumentException(
          name + " needs smtp.client-name-lookup: clients have no names without it");
    }
  }

  private static Finding okIf(boolean so) {
    return so ? Finding.OK : Finding.DUNNO;
  }

  private static Finding refused(RestrictedCase asked, int code, String status, String text) {
    return new Finding.Refused(asked.reply(code, status, text));
  }

  private static Zone zone(String name, ListWords arguments) {
    return Zone.parse(arguments.argument(name, "a DNS list such as zen.example.org=127.0.0.2"));
  }

  private AccessTable table(String name, ListWords arguments, boolean nested) {
    return table(
        name, arguments.argument(name, "a table such as texthash:/etc/caravan/access"), nested);
  }

  private AccessTable table(String name, String written, boolean nested) {
    if (nested) {
      throw new IllegalArgumentException(
          name + " " + written + ": a table that names tables; put it into a restriction class");
    }
    return access.open(name, written);
  }

  private Restriction service(ListWords arguments, boolean nested) {
    String written =
        arguments.argument("check_policy_service", "a server such as inet:127.0.0.1:10023");
    if (nested) {
      throw new IllegalArgumentException(
          "check_policy_service in a table; put it into a restriction class");
    }
    return PolicyRestriction.of(written, access, around.stressed(), around.clock());
  }
}
