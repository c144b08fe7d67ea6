package org.caravanmta.smtp.client;

import java.util.Optional;
import java.util.stream.Collectors;
import org.caravanmta.address.Address;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.caravanmta.message.OriginalRecipient;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;

/// The command lines of a transaction, each with the parameters that the server offers.
final class Commands {
  /// RFC 3461 §4.4.
  private static final int LONGEST_ENVID = 100;

  /// RFC 3461 §4.2.
  private static final int LONGEST_ORCPT = 500;

  private Commands() {}

  /// `MAIL FROM` (RFC 5321 §4.1.1.2).
  ///
  /// @param converted whether the content will be sent as another, whose size is not known
  static String mail(Mail mail, Capabilities offered, boolean converted) {
    MailOptions given = mail.envelope().parameters();
    var line = new StringBuilder("MAIL FROM:<").append(mail.reversePath()).append('>');
    if (offered.size() && !converted) {
      line.append(" SIZE=").append(mail.size());
    }
    if (isBinary(mail)) {
      line.append(" BODY=BINARYMIME");
    } else if (offered.eightBitMime()
        && given.body().filter(body -> body != MailOptions.Body.SEVENBIT).isPresent()) {
      line.append(" BODY=8BITMIME");
    }
    if (offered.smtputf8() && (given.smtputf8() || needsUtf8(mail))) {
      line.append(" SMTPUTF8");
    }
    if (offered.dsn()) {
      given.ret().ifPresent(ret -> line.append(" RET=").append(ret));
      given
          .envid()
          .filter(envid -> envid.length() <= LONGEST_ENVID)
          .ifPresent(envid -> line.append(" ENVID=").append(envid));
    }
    return line.toString();
  }

  /// `RCPT TO` (RFC 5321 §4.1.1.3). A server that reports (RFC 3461) is told what the sender wants
  /// to hear, and which address the sender knows.
  static String rcpt(Recipient recipient, Capabilities offered) {
    var line = new StringBuilder("RCPT TO:<").append(recipient.address()).append('>');
    if (offered.dsn()) {
      recipient.notifyOn().ifPresent(notify -> line.append(" NOTIFY=").append(events(notify)));
      recipient
          .orcpt()
          .or(() -> rewritten(recipient))
          // a server need not take more, and is not to refuse a recipient for what others have said
          .filter(orcpt -> orcpt.length() <= LONGEST_ORCPT)
          .ifPresent(orcpt -> line.append(" ORCPT=").append(orcpt));
    }
    return line.toString();
  }

  /// Why this server cannot have this message, if it is larger than the server takes (RFC 1870
  /// §6.1).
  static Optional<Reason> tooLarge(Mail mail, Capabilities offered, Peer peer) {
    if (offered.largest() > 0 && mail.size() > offered.largest()) {
      return Optional.of(
          Reason.of(
              "5.3.4",
              "message size "
                  + mail.size()
                  + " exceeds size limit "
                  + offered.largest()
                  + " of server "
                  + peer.named()));
    }
    return Optional.empty();
  }

  /// Why this server cannot have this message, though another may: the message needs SMTPUTF8 (RFC
  /// 6531 §3.5), or is binary, which nothing but BDAT carries (RFC 3030 §3).
  static Optional<Reason> unfit(Mail mail, Capabilities offered, Peer peer) {
    if (!offered.smtputf8() && needsUtf8(mail)) {
      return Optional.of(
          Reason.of("5.6.7", "SMTPUTF8 is required, but was not offered by host " + peer.named()));
    }
    if (isBinary(mail) && !(offered.chunking() && offered.binaryMime())) {
      return Optional.of(
          Reason.of(
              "5.6.3", "BINARYMIME is required, but was not offered by host " + peer.named()));
    }
    return Optional.empty();
  }

  static boolean isBinary(Mail mail) {
    return mail.envelope().parameters().binary();
  }

  /// Derived from what is sent, after aliases and rewriting: that the client asked for SMTPUTF8 is
  /// not enough, for most such messages need it nowhere, and that it did not is not either.
  private static boolean needsUtf8(Mail mail) {
    return !mail.envelope().isAscii()
        || mail.envelope().parameters().smtputf8() && !mail.headers().isAscii();
  }

  private static String events(Notify notify) {
    return notify.events().isEmpty()
        ? "NEVER"
        : notify.events().stream().sorted().map(Enum::name).collect(Collectors.joining(","));
  }

  private static Optional<String> rewritten(Recipient recipient) {
    Address known = recipient.original();
    return !known.equals(recipient.address())
        ? Optional.of(
            new OriginalRecipient(known.isAscii() ? "rfc822" : "utf-8", known.toString())
                .toString())
        : Optional.empty();
  }
}
