package org.caravanmta.restriction.blocked;

import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.Extensions;

/// Refuses recipients who, or whose server, want no mail from this sender. The null reverse path is
/// never blocked: reports have it (RFC 5321 §4.5.5).
public final class BlockedSenders {
  private final Blocklist list;
  private final Extensions extensions;

  /// @param extensions of recipients: who blocks a sender means all of his addresses
  BlockedSenders(Blocklist list, Extensions extensions) {
    this.list = list;
    this.extensions = extensions;
  }

  public Case check(Case c) {
    return list.isEmpty() ? c : c.ifRecipient(this::asked);
  }

  private Case asked(Case.Rcpt rcpt) {
    if (!rcpt.open() || rcpt.client().trusted()) {
      return rcpt;
    }
    return switch (rcpt.sender()) {
      case ReversePath.Null() -> rcpt;
      case ReversePath.Mailbox(Address sender) ->
          list.has(sender, rcpt.recipient(), this::base)
              ? rcpt.decided(
                  new Verdict.Reject(
                      Reply.of(
                          550,
                          "5.7.1",
                          "<" + rcpt.recipient() + ">: sender <" + sender + "> is blocked")))
              : rcpt;
    };
  }

  private Address base(Address address) {
    return extensions.split(address).map(Extensions.Split::base).orElse(address);
  }
}
