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

/// What a restriction wants done to the whole message if it is accepted (postfix `access(5)`,
/// "other actions").
public sealed interface MessageAction {
  /// Keeps it in the hold queue.
  ///
  /// @param why for the log and the operator
  record Hold(String why) implements MessageAction {}

  /// Sends it through this content filter; the last such action counts.
  record Filter(NamedTransport through) implements MessageAction {}

  /// Sends it to this address instead of its recipients, and not through a content filter; the last
  /// such action counts.
  record Redirect(Address to) implements MessageAction {}

  /// Sends a copy to this address.
  record Bcc(Address to) implements MessageAction {}

  /// Puts this field before its header section; of several the first comes first.
  ///
  /// @param field `Name: value`, without a line end
  record Prepend(String field) implements MessageAction {}

  /// The mail changed by all actions in the order given, except {@link Hold}, which becomes the
  /// verdict.
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
