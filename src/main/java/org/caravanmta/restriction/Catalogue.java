package org.caravanmta.restriction;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.policy.RefusalCodes;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.restriction.dnsbl.Zone;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.Lookup;

/// Makes restrictions of their names and arguments (postfix `postconf(5)`, `smtpd_*_restrictions`).
final class Catalogue {
  private final RestrictionContext around;
  private final AccessRestrictions access;
  private final RefusalCodes codes;
  private final HeloRestrictions helo;
  private final AddressRestrictions addresses;
  private final ListedNames listed;
  private final UnknownDomains unknown;
  private final ServerAccess servers;
  private final ClientCertificates certificates;

  /// Every restriction but those about the servers of a domain, see {@link ServerAccess}.
  private final Map<String, Maker> makers = new HashMap<>();

  /// @param further reads the restrictions that a table's result names
  Catalogue(RestrictionContext around, Function<String, List<Finding.Entry>> further) {
    this.around = around;
    this.access = new AccessRestrictions(around, further);
    this.codes = around.own().codes();
    this.helo = new HeloRestrictions(codes);
    this.addresses = new AddressRestrictions(around.recipients(), codes);
    this.listed = new ListedNames(around);
    this.unknown = new UnknownDomains(around, helo);
    this.certificates = new ClientCertificates(access);
    this.servers = new ServerAccess(around.names(), access);
    general();
    clients();
    helo();
    senders();
    recipients();
  }

  /// How a restriction is made of the words that name it.
  @FunctionalInterface
  private interface Maker {
    /// @throws IllegalArgumentException says what was expected
    Restriction make(Written written);
  }

  /// A restriction as it is written.
  ///
  /// @param name as Postfix writes it
  /// @param arguments what follows the name; those that are the restriction's are taken
  /// @param nested whether a table has named it
  private record Written(String name, ListWords arguments, boolean nested) {}

  private void plain(String name, Restriction restriction) {
    makers.put(name, _ -> restriction);
  }

  private void with(String name, Maker maker) {
    makers.put(name, maker);
  }

  /// An older name of the same.
  private void older(String name, String today) {
    makers.put(name, makers.get(today));
  }

  /// Whether there is, or with Postfix would be, a restriction of this name.
  boolean has(String name) {
    return makers.containsKey(name)
        || ServerAccess.isName(name)
        || Unsupported.WHAT_TO_DO.containsKey(name)
        || name.equals("warn_if_reject");
  }

  /// @param name as Postfix writes it
  /// @param word the same as written
  /// @param arguments what follows the name; those that are the restriction's are taken
  /// @param nested whether a table has named it
  /// @throws IllegalArgumentException says what was expected
  Restriction make(String name, String word, ListWords arguments, boolean nested) {
    Maker maker = makers.get(name);
    return maker == null
        ? other(name, word, arguments, nested)
        : maker.make(new Written(name, arguments, nested));
  }

  private void general() {
    plain("permit", asked -> Finding.OK);
    plain("reject", asked -> refused(asked, codes.reject(), "5.7.1", "Access denied"));
    plain("defer", asked -> refused(asked, codes.defer(), "4.3.2", "Try again later"));
    plain(
        "defer_if_permit",
        asked -> new Finding.DeferIfPermit(asked.reply(450, "4.7.0", "defer_if_permit requested")));
    plain(
        "defer_if_reject",
        asked -> new Finding.DeferIfReject(asked.reply(450, "4.7.0", "defer_if_reject requested")));
    // a session that breaks the rules of pipelining has been ended before it gets here
    plain("reject_unauth_pipelining", asked -> Finding.DUNNO);
    plain("reject_plaintext_session", asked -> ClientRestrictions.encrypted(asked, codes));
    with("check_policy_service", this::service);
  }

  private void clients() {
    plain("permit_mynetworks", asked -> okIf(asked.client().own()));
    plain("permit_inet_interfaces", ClientRestrictions::ownInterface);
    plain("permit_sasl_authenticated", asked -> okIf(asked.client().login().isPresent()));
    plain("permit_tls_all_clientcerts", ClientCertificates::anyVerified);
    plain("permit_tls_clientcerts", certificates.listed(around.clientCertificates()));
    with(
        "check_ccert_access",
        w -> certificates.check(w.arguments(), written -> table(w.name(), written, w.nested())));
    with(
        "reject_unknown_client_hostname",
        w -> {
          named(w.name());
          return asked -> ClientRestrictions.hostname(asked, codes);
        });
    older("reject_unknown_client", "reject_unknown_client_hostname");
    with(
        "reject_unknown_reverse_client_hostname",
        w -> {
          named(w.name());
          return asked -> ClientRestrictions.reverseHostname(asked, codes);
        });
    with("reject_rbl_client", w -> listed.client(zone(w)));
    older("reject_rbl", "reject_rbl_client");
    with("permit_dnswl_client", w -> listed.permitClient(zone(w)));
    with(
        "reject_rhsbl_client",
        w -> listed.domain(zone(w), ReplySubject.CLIENT, asked -> asked.client().name()));
    with("permit_rhswl_client", w -> listed.permitName(zone(w)));
    with(
        "reject_rhsbl_reverse_client",
        w ->
            listed.domain(
                zone(w), ReplySubject.UNVERIFIED, asked -> asked.client().reverse().name()));
    with("check_client_access", w -> access.client(table(w)));
    with("check_reverse_client_hostname_access", w -> access.reverseName(table(w)));
    with("check_sasl_access", w -> access.login(table(w)));
  }

