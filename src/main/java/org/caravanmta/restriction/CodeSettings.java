package org.caravanmta.restriction;

import java.util.Map;
import java.util.TreeMap;
import org.caravanmta.policy.RefusalCodes;

/// The section `restrictions.codes`: the reply code of each refusal, see {@link RefusalCodes}.
public record CodeSettings(
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
  public CodeSettings {
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

  public RefusalCodes codes() {
    return new RefusalCodes(
        reject,
        defer,
        accessReject,
        accessDefer,
        relay,
        listed,
        invalidHostname,
        nonFqdn,
        plaintext,
        multiRecipientBounce,
        unknownAddress,
        unknownClient,
        unknownHostname,
        unknownLocal,
        unknownRelay,
        unknownAlias,
        unknownMailbox);
  }
}
