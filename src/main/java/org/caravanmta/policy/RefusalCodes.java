package org.caravanmta.policy;

import java.util.Map;
import java.util.TreeMap;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;

/// The reply code of each refusal that leaves the choice to the operator (RFC 5321 §4.2.1: 4yz is
/// tried again, 5yz is not): the section `restrictions.codes`. By the parameter that Postfix has
/// for it, each with `_code` after it.
///
/// @param reject `reject`: the restriction of this name
/// @param defer `defer`: likewise
/// @param accessReject `access_map_reject`: REJECT in a table
/// @param accessDefer `access_map_defer`: DEFER in a table
/// @param relay `relay_domains_reject`: mail that we may not accept
/// @param listed `maps_rbl_reject`: on a DNS list
/// @param invalidHostname `invalid_hostname_reject`
/// @param nonFqdn `non_fqdn_reject`
/// @param plaintext `plaintext_reject`
/// @param multiRecipientBounce `multi_recipient_bounce_reject`
/// @param unknownAddress `unknown_address_reject`: a domain that is not in the DNS
/// @param unknownClient `unknown_client_reject`: a client without a name
/// @param unknownHostname `unknown_hostname_reject`: a HELO that is not in the DNS
/// @param unknownLocal `unknown_local_recipient_reject`
/// @param unknownRelay `unknown_relay_recipient_reject`
/// @param unknownAlias `unknown_virtual_alias_reject`
/// @param unknownMailbox `unknown_virtual_mailbox_reject`
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
    // mail that is not ours is deferred by the same code, less a hundred
    if (relay < 500) {
      throw new IllegalArgumentException("relay must be a code of 500 to 599, was " + relay);
    }
  }

  /// Postfix's defaults.
  public static final RefusalCodes USUAL =
      new RefusalCodes(
          554, 450, 554, 450, 554, 554, 501, 504, 450, 550, 450, 450, 450, 550, 550, 550, 550);

  /// @param status whose class becomes that of the code
  public static Reply reply(int code, String status, String text) {
    Status given = Status.of(status);
    return Reply.of(code, new Status(code / 100, given.subject(), given.detail()).toString(), text);
  }
}
