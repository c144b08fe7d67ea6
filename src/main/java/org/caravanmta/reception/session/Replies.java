package org.caravanmta.reception.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// The replies of the server itself, as opposed to those of restrictions (RFC 5321 §4.2), in the
/// words of Postfix, which scripts and people look for.
///
/// @param hostname our name
record Replies(String hostname) {
  static final Reply OK = Reply.of(250, "2.0.0", "Ok");
  static final Reply SENDER_OK = Reply.of(250, "2.1.0", "Ok");
  static final Reply RECIPIENT_OK = Reply.of(250, "2.1.5", "Ok");
  static final Reply GO_AHEAD = Reply.plain(354, "End data with <CR><LF>.<CR><LF>");
  static final Reply BYE = Reply.of(221, "2.0.0", "Bye");
  static final Reply NO_SMTP = Reply.of(221, "2.7.0", "Error: I can break rules, too. Goodbye.");
  static final Reply BUSY = Reply.of(421, "4.3.2", "All server ports are busy");
  static final Reply SYNCHRONIZATION =
      Reply.of(554, "5.5.0", "Error: SMTP protocol synchronization");
  static final Reply MAIL_IN_PROGRESS =
      Reply.of(503, "5.5.1", "Error: MAIL transaction in progress");
  static final Reply NOT_AUTHORIZED = Reply.of(550, "5.7.0", "Error: insufficient authorization");
  static final Reply NOT_UTF8 = Reply.of(500, "5.5.2", "Error: bad UTF-8 syntax");
  static final Reply HELLO_FIRST = Reply.of(503, "5.5.1", "Error: send HELO/EHLO first");
  static final Reply NESTED_MAIL = Reply.of(503, "5.5.1", "Error: nested MAIL command");
  static final Reply NEED_MAIL = Reply.of(503, "5.5.1", "Error: need MAIL command");
  static final Reply NEED_RCPT = Reply.of(503, "5.5.1", "Error: need RCPT command");
  static final Reply NO_RECIPIENTS = Reply.of(554, "5.5.1", "Error: no valid recipients");
  static final Reply LOGIN_FIRST = Reply.of(530, "5.7.0", "Authentication required");
  static final Reply SIZE_TOO_LARGE = Reply.of(552, "5.3.4", "Message size exceeds fixed limit");
  static final Reply NO_ROOM = Reply.of(452, "4.3.1", "Insufficient system storage");
  static final Reply TOO_MANY_RECIPIENTS = Reply.of(452, "4.5.3", "Error: too many recipients");
  static final Reply HEADER_TOO_BIG = Reply.of(552, "5.3.4", "Error: header section too big");
  static final Reply LOCAL_ERROR = Reply.of(451, "4.3.0", "Error: local error, try again later");
  static final Reply NOT_QUEUED = Reply.of(451, "4.3.0", "Error: queue file write error");

  static final Reply VRFY_DISABLED = Reply.of(502, "5.5.1", "VRFY command is disabled");
  static final Reply NULL_BDAT = Reply.of(551, "5.7.1", "Null BDAT request");
  static final Reply CHUNK_TOO_BIG = Reply.of(552, "5.3.4", "Chunk exceeds message size limit");
  static final Reply BINARY_NEEDS_BDAT = Reply.of(503, "5.5.1", "Error: BINARYMIME needs BDAT");
  static final Reply DSN_DISABLED = Reply.of(501, "5.7.1", "DSN support is disabled");
  static final Reply UTF8_UNSUPPORTED = Reply.of(555, "5.5.4", "Unsupported option: SMTPUTF8");
  static final Reply VERP_UNSUPPORTED = Reply.of(555, "5.5.4", "Unsupported option: XVERP");
  static final Reply REQUIRETLS_UNSUPPORTED =
      Reply.of(555, "5.5.4", "Unsupported option: REQUIRETLS");
  static final Reply REQUIRETLS_IN_CLEAR =
      Reply.of(530, "5.7.10", "Error: REQUIRETLS needs STARTTLS first");
  static final Reply BINARY_UNSUPPORTED =
      Reply.of(555, "5.5.4", "Unsupported option: BODY=BINARYMIME");
  static final Reply QUEUE_RUN = Reply.of(250, "2.0.0", "Queuing started");
  static final Reply NO_QUEUE_RUN = Reply.of(458, "4.3.0", "Unable to queue messages");

  /// @param text which starts with our name (RFC 5321 §4.3.1)
  static Reply greeting(String text) {
    return Reply.plain(220, text);
  }

  /// In place of the greeting, to a client that a content filter has refused (RFC 5321 §3.1;
  /// postfix `smtpd(8)`).
  Reply unwelcome() {
    return Reply.plain(554, hostname + " ESMTP not accepting connections");
  }

