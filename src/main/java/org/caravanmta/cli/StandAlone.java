package org.caravanmta.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Domain;
import org.caravanmta.message.MailOptions;
import org.caravanmta.settings.Settings;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.CommandParser;
import org.caravanmta.smtp.MessageReplies;
import org.caravanmta.smtp.Reply;
import org.caravanmta.submission.Draft;
import org.caravanmta.submission.Maildrop;
import org.caravanmta.submission.Posting;
import org.caravanmta.table.DomainPattern;
import org.jspecify.annotations.Nullable;

/// An SMTP session on standard input and output (RFC 5321 §3), for programs that speak SMTP to a
/// command (postfix `sendmail -bs`). Each message goes into the maildrop, whether the server runs
/// or not; recipients are checked only when it is collected. Lines may end with LF alone: on a
/// pipe, nobody can smuggle a second message.
final class StandAlone {
  /// Bytes of the longest command (postfix `line_length_limit`).
  private static final int LONGEST_LINE = 2048;

  private static final Reply OK = Reply.of(250, "2.0.0", "Ok");
  private static final Reply NESTED = Reply.of(503, "5.5.1", "Error: nested MAIL command");
  private static final Reply NEED_MAIL = Reply.of(503, "5.5.1", "Error: need MAIL command");
  private static final Reply NEED_RCPT = Reply.of(503, "5.5.1", "Error: need RCPT command");
  private static final Reply TOO_MANY = Reply.of(452, "4.5.3", "Error: too many recipients");
  private static final Reply TOO_LONG = Reply.of(500, "5.5.2", "Error: command too long");
  private static final Reply NOT_HERE = Reply.of(502, "5.5.1", "Error: command not implemented");
  private static final Reply NO_OPTION = Reply.of(555, "5.5.4", "Unsupported option");
  private static final Reply NOT_KEPT = Reply.of(451, "4.3.0", "Error: queue file write error");

  private final InputStream in;
  private final PrintWriter out;
  private final Maildrop maildrop;
  private final String hostname;
  private final Domain origin;
  private final long sizeLimit;
  private final int recipientLimit;
  private @Nullable String sender;
  private final List<String> recipients = new ArrayList<>();
  private MailOptions parameters = MailOptions.NONE;

  StandAlone(InputStream in, PrintWriter out, Maildrop maildrop, Settings settings) {
    this.in = new BufferedInputStream(in);
    this.out = out;
    this.maildrop = maildrop;
    this.hostname = settings.hostname().map(Domain::name).orElse("localhost");
    this.origin =
        settings
            .rewriting()
            .form()
            .origin()
            .or(() -> DomainPattern.first(settings.domains().own()))
            .orElseGet(() -> new Domain("localhost"));
    this.sizeLimit = settings.smtp().message().sizeLimit().bytes();
    this.recipientLimit = settings.smtp().recipients().most();
  }

  /// Runs the session until QUIT or the end of the input.
  ///
  /// @throws IOException if the input cannot be read, or ends within a message
  void run() throws IOException {
    say(Reply.plain(220, hostname + " ESMTP Caravan"));
    for (Optional<Line> line = line(LONGEST_LINE); line.isPresent(); line = line(LONGEST_LINE)) {
      Command command = CommandParser.parse(line.get().text(), origin);
      say(line.get().whole() ? answer(command) : TOO_LONG);
      if (command instanceof Command.Quit) {
        return;
      }
    }
  }

  private Reply answer(Command command) throws IOException {
    return switch (command) {
      case Command.Hello(var verb, _) -> {
        forget();
        yield switch (verb) {
          case EHLO ->
              Reply.plain(
                  250,
                  hostname,
                  "PIPELINING",
                  "SIZE " + sizeLimit,
                  "ENHANCEDSTATUSCODES",
                  "8BITMIME");
          default -> Reply.plain(250, hostname);
        };
      }
      case Command.Mail mail -> mail(mail);
      case Command.Rcpt rcpt -> rcpt(rcpt);
      case Command.Data() -> data();
      case Command.Rset() -> {
        forget();
        yield OK;
      }
      case Command.Noop(), Command.Ignored() -> OK;
      case Command.Vrfy(_, String text) -> Reply.of(252, "2.0.0", text);
      case Command.Quit() -> Reply.of(221, "2.0.0", "Bye");
      case Command.Refused(_, Reply reply) -> reply;
      case Command.Unknown(_), Command.Foreign() -> Command.Unknown.REPLY;
      case Command.Help _,
          Command.StartTls _,
          Command.Auth _,
          Command.Bdat _,
          Command.Etrn _,
          Command.ProxyAttributes _ ->
          NOT_HERE;
    };
  }

