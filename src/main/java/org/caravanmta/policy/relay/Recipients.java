package org.caravanmta.policy.relay;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.Resolution;
import org.caravanmta.address.ReversePath;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;

/// Refuses recipients who do not exist in the domains we know all recipients of (RFC 5321 §3.3;
/// postfix `reject_unlisted_recipient`), so that we never have to report it later to a sender who
/// may be forged. A table of no tables says that everybody exists.
public final class Recipients {
  /// They exist in every domain of our own (RFC 5321 §4.5.1).
  private static final Set<String> ALWAYS = Set.of("postmaster", "mailer-daemon", "double-bounce");

  private final Resolution resolution;
  private final RelayDomains relayed;
  private final List<AddressSearch> rewritten;
  private final Outlook outlook;
  private final AddressSearch own;
  private final AddressSearch relay;
  private final VirtualDomains virtual;
  private final AddressSearch mailboxes;
  private final boolean naming;

  /// @param resolution knows our own domains
  /// @param rewritten whoever becomes another by these exists, in any domain
  /// @param outlook what routing would do with the others
  /// @param own who exists in our own domains
  /// @param relay who exists in the relay domains
  public Recipients(
      Resolution resolution,
      RelayDomains relayed,
      List<AddressSearch> rewritten,
      Outlook outlook,
      AddressSearch own,
      AddressSearch relay) {
    this(
        resolution,
        relayed,
        rewritten,
        outlook,
        own,
        relay,
        new VirtualDomains(Set.of(), new SearchPath(List.of())),
        relay,
        true);
  }

  /// @param virtual knows the domains of virtual mailboxes
  /// @param mailboxes who has one
  /// @param naming whether replies say in which table somebody is not (postfix
  ///   `show_user_unknown_table_name`)
  public Recipients(
      Resolution resolution,
      RelayDomains relayed,
      List<AddressSearch> rewritten,
      Outlook outlook,
      AddressSearch own,
      AddressSearch relay,
      VirtualDomains virtual,
      AddressSearch mailboxes,
      boolean naming) {
    this.resolution = resolution;
    this.relayed = relayed;
    this.rewritten = List.copyOf(rewritten);
    this.outlook = outlook;
    this.own = own;
    this.relay = relay;
    this.virtual = virtual;
    this.mailboxes = mailboxes;
    this.naming = naming;
  }

  public Case check(Case c) {
    return switch (c) {
      case Case.Rcpt rcpt -> {
        // also when a list has permitted it
        boolean undenied = rcpt.verdict() instanceof Verdict.Undecided;
        yield undenied && rcpt.passage().deferIfPermit().isEmpty()
            ? rcpt.decided(ask(rcpt.recipient(), rcpt.sender()))
            : rcpt;
      }
      case Case.Connection _, Case.Data _, Case.Message _ -> c;
    };
  }

  /// What is to be said of a recipient.
  public Verdict ask(Address recipient, ReversePath sender) {
    return resolution
        .resolve(recipient)
        .map(destination -> exists(recipient, destination, sender))
        .orElseGet(
            () -> new Verdict.Reject(Reply.of(501, "5.1.3", "Bad recipient address syntax")));
  }

  private Verdict exists(Address recipient, Address destination, ReversePath sender) {
    for (AddressSearch tables : rewritten) {
      switch (tables.path().isEmpty() ? new Search.Absent() : tables.find(destination)) {
        case Search.Found _ -> {
          return Verdict.UNDECIDED;
        }
        case Search.Absent() -> {}
        case Search.Unavailable _ -> {
          return cannotTell(recipient);
        }
      }
    }
    Verdict foreseen = outlook.of(recipient, destination, sender);
    return foreseen instanceof Verdict.Undecided ? listed(recipient, destination) : foreseen;
  }

  private Verdict listed(Address recipient, Address destination) {
    if (resolution.own().contains(destination.domain())) {
      return ALWAYS.contains(destination.localPart().toLowerCase(Locale.ROOT))
          ? Verdict.UNDECIDED
          : listed(recipient, destination, own, "local recipient");
    }
    if (virtual.hasMailboxes(destination.domain())) {
      return listed(recipient, destination, mailboxes, "virtual mailbox");
    }
    return relayed.contains(destination.domain())
        ? listed(recipient, destination, relay, "relay recipient")
        : Verdict.UNDECIDED;
  }

  private Verdict listed(Address recipient, Address destination, AddressSearch list, String kind) {
    if (list.path().isEmpty()) {
      return Verdict.UNDECIDED;
    }
    return switch (list.find(destination)) {
      case Search.Found _ -> Verdict.UNDECIDED;
      case Search.Absent() ->
          new Verdict.Reject(
              Reply.of(
                  550,
                  "5.1.1",
                  "<%s>: Recipient address rejected: User unknown%s"
                      .formatted(recipient, naming ? " in " + kind + " table" : "")));
      case Search.Unavailable _ -> cannotTell(recipient);
    };
  }

  private static Verdict cannotTell(Address recipient) {
    return new Verdict.Defer(
        Reply.of(451, "4.3.0", "<" + recipient + ">: Temporary lookup failure"));
  }
}
