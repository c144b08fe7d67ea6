package org.caravanmta.policy;

import java.util.Map;
import java.util.TreeMap;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;

/// The section `restrictions.codes`: the reply codes of the refusals for which the operator may
/// choose one (RFC 5321 §4.2.1: 4yz is tried again, 5yz is not). Each component names the Postfix
/// parameter of the same meaning, without the `_code` at its end.
///
/// @param reject `reject`: the restriction of this name
/// @param defer `defer`: the restriction of this name
/// @param accessReject `access_map_reject`: REJECT in a table
/// @param accessDefer `access_map_defer`: DEFER in a table
/// @param relay `relay_domains_reject`: a recipient that we do not accept mail for
/// @param listed `maps_rbl_reject`: a client, name or address on a DNS list
/// @param invalidHostname `invalid_hostname_reject`: a HELO name that is malformed
/// @param nonFqdn `non_fqdn_reject`: a HELO name or address without a fully qualified domain
/// @param plaintext `plaintext_reject`: a session without TLS
/// @param multiRecipientBounce `multi_recipient_bounce_reject`: a bounce with several recipients
/// @param unknownAddress `unknown_address_reject`: an address whose domain is not in the DNS
/// @param unknownClient `unknown_client_reject`: a client without a name in the DNS
/// @param unknownHostname `unknown_hostname_reject`: a HELO name that is not in the DNS
/// @param unknownLocal `unknown_local_recipient_reject`: no such user
/// @param unknownRelay `unknown_relay_recipient_reject`: no such address in a relay domain
/// @param unknownAlias `unknown_virtual_alias_reject`: no such virtual alias
/// @param unknownMailbox `unknown_virtual_mailbox_reject`: no such virtual mailbox
public record RefusalCodes(
    int reject,
    int defer,
    int accessReject,
    int accessDefer,
    int relay,
    int listed,
    int invalidHostname,
    int nonFqdn,
    int plaintext,
    int multiRecipientBounce,
    int unknownAddress,
    int unknownClient,
    int unknownHostname,
    int unknownLocal,
    int unknownRelay,
    int unknownAlias,
    int unknownMailbox) {
  public RefusalCodes {
    var codes =
        new TreeMap<String, Integer>(
            Map.ofEntries(
                Map.entry("reject", reject),
                Map.entry("defer", defer),
                Map.entry("access-reject", accessReject),
                Map.entry("access-defer", accessDefer),
                Map.entry("relay", relay),
                Map.entry("listed", listed),
                Map.entry("invalid-hostname", invalidHostname),
                Map.entry("non-fqdn", nonFqdn),
                Map.entry("plaintext", plaintext),
                Map.entry("multi-recipient-bounce", multiRecipientBounce),
                Map.entry("unknown-address", unknownAddress),
                Map.entry("unknown-client", unknownClient),
                Map.entry("unknown-hostname", unknownHostname),
                Map.entry("unknown-local", unknownLocal),
                Map.entry("unknown-relay", unknownRelay),
                Map.entry("unknown-alias", unknownAlias),
                Map.entry("unknown-mailbox", unknownMailbox)));
    codes.forEach(
        (key, code) -> {
          if (code < 400 || code > 599) {
            throw new IllegalArgumentException(key + " must be a code of 400 to 599, was " + code);
          }
        });
    // defer_unauth_destination replies with this code less a hundred, which must be 4yz
    if (relay < 500) {
      throw new IllegalArgumentException("relay must be a code of 500 to 599, was " + relay);
    }
  }

  /// Postfix's defaults.
  public static final RefusalCodes USUAL =
      new RefusalCodes(
          554, 450, 554, 450, 554, 554, 501, 504, 450, 550, 450, 450, 450, 550, 550, 550, 550);

  /// A reply with a code of these.
  ///
  /// @param status its class is replaced by that of the code
  public static Reply reply(int code, String status, String text) {
    Status given = Status.of(status);
    return Reply.of(code, new Status(code / 100, given.subject(), given.detail()).toString(), text);
  }
}
