package org.caravanmta.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.AddressClass;
import org.caravanmta.address.Origin;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.Events;
import org.caravanmta.event.StageEvent;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Fault;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Search;

/// Adds recipients that the sender does not know of (postfix `always_bcc`, `sender_bcc_maps`,
/// `recipient_bcc_maps`): nobody is told what becomes of their copies (NOTIFY=NEVER, RFC 3461
/// §4.1). Copies are made of new mail only, once for each sender and recipient as they stand before
/// virtual aliases; a copy has no copies.
public final class AutomaticCopies {
  private static final Reply LOOKUP = Reply.of(451, "4.3.0", "Temporary lookup failure");

  private final CopySettings own;
  private final AddressSearch ofSender;
  private final AddressSearch ofRecipient;
  private final Origin origin;
  private final List<Mechanism> mechanisms;

  /// @param canonical what becomes of a recipient's address, and so of a copy's
  public AutomaticCopies(
      CopySettings own,
      AddressSearch ofSender,
      AddressSearch ofRecipient,
      Origin origin,
      List<Canonical> canonical,
      Masquerade masquerade) {
    this.own = own;
    this.ofSender = ofSender;
    this.ofRecipient = ofRecipient;
    this.origin = origin;
    this.mechanisms = new ArrayList<>(canonical);
    this.mechanisms.add(masquerade);
  }

  public Case rewrite(Case c) {
    return Fault.held("automatic copies", c, this::withCopies);
  }

  private Case withCopies(Case c) {
    return c.ifMessage(message -> message.open() && !idle() ? copied(message) : message);
  }

  private boolean idle() {
    return own.alwaysBcc().isEmpty() && ofSender.path().isEmpty() && ofRecipient.path().isEmpty();
  }

  private Case copied(Case.Message message) {
    Mail mail = message.mail();
    var recipients = new ArrayList<>(mail.recipients());
    try {
      if (mail.reversePath() instanceof ReversePath.Mailbox(Address sender)) {
        add(found(ofSender, sender), recipients);
      }
      for (Recipient recipient : mail.recipients()) {
        add(found(ofRecipient, recipient.address()), recipients);
      }
      add(own.alwaysBcc(), recipients);
    } catch (Unavailable e) {
      Events.tell(new StageEvent.CopiesUnknown(mail.id(), e.why()));
      return message.decided(new Verdict.Defer(LOOKUP));
    }
    return message.with(mail.with(recipients)).orTooMany();
  }

  private Optional<Address> found(AddressSearch tables, Address key) {
    return switch (tables.path().isEmpty() ? new Search.Absent() : tables.find(key)) {
      case Search.Found(String value, _, var table) -> {
        try {
          yield Optional.of(origin.complete(AddressMapping.first(value)));
        } catch (IllegalArgumentException e) {
          throw new Unavailable(table.name() + ": expected an address for " + key);
        }
      }
      case Search.Absent() -> Optional.empty();
      case Search.Unavailable(String why) -> throw new Unavailable(why);
    };
  }

  private void add(Optional<Address> copy, List<Recipient> recipients) {
    if (copy.isPresent()) {
      Address address = origin.complete(copy.get());
      for (Mechanism mechanism : mechanisms) {
        address = mechanism.put(AddressClass.ENVELOPE_RECIPIENT, address);
      }
      var added =
          new Recipient(
              address, copy.get(), Optional.of(Notify.NEVER), Optional.empty(), Optional.empty());
      if (!recipients.contains(added)) {
        recipients.add(added);
      }
    }
  }
}
