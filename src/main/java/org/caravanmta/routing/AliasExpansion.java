package org.caravanmta.routing;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;

/// What a sender who wants to hear of success is told of recipients in whose place aliases have put
/// others (RFC 3461 §5.2.7): that they were expanded, once; of those others no success is reported.
///
/// @param mail the message, with NOTIFY as it goes on
/// @param notice absent when there is nothing to tell
record AliasExpansion(Mail mail, Optional<Notice> notice) {
  static AliasExpansion of(Mail mail) {
    Map<String, Recipient> expanded = new LinkedHashMap<>();
    var recipients = new ArrayList<Recipient>();
    for (Recipient recipient : mail.recipients()) {
      boolean told =
          recipient.wants(Notify.Event.SUCCESS, false)
              && recipient.last().filter(Reason.EXPANDED::equals).isPresent();
      recipients.add(told ? quiet(recipient) : recipient);
      if (told) {
        expanded.putIfAbsent(
            recipient.original().key(),
            recipient.to(recipient.original()).because(Reason.EXPANDED));
      }
    }
    if (expanded.isEmpty() || mail.reversePath() instanceof ReversePath.Null) {
      return new AliasExpansion(mail, Optional.empty());
    }
    return new AliasExpansion(
        mail.with(recipients),
        Optional.of(new Notice(Notice.Action.EXPANDED, mail.with(List.copyOf(expanded.values())))));
  }

  private static Recipient quiet(Recipient recipient) {
    var events = EnumSet.copyOf(recipient.notifyOn().orElseThrow().events());
    events.remove(Notify.Event.SUCCESS);
    return new Recipient(
        recipient.address(),
        recipient.original(),
        Optional.of(new Notify(events)),
        recipient.orcpt(),
        Optional.empty());
  }
}
