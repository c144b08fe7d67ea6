package org.caravanmta.event;

import java.nio.file.Path;
import org.caravanmta.address.Address;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of final delivery on this machine, which Postfix does not have. Each has a logger
/// with the name of the class that delivers, by which operators choose what they see.
final class LocalLines {
  private static final Logger LOCAL = named("local.LocalDelivery");
  private static final Logger WRITER = named("local.MailboxWriter");
  private static final Logger VIRTUAL = named("local.VirtualDelivery");
  private static final Logger PIPE = named("program.PipeDelivery");

  private LocalLines() {}

  static void write(LocalEvent event) {
    switch (event) {
      case LocalEvent.PartlyOver(Mail mail, Recipient recipient, int over) ->
          LOCAL.info(
              "{}: {} of what {} stands for {} done, the rest waits",
              mail.id(),
              over,
              recipient.address(),
              over == 1 ? "is" : "are");
      case LocalEvent.Dropped(Mail mail, Address address) ->
          LOCAL.warn("{}: mail for {}, who does not exist here, is discarded", mail.id(), address);
      case LocalEvent.NoRights(Mail mail, String what, String why) ->
          LOCAL.error("{}: {}: {}", mail.id(), what, why);
      case LocalEvent.NotWritten(Mail mail, String kind, Path path, Reason reason) ->
          WRITER.error("{}: {} {} cannot be written: {}", mail.id(), kind, path, reason.text());
      case LocalEvent.NotVirtual(Mail mail, Reason reason) ->
          VIRTUAL.warn("{}: virtual mailbox: {}", mail.id(), reason.text());
      case LocalEvent.NotPiped(Mail mail, String program, Reason reason) ->
          PIPE.warn("{}: program {}: {}", mail.id(), program, reason.text());
    }
  }

  private static Logger named(String part) {
    return LoggerFactory.getLogger("org.caravanmta.delivery." + part);
  }
}
