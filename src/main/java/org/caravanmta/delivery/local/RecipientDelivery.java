package org.caravanmta.delivery.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravanmta.address.Address;
import org.caravanmta.alias.AliasTargets;
import org.caravanmta.alias.Aliases;
import org.caravanmta.delivery.mailbox.MailboxCopy;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;

/// The delivery to one recipient (RFC 5321 §3.9): each act that the recipient stands for, see
/// {@link Aliases}, is done unless an earlier attempt has done it. An act that fails is reported to
/// the sender and does not keep the others from being done; if one has to wait, so does the
/// recipient.
record RecipientDelivery(
    Aliases aliases, UserDelivery users, NamedDelivery named, OnwardDelivery onward) {
  /// Delivers; a message that this recipient has got before is in a forwarding loop and fails.
  Attempt to(LocalRecipient one) {
    Address address = one.recipient().address();
    if (MailboxCopy.hasBeenHere(one.mail().headers(), one.recipient())) {
      return new Attempt.Failed(Reason.of("5.4.6", "mail forwarding loop for " + address));
    }
    return switch (aliases.expand(address)) {
      case AliasTargets.Refused(Reason reason) -> new Attempt.Failed(reason);
      case AliasTargets.Into(List<AliasTargets.Act> acts) -> all(acts, one);
    };
  }

  private Attempt all(List<AliasTargets.Act> acts, LocalRecipient one) {
    var attempts = new ArrayList<Attempt>();
    Map<OnwardDelivery.Group, List<AliasTargets.Onward>> further = new LinkedHashMap<>();
    for (AliasTargets.Act act : acts) {
      if (act instanceof AliasTargets.Onward on) {
        further
            .computeIfAbsent(new OnwardDelivery.Group(on.owner(), on.via()), _ -> new ArrayList<>())
            .add(on);
      } else if (!one.isDone(act)) {
        attempts.add(one.settled(here(act, one), List.of(act)));
      }
    }
    further.forEach(
        (of, all) -> {
          List<AliasTargets.Onward> left = all.stream().filter(on -> !one.isDone(on)).toList();
          if (left.isEmpty()) {
            one.succeedsBy(of.success());
          } else {
            List<Address> addresses = left.stream().map(AliasTargets.Onward::address).toList();
            attempts.add(one.settled(onward.to(addresses, of, one), left));
          }
        });
    return whole(attempts);
  }

  /// The result for the recipient: that of the first act that waits, else of the last that is done,
  /// else of the first that has failed.
  private static Attempt whole(List<Attempt> attempts) {
    return attempts.stream()
        .filter(Attempt.Deferred.class::isInstance)
        .findFirst()
        .or(
            () ->
                attempts.reversed().stream()
                    .filter(Attempt.Delivered.class::isInstance)
                    .findFirst())
        .or(() -> attempts.stream().findFirst())
        .orElseGet(() -> new Attempt.Delivered("nothing is left to do", LocalRecipient.RELAY));
  }

  private Attempt here(AliasTargets.Act act, LocalRecipient one) {
    return switch (act) {
      case AliasTargets.ToMailbox(Address address) -> users.to(address, one);
      case AliasTargets.ToFile(Path path, boolean maildir, AliasTargets.Behalf behalf) ->
          named.file(path, maildir, behalf, one);
      case AliasTargets.ToCommand(String line, AliasTargets.Behalf behalf) ->
          named.command(line, behalf, one.recipient().address(), one);
      case AliasTargets.Impossible(Reason reason) -> new Attempt.Failed(reason);
      case AliasTargets.Waiting(Reason reason) -> new Attempt.Deferred(reason);
      case AliasTargets.Onward _ -> throw new IllegalStateException("not here: " + act);
    };
  }
}