  private void helo() {
    plain("reject_invalid_helo_hostname", helo::valid);
    older("reject_invalid_hostname", "reject_invalid_helo_hostname");
    plain("reject_non_fqdn_helo_hostname", helo::qualified);
    older("reject_non_fqdn_hostname", "reject_non_fqdn_helo_hostname");
    plain("reject_unknown_helo_hostname", unknown::helo);
    older("reject_unknown_hostname", "reject_unknown_helo_hostname");
    with("check_helo_access", w -> access.helo(table(w)));
    with(
        "reject_rhsbl_helo",
        w -> listed.domain(zone(w), ReplySubject.HELO, asked -> asked.client().helo()));
  }

  private void senders() {
    with("check_sender_access", w -> access.sender(table(w)));
    plain("reject_non_fqdn_sender", addresses::qualifiedSender);
    plain("reject_unknown_sender_domain", unknown::sender);
    older("reject_unknown_address", "reject_unknown_sender_domain");
    plain("reject_unlisted_sender", addresses::unlistedSender);
    with("reject_sender_login_mismatch", w -> new LoginMismatch(table(w), true, true, false));
    with(
        "reject_authenticated_sender_login_mismatch",
        w -> new LoginMismatch(table(w), true, false, false));
    with("reject_known_sender_login_mismatch", w -> new LoginMismatch(table(w), true, false, true));
    with(
        "reject_unauthenticated_sender_login_mismatch",
        w -> new LoginMismatch(table(w), false, true, false));
    with(
        "reject_rhsbl_sender",
        w -> listed.domain(zone(w), ReplySubject.SENDER, asked -> asked.sender().toString()));
  }

  private void recipients() {
    plain("reject_unauth_destination", asked -> destination(asked, codes.relay()));
    plain("defer_unauth_destination", asked -> destination(asked, codes.relay() - 100));
    plain("permit_mx_backup", new BackupExchanger(around));
    plain("permit_auth_destination", asked -> ours(asked, Finding.OK, Finding.DUNNO));
    with("check_recipient_access", w -> access.recipient(table(w)));
    plain("reject_non_fqdn_recipient", addresses::qualifiedRecipient);
    plain("reject_unknown_recipient_domain", unknown::recipient);
    plain("reject_unlisted_recipient", addresses::unlistedRecipient);
    older("check_recipient_maps", "reject_unlisted_recipient");
    plain("reject_multi_recipient_bounce", addresses::severalRecipientsOfReport);
    with(
        "reject_rhsbl_recipient",
        w ->
            listed.domain(
                zone(w),
                ReplySubject.RECIPIENT,
                asked -> asked.recipient().map(Address::toString).orElse("")));
  }

  private Restriction other(String name, String word, ListWords arguments, boolean nested) {
    Optional<Restriction> aboutServers =
        ServerAccess.isName(name)
            ? Optional.of(servers.make(name, table(new Written(name, arguments, nested))))
            : Optional.empty();
    if (aboutServers.isPresent()) {
      return aboutServers.get();
    }
    if (Unsupported.WHAT_TO_DO.containsKey(name)) {
      throw new IllegalArgumentException(
          name + " is not available: " + Unsupported.WHAT_TO_DO.get(name));
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

  private static Zone zone(Written w) {
    return Zone.parse(
        w.arguments().argument(w.name(), "a DNS list such as zen.example.org=127.0.0.2"));
  }

  private AccessTable table(Written w) {
    return table(
        w.name(),
        w.arguments().argument(w.name(), "a table such as texthash:/etc/caravan/access"),
        w.nested());
  }

  private AccessTable table(String name, String written, boolean nested) {
    if (nested) {
      throw new IllegalArgumentException(
          name + " " + written + ": a table that names tables; put it into a restriction class");
    }
    return access.open(name, written);
  }

  private Restriction service(Written w) {
    String written =
        w.arguments().argument("check_policy_service", "a server such as inet:127.0.0.1:10023");
    if (w.nested()) {
      throw new IllegalArgumentException(
          "check_policy_service in a table; put it into a restriction class");
    }
    return PolicyRestriction.of(written, access, around.stressed(), around.clock());
  }
}
