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

/// Writes the command lines of a transaction (RFC 5321 §3.3), each with the parameters that the
/// server offers, and tells which messages cannot go to a server.
final class Commands {
  /// In characters (RFC 3461 §4.4); a longer one is not passed on.
  private static final int LONGEST_ENVID = 100;

  /// In characters (RFC 3461 §4.2); a longer one is not passed on.
  private static final int LONGEST_ORCPT = 500;

  private Commands() {}

  /// The line of MAIL (RFC 5321 §4.1.1.2).
  ///
  /// @param converted whether the content may be converted to seven bits, so that its size on the
  ///   wire is not known
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
    if (offered.requireTls() && given.requireTls()) {
      line.append(" REQUIRETLS");
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

  /// The line of RCPT (RFC 5321 §4.1.1.3). A server that reports (RFC 3461) is told which reports
  /// the sender wants, and the address that the sender knows.
  static String rcpt(Recipient recipient, Capabilities offered) {
    var line = new StringBuilder("RCPT TO:<").append(recipient.address()).append('>');
    if (offered.dsn()) {
      recipient.notifyOn().ifPresent(notify -> line.append(" NOTIFY=").append(events(notify)));
      recipient
          .orcpt()
          .or(() -> rewritten(recipient))
          // a server need not take more, and a recipient must not be refused for that
          .filter(orcpt -> orcpt.length() <= LONGEST_ORCPT)
          .ifPresent(orcpt -> line.append(" ORCPT=").append(orcpt));
    }
    return line.toString();
  }

  /// The permanent failure if the message is larger than this server takes (RFC 1870 §6.1); empty
  /// otherwise.
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

  /// The failure if this server cannot take the message although another might, because the message
  /// needs SMTPUTF8 (RFC 6531 §3.5), is binary, which only BDAT carries (RFC 3030 §3), or must go
  /// to servers that keep it within TLS (RFC 8689 §4.2.1); empty otherwise.
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
    if (!offered.requireTls() && mail.envelope().parameters().requireTls()) {
      return Optional.of(
          Reason.of(
              "5.7.30", "REQUIRETLS is required, but was not offered by host " + peer.named()));
    }
    return Optional.empty();
  }

  /// Whether the content was declared BODY=BINARYMIME.
  static boolean isBinary(Mail mail) {
    return mail.envelope().parameters().binary();
  }

  /// Whether the message cannot do without SMTPUTF8. This is found out from what is sent, after
  /// aliases and rewriting: most messages that were received with SMTPUTF8 do not need it, and one
  /// that was received without it may.
  private static boolean needsUtf8(Mail mail) {
    return !mail.envelope().isAscii()
        || mail.envelope().parameters().smtputf8() && !mail.headers().isAscii();
  }

  private static String events(Notify notify) {
    return notify.events().isEmpty()
        ? "NEVER"
        : notify.events().stream().sorted().map(Enum::name).collect(Collectors.joining(","));
  }

  /// The address that the sender knows, if it is not the one that the message is sent to.
  private static Optional<String> rewritten(Recipient recipient) {
    Address known = recipient.original();
    return !known.equals(recipient.address())
        ? Optional.of(
            new OriginalRecipient(known.isAscii() ? "rfc822" : "utf-8", known.toString())
                .toString())
        : Optional.empty();
  }
}
