package org.caravanmta.delivery.local;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Origin;
import org.caravanmta.alias.AliasTargets;
import org.caravanmta.delivery.mailbox.MailboxPath;
import org.caravanmta.event.Events;
import org.caravanmta.event.LocalEvent;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.table.Lookup;

/// The delivery to one user, after aliases and `.forward` (RFC 5321 §4.4; postfix `local(8)`): to
/// the transport or the command that stands in place of the mailbox, else into the mailbox; for a
/// user who has none, to the destination that {@link LocalUsers} has for such mail.
///
/// @param origin completes addresses that have no domain
record UserDelivery(
    LocalUsers users,
    MailboxPath mailboxes,
    MailboxWriter filing,
    Origin origin,
    NamedDelivery named,
    OnwardDelivery onward) {
  /// Delivers.
  ///
  /// @param address the user's
  Attempt to(Address address, LocalRecipient one) {
    return switch (users.mailboxes().of(address)) {
      case Lookup.Found(String transport) -> onward.by(transport, address, one);
      case Lookup.Unavailable(String why) -> unavailable("mailbox transport table", why);
      case Lookup.Absent() ->
          switch (users.mailbox(address)) {
            case Lookup.Found _ -> own(address, one);
            case Lookup.Absent() -> nobody(address, one);
            case Lookup.Unavailable(String why) -> unavailable("recipients table", why);
          };
    };
  }

  private Attempt own(Address address, LocalRecipient one) {
    return switch (users.commands().of(address)) {
      case Lookup.Found(String line) -> named.command(line, new AliasTargets.Users(), address, one);
      case Lookup.Absent() -> filed(address, one);
      case Lookup.Unavailable(String why) -> unavailable("mailbox command table", why);
    };
  }

  private Attempt filed(Address address, LocalRecipient one) {
    Optional<Path> path;
    try {
      path = mailboxes.of(address);
    } catch (UncheckedIOException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      return unavailable(String.valueOf(e.getMessage()), String.valueOf(cause.getMessage()));
    }
    return path.map(place -> filing.own(one.copy(), address, place))
        .orElseGet(() -> unknown(address));
  }

  private Attempt nobody(Address address, LocalRecipient one) {
    return switch (users.fallback().of(address)) {
      case Lookup.Found(String transport) -> onward.by(transport, address, one);
      case Lookup.Unavailable(String why) -> unavailable("fallback transport table", why);
      case Lookup.Absent() -> instead(address, one);
    };
  }

  private Attempt instead(Address address, LocalRecipient one) {
    try {
      Optional<String> text = users.instead(address);
      if (text.isPresent()) {
        boolean own = text.get().startsWith("\\");
        if (text.get().startsWith("|")) {
          return named.command(text.get().substring(1), new AliasTargets.Operators(), address, one);
        }
        if (text.get().startsWith("/")) {
          return named.file(
              Path.of(text.get()), text.get().endsWith("/"), new AliasTargets.Operators(), one);
        }
        Address taker = origin.complete(text.get().substring(own ? 1 : 0));
        if (!taker.equals(address)) {
          return own
              ? taken(taker, address, one)
              : onward.to(
                  List.of(taker),
                  new OnwardDelivery.Group(Optional.empty(), one.recipient().address()),
                  one);
        }
      }
      return users.discards(address) ? discarded(address, one) : unknown(address);
    } catch (IllegalArgumentException e) {
      return new Attempt.Deferred(Reason.of("4.3.5", "local.catch-all: " + e.getMessage()));
    }
  }

  /// Delivers to another user, without regard to that user's aliases and `.forward`.
  private Attempt taken(Address taker, Address address, LocalRecipient one) {
    return switch (users.mailbox(taker)) {
      case Lookup.Found _ -> to(taker, one);
      case Lookup.Absent() -> unknown(address);
      case Lookup.Unavailable(String why) -> unavailable("recipients table", why);
    };
  }

  private static Attempt discarded(Address address, LocalRecipient one) {
    Events.tell(new LocalEvent.Dropped(one.mail(), address));
    return new Attempt.Delivered("discarded", LocalRecipient.RELAY);
  }

  private static Attempt unknown(Address address) {
    return new Attempt.Failed(Reason.of("5.1.1", "unknown user: \"" + address + "\""));
  }

  private static Attempt unavailable(String what, String why) {
    return new Attempt.Deferred(Reason.of("4.3.0", what + ": " + why));
  }
}