  /// The reply to EHLO of a client that a content filter has refused.
  Reply nothingOffered() {
    return new Reply(250, Optional.empty(), List.of(hostname, "ENHANCEDSTATUSCODES"));
  }

  /// The reply to HELO (RFC 5321 §4.1.1.1).
  Reply hello() {
    return Reply.plain(250, hostname);
  }

  /// The reply to EHLO, with a line for each service extension that is offered (RFC 5321 §4.1.1.1).
  ///
  /// @param more lines for this client alone
  /// @param discarded the extensions that this client is not offered
  Reply extendedHello(SessionTerms settings, List<String> more, Set<Extension> discarded) {
    long sizeLimit = settings.smtp().message().sizeLimit().bytes();
    var lines = new ArrayList<String>();
    lines.add(hostname);
    lines.add("PIPELINING");
    lines.add("SIZE " + sizeLimit);
    if (settings.smtp().offers().vrfy()) {
      lines.add("VRFY");
    }
    lines.add("ETRN");
    lines.addAll(more);
    lines.add("ENHANCEDSTATUSCODES");
    lines.add("8BITMIME");
    lines.add("DSN");
    lines.add("SMTPUTF8");
    lines.add("CHUNKING");
    if (settings.smtp().offers().binarymime()) {
      lines.add("BINARYMIME");
    }
    // RFC 9422
    lines.add("LIMITS RCPTMAX=" + settings.smtp().recipients().most());
    // the first line is our name, which may be that of an extension
    lines
        .subList(1, lines.size())
        .removeIf(line -> Extension.offered(line).filter(discarded::contains).isPresent());
    return new Reply(250, Optional.empty(), lines);
  }

  /// @param verbs those that are served now
  static Reply help(Set<Verb> verbs) {
    return Reply.of(
        214,
        "2.0.0",
        "Commands: " + verbs.stream().map(Verb::name).sorted().collect(Collectors.joining(" ")));
  }

  static Reply queued(String id) {
    return Reply.of(250, "2.0.0", "Ok: queued as " + id);
  }

  /// The reply to the last chunk of a message.
  ///
  /// @param bytes of the whole message (RFC 3030 §2)
  static Reply queued(String id, long bytes) {
    return Reply.of(250, "2.0.0", "Ok: " + bytes + " bytes queued as " + id);
  }

  /// @param bytes of this chunk
  static Reply chunk(long bytes) {
    return Reply.of(250, "2.0.0", "Ok: " + bytes + " bytes");
  }

  /// The reply to a chunk after one that was refused.
  static Reply discarded(long bytes) {
    return Reply.of(551, "5.0.0", "Discarded " + bytes + " bytes after earlier error");
  }

  static Reply afterBdat(Verb verb) {
    return Reply.of(503, "5.5.1", "Error: " + verb + " after BDAT");
  }

  static Reply accessDenied(Client client) {
    return Reply.of(503, "5.7.0", "Error: access denied for " + client);
  }

  static Reply notServed(Domain domain) {
    return Reply.of(459, "4.7.1", "<" + domain + ">: service unavailable");
  }

  static Reply relayDenied(Address recipient) {
    return Reply.of(554, "5.7.1", "<" + recipient + ">: Relay access denied");
  }

  /// @param what `<CR>` or `<LF>`
  Reply bare(String what) {
    return Reply.of(550, "5.5.2", hostname + " Error: bare " + what + " received");
  }

  Reply lineTooLong() {
    return Reply.of(500, "5.5.2", hostname + " Error: command too long");
  }

  Reply tooManyErrors() {
    return Reply.of(421, "4.7.0", hostname + " Error: too many errors");
  }

  /// @param address the client's
  Reply tooManyConnections(String address) {
    return Reply.of(421, "4.7.0", hostname + " Error: too many connections from " + address);
  }

  static Reply tooMuchMail(String address) {
    return Reply.of(450, "4.7.1", "Error: too much mail from " + address);
  }

  static Reply tooManyRecipients(String address) {
    return Reply.of(450, "4.7.1", "Error: too many recipients from " + address);
  }

  Reply timeout() {
    return Reply.of(421, "4.4.2", hostname + " Error: timeout exceeded");
  }

  Reply noMemory() {
    return Reply.of(421, "4.3.1", hostname + " Error: insufficient system storage");
  }

  Reply broken() {
    return Reply.of(421, "4.3.0", hostname + " Server local error");
  }

  Reply goodbye() {
    return Reply.of(421, "4.3.2", hostname + " Service shutting down, try again later");
  }
}
