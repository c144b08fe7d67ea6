package org.caravanmta.event;

import java.nio.file.Path;
import org.caravanmta.address.Address;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;

/// What happens to mail at its end on this machine (RFC 5321 §4.4), where Postfix has `local(8)`,
/// `virtual(8)` and `pipe(8)`, besides what the attempt comes to ({@link DeliveryEvent.Attempted});
/// all of it is ours alone.
public sealed interface LocalEvent extends Event {
  /// Of what a recipient stands for, a part is over, and the rest waits.
  ///
  /// @param over how many of the places where its mail goes
  record PartlyOver(Mail mail, Recipient recipient, int over) implements LocalEvent {}

  /// Mail for one who does not exist here is dropped, so that it does not go round forever.
  record Dropped(Mail mail, Address address) implements LocalEvent {}

  /// A file is not written, or a command not run, because it cannot be told with whose rights; mail
  /// waits.
  ///
  /// @param what `command`, `file /srv/list`
  record NoRights(Mail mail, String what, String why) implements LocalEvent {}

  /// A mailbox or a file cannot be written now; mail waits.
  ///
  /// @param kind `maildir`, `mailbox` or `file`
  record NotWritten(Mail mail, String kind, Path path, Reason reason) implements LocalEvent {}

  /// A mailbox that tables name cannot be had now; mail waits.
  record NotVirtual(Mail mail, Reason reason) implements LocalEvent {}

  /// One of the operator's programs has not taken it; mail waits.
  ///
  /// @param program the name of its transport
  record NotPiped(Mail mail, String program, Reason reason) implements LocalEvent {}
}
