package org.caravanmta.restriction.relay;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.Resolution;
import org.caravanmta.address.ReversePath;
import org.caravanmta.domain.RecipientSettings;
import org.caravanmta.domain.RelayDomains;
import org.caravanmta.domain.VirtualDomains;
import org.caravanmta.message.Status;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Deliverability;
import org.caravanmta.policy.RefusalCodes;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;

/// Refuses recipients who do not exist in the domains we know all recipients of (RFC 5321 §3.3;
/// postfix `reject_unlisted_recipient`), so that we never have to report it later to a sender who
/// may be forged. A table of no tables says that everybody exists.
public final class KnownRecipients {
  /// They exist in every domain of our own (RFC 5321 §4.5.1).
  private static final Set<String> ALWAYS = Set.of("postmaster", "mailer-daemon", "double-bounce");

  /// No such user (RFC 3463 §3.2).
  private static final Status UNKNOWN = Status.of("5.1.1");

  private final Resolution resolution;
  private final RelayDomains relayed;
  private final List<AddressSearch> rewritten;
  private final Deliverability outlook;
  private final AddressSearch own;
  private final AddressSearch relay;
  private final VirtualDomains virtual;
  private final AddressSearch mailboxes;
  private final RecipientSettings settings;
  private final RefusalCodes codes;

  /// @param resolution knows our own domains
  /// @param rewritten an address that these replace exists, in any domain
  /// @param outlook what routing would do with the others
  /// @param own who exists in our own domains
  /// @param relay who exists in the relay domains
  public KnownRecipients(
      Resolution resolution,
      RelayDomains relayed,
      List<AddressSearch> rewritten,
      Deliverability outlook,
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
        new RecipientSettings(List.of(), List.of(), List.of(), true),
        RefusalCodes.USUAL);
  }

  /// @param virtual knows the domains of virtual mailboxes
  /// @param mailboxes who has one
  /// @param codes those of replies to them
  public KnownRecipients(
      Resolution resolution,
      RelayDomains relayed,
      List<AddressSearch> rewritten,
      Deliverability outlook,
      AddressSearch own,
      AddressSearch relay,
      VirtualDomains virtual,
      AddressSearch mailboxes,
      RecipientSettings settings,
      RefusalCodes codes) {
    this.codes = codes;
    this.resolution = resolution;
    this.relayed = relayed;
    this.rewritten = List.copyOf(rewritten);
    this.outlook = outlook;
    this.own = own;
    this.relay = relay;
    this.virtual = virtual;
    this.mailboxes = mailboxes;
    this.settings = settings;
  }

  public Case check(Case c) {
    return c.ifRecipient(
        rcpt -> {
          // also when a list has permitted it
          boolean undenied = rcpt.verdict() instanceof Verdict.Undecided;
          return undenied && rcpt.restrictionState().deferIfPermit().isEmpty()
              ? rcpt.decided(ask(rcpt.recipient(), rcpt.sender()))
              : rcpt;
        });
  }

  /// What is to be said of a recipient.
  public Verdict ask(Address recipient, ReversePath sender) {
    if (sender instanceof ReversePath.Mailbox(Address from) && !resolution.begins(from)) {
      return new Verdict.Reject(Reply.of(501, "5.1.7", "Bad sender address syntax"));
    }
    try {
      return known(recipient, sender);
    } catch (DomainList.Unavailable e) {
      return cannotTell(recipient);
    }
  }

  private Verdict known(Address recipient, ReversePath sender) {
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
    return switch (foreseen) {
      case Verdict.Undecided() -> listed(recipient, destination);
      case Verdict.Reject(Reply reply)
          when reply.status().filter(UNKNOWN::equals).isPresent()
              && virtual.find(destination.domain()) instanceof Lookup.Found ->
          refused(new Reply(codes.unknownAlias(), reply.status(), reply.lines()));
      case Verdict.Permit(),
          Verdict.Defer(_),
          Verdict.Reject(_),
          Verdict.Hold _,
          Verdict.Discard(_),
          Verdict.Taken(_) ->
          foreseen;
    };
  }

  private Verdict listed(Address recipient, Address destination) {
    if (resolution.own().contains(destination.domain())) {
      return ALWAYS.contains(destination.localPart().toLowerCase(Locale.ROOT))
          ? Verdict.UNDECIDED
          : listed(recipient, destination, own, "local recipient", codes.unknownLocal());
    }
    if (virtual.hasMailboxes(destination.domain())) {
      return listed(recipient, destination, mailboxes, "virtual mailbox", codes.unknownMailbox());
    }
    return relayed.contains(destination.domain())
        ? listed(recipient, destination, relay, "relay recipient", codes.unknownRelay())
        : Verdict.UNDECIDED;
  }

  private Verdict listed(
      Address recipient, Address destination, AddressSearch list, String kind, int code) {
    if (list.path().isEmpty()) {
      return Verdict.UNDECIDED;
    }
    return switch (list.find(destination)) {
      case Search.Found _ -> Verdict.UNDECIDED;
      case Search.Absent() ->
          refused(
              RefusalCodes.reply(
                  code,
                  "5.1.1",
                  "<%s>: Recipient address rejected: User unknown%s"
                      .formatted(recipient, settings.nameTable() ? " in " + kind + " table" : "")));
      case Search.Unavailable _ -> cannotTell(recipient);
    };
  }

  /// As its code has it.
  private static Verdict refused(Reply reply) {
    return reply.permanentFailure()
        ? new Verdict.Reject(reply)
        : new Verdict.Defer(
            RefusalCodes.reply(
                reply.code(),
                reply.status().orElse(UNKNOWN).toString(),
                String.join(" ", reply.lines())));
  }

  private static Verdict cannotTell(Address recipient) {
    return new Verdict.Defer(
        Reply.of(451, "4.3.0", "<" + recipient + ">: Temporary lookup failure"));
  }
}
