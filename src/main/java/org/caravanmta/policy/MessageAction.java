package org.caravanmta.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Recipient;

/// What a restriction orders for the whole message if it is accepted (postfix `access(5)`, other
/// actions).
public sealed interface MessageAction {
  /// It is kept in the hold queue.
  record Hold(String why) implements MessageAction {}

  /// It goes to this content filter; the last order counts.
  record Filter(NamedTransport through) implements MessageAction {}

  /// It goes to this address instead of its recipients, and to no content filter; the last order
  /// counts.
  record Redirect(Address to) implements MessageAction {}

  /// It goes to this address too.
  record Bcc(Address to) implements MessageAction {}

  /// It gets this field, `Name: value`, on top of its header section; of several the first is the
  /// topmost.
  record Prepend(String field) implements MessageAction {}

  /// The mail as the actions have it, in the order in which they were given; being held is for the
  /// verdict to say.
  static Mail apply(List<MessageAction> actions, Mail mail) {
    Mail changed = mail;
    Optional<NamedTransport> filter = mail.envelope().filter();
    boolean redirected = false;
    var copies = new ArrayList<Recipient>();
    var fields = new ArrayList<Headers.Field>();
    for (MessageAction action : actions) {
      switch (action) {
        case Hold _ -> {}
        case Filter(NamedTransport through) -> filter = Optional.of(through);
        case Redirect(Address to) -> {
          changed = changed.with(List.of(Recipient.of(to)));
          redirected = true;
        }
        case Bcc(Address to) -> copies.add(Recipient.of(to));
        case Prepend(String field) -> fields.add(field(field));
      }
    }
    for (Headers.Field field : fields.reversed()) {
      changed = changed.with(changed.headers().prepend(field));
    }
    if (!copies.isEmpty()) {
      var all = new ArrayList<>(changed.recipients());
      copies.stream().filter(copy -> !all.contains(copy)).forEach(all::add);
      changed = changed.with(all);
    }
    return changed.with(changed.envelope().through(redirected ? Optional.empty() : filter));
  }

  private static Headers.Field field(String text) {
    int colon = text.indexOf(':');
    return new Headers.Field(
        text.substring(0, colon), (text + "\r\n").getBytes(StandardCharsets.UTF_8));
  }
}