  private Reply mail(Command.Mail mail) {
    MailOptions given = mail.parameters();
    if (sender != null) {
      return NESTED;
    }
    if (given.smtputf8()
        || given.binary()
        || given.ret().isPresent()
        || given.envid().isPresent()) {
      return NO_OPTION;
    }
    if (mail.size().orElse(0) > sizeLimit) {
      return Reply.of(552, "5.3.4", "Message size exceeds fixed limit");
    }
    sender = mail.sender().toString();
    parameters = given;
    return Reply.of(250, "2.1.0", "Ok");
  }

  private Reply rcpt(Command.Rcpt rcpt) {
    if (sender == null) {
      return NEED_MAIL;
    }
    if (rcpt.notifyOn().isPresent() || rcpt.orcpt().isPresent()) {
      return NO_OPTION;
    }
    if (!rcpt.recipient().isAscii()) {
      return CommandParser.UNDECLARED_UTF8;
    }
    if (recipients.size() >= recipientLimit) {
      return TOO_MANY;
    }
    recipients.add(rcpt.recipient().toString());
    return Reply.of(250, "2.1.5", "Ok");
  }

  private Reply data() throws IOException {
    if (sender == null || recipients.isEmpty()) {
      return NEED_RCPT;
    }
    var posting = new Posting(sender, "", recipients, Optional.empty(), parameters);
    forget();
    say(Reply.plain(354, "End data with <CR><LF>.<CR><LF>"));
    var content = new ByteArrayOutputStream();
    boolean whole = true;
    Optional<Line> line = line(sizeLimit);
    for (; line.isPresent() && !line.get().isEnd(); line = line(sizeLimit)) {
      whole &= line.get().whole() && content.size() + line.get().bytes().length < sizeLimit;
      if (whole) {
        content.writeBytes(line.get().unstuffed());
      }
    }
    if (line.isEmpty()) {
      throw new IOException("the input ended within a message");
    }
    return whole ? keep(posting, content.toByteArray()) : MessageReplies.TOO_BIG;
  }

  private Reply keep(Posting posting, byte[] content) {
    try (Draft draft = maildrop.begin(posting)) {
      draft.write(content, 0, content.length);
      maildrop.finish(List.of(draft));
      return Reply.of(250, "2.0.0", "Ok: posted");
    } catch (IOException e) {
      return NOT_KEPT;
    }
  }

  private void forget() {
    sender = null;
    recipients.clear();
    parameters = MailOptions.NONE;
  }

  private void say(Reply reply) {
    out.print(reply.onTheWire());
    out.flush();
  }

  /// The next line; absent at the end of the input. Bytes after the last line end are not a line: a
  /// dot there may be the start of a line that was cut off (RFC 5321 §4.1.1.4).
  ///
  /// @param longest bytes of the line that are kept
  private Optional<Line> line(long longest) throws IOException {
    var bytes = new ByteArrayOutputStream();
    boolean whole = true;
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return Optional.empty();
      }
      whole &= bytes.size() < longest;
      if (whole) {
        bytes.write(next);
      }
    }
    return Optional.of(new Line(bytes.toByteArray(), whole));
  }

  /// A line without its LF.
  ///
  /// @param whole whether all of its bytes were kept
  private record Line(byte[] bytes, boolean whole) {
    String text() {
      return new String(bytes, 0, length(), UTF_8);
    }

    boolean isEnd() {
      return whole && text().equals(".");
    }

    /// The line as part of a message: ended by CRLF, without the dot that was put before it (RFC
    /// 5321 §4.5.2), and with a space for each CR within it.
    byte[] unstuffed() {
      var line = new ByteArrayOutputStream(bytes.length + 2);
      for (int i = length() > 0 && bytes[0] == '.' ? 1 : 0; i < length(); i++) {
        line.write(bytes[i] == '\r' ? ' ' : bytes[i]);
      }
      line.write('\r');
      line.write('\n');
      return line.toByteArray();
    }

    private int length() {
      return bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
    }
  }
}
