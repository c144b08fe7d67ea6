package org.caravanmta.smtp;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Parameters;

/// What a client asks of a server with one line (RFC 5321 §4.1.1), read as Postfix reads it: words
/// in any case, white space behind the colon, addresses with or without `<>`.
public sealed interface Command {
  Verb verb();

  /// HELO and EHLO.
  ///
  /// @param name the client's name for itself, as given
  record Hello(Verb verb, String name) implements Command {}

  /// STARTTLS (RFC 3207 §4).
  record StartTls() implements Command {
    @Override
    public Verb verb() {
      return Verb.STARTTLS;
    }
  }

  /// AUTH (RFC 4954 §4).
  ///
  /// @param mechanism in capitals
  /// @param initial the first response, in base64, `=` for an empty one
  record Auth(String mechanism, Optional<String> initial) implements Command {
    @Override
    public Verb verb() {
      return Verb.AUTH;
    }
  }

  /// @param size the SIZE parameter in bytes (RFC 1870 §4); absent when not given
  record Mail(ReversePath sender, OptionalLong size, Parameters parameters) implements Command {
    @Override
    public Verb verb() {
      return Verb.MAIL;
    }
  }

  /// @param bare whether it was `postmaster` without a domain, which every server must take (RFC
  ///   5321 §4.5.1)
  record Rcpt(Address recipient, boolean bare) implements Command {
    @Override
    public Verb verb() {
      return Verb.RCPT;
    }
  }

  record Data() implements Command {
    @Override
    public Verb verb() {
      return Verb.DATA;
    }
  }

  record Rset() implements Command {
    @Override
    public Verb verb() {
      return Verb.RSET;
    }
  }

  record Noop() implements Command {
    @Override
    public Verb verb() {
      return Verb.NOOP;
    }
  }

  record Quit() implements Command {
    @Override
    public Verb verb() {
      return Verb.QUIT;
    }
  }

  record Vrfy(String address) implements Command {
    @Override
    public Verb verb() {
      return Verb.VRFY;
    }
  }

  record Help() implements Command {
    @Override
    public Verb verb() {
      return Verb.HELP;
    }
  }

  /// Not to be obeyed, whatever the session's state: the reply says why.
  record Refused(Verb verb, Reply reply) implements Command {}

  /// Not SMTP at all, but another protocol's request or a header field: no use to go on talking.
  record Foreign() implements Command {
    @Override
    public Verb verb() {
      return Verb.UNKNOWN;
    }
  }

  /// First words that other protocols send to a mail server's port.
  Set<String> FOREIGN = Set.of("CONNECT", "GET", "POST");

  /// Reads one line, given without its CRLF.
  ///
  /// @param origin the domain of addresses that have none
  static Command parse(String line, Domain origin) {
    String text = line.strip();
    int end = 0;
    while (end < text.length() && text.charAt(end) > ' ') {
      end++;
    }
    String word = text.substring(0, end);
    String rest = text.substring(end).strip();
    if (word.isEmpty()) {
      return new Refused(Verb.UNKNOWN, Reply.of(500, "5.5.2", "Error: bad syntax"));
    }
    Verb verb = Verb.of(word);
    return switch (verb) {
      case HELO, EHLO ->
          rest.isEmpty()
              ? new Refused(verb, Reply.plain(501, "Syntax: " + verb + " hostname"))
              : new Hello(verb, rest);
      case MAIL -> mail(rest, origin);
      case RCPT -> rcpt(rest, origin);
      case DATA -> rest.isEmpty() ? new Data() : syntax(verb, "");
      case RSET -> rest.isEmpty() ? new Rset() : syntax(verb, "");
      case NOOP -> new Noop();
      case QUIT -> new Quit();
      case VRFY -> rest.isEmpty() ? syntax(verb, " address") : vrfy(rest, origin);
      case HELP -> new Help();
      case STARTTLS -> rest.isEmpty() ? new StartTls() : syntax(verb, "");
      case AUTH -> auth(rest);
      case BDAT, EXPN, ETRN ->
          new Refused(verb, Reply.of(502, "5.5.1", "Error: command not implemented"));
      case UNKNOWN ->
          isForeign(word)
              ? new Foreign()
              : new Refused(verb, Reply.of(500, "5.5.2", "Error: command not recognized"));
    };
  }

  private static Command auth(String rest) {
    String[] words = rest.split(" +", -1);
    return rest.isEmpty() || words.length > 2
        ? syntax(Verb.AUTH, " mechanism")
        : new Auth(
            words[0].toUpperCase(Locale.ROOT),
            words.length == 2 ? Optional.of(words[1]) : Optional.empty());
  }

  private static Command mail(String rest, Domain origin) {
    Optional<PathParser.Argument> argument = PathParser.argument(rest, "FROM:");
    if (argument.isEmpty()) {
      return syntax(Verb.MAIL, " FROM:<address>");
    }
    if (!isAscii(argument.get().path())) {
      return refused(Verb.MAIL, 553, "5.6.7", "Must declare SMTPUTF8 to send unicode address");
    }
    ReversePath sender;
    try {
      sender = PathParser.reversePath(argument.get().path(), origin);
    } catch (IllegalArgumentException e) {
      return refused(Verb.MAIL, 501, "5.1.7", "Bad sender address syntax");
    }
    OptionalLong size = OptionalLong.empty();
    Optional<Parameters.Body> body = Optional.empty();
    boolean submitter = false;
    for (String parameter : argument.get().parameters()) {
      String upper = parameter.toUpperCase(Locale.ROOT);
      if (upper.startsWith("SIZE=")) {
        if (!upper.matches("SIZE=[0-9]{1,20}")) {
          return refused(Verb.MAIL, 501, "5.5.4", "Bad message size syntax");
        }
        // twenty digits (RFC 1870 §4) are more than a long holds, and than any limit allows
        size =
            OptionalLong.of(
                upper.length() > 23 ? Long.MAX_VALUE : Long.parseLong(upper.substring(5)));
      } else if (upper.equals("BODY=7BIT")) {
        body = Optional.of(Parameters.Body.SEVENBIT);
      } else if (upper.equals("BODY=8BITMIME")) {
        body = Optional.of(Parameters.Body.EIGHTBITMIME);
      } else if (upper.startsWith("AUTH=")) {
        // RFC 4954 §5: known, and not passed on
        if (submitter) {
          return refused(Verb.MAIL, 503, "5.5.4", "Error: multiple AUTH= options");
        }
        submitter = true;
      } else {
        return refused(Verb.MAIL, 555, "5.5.4", "Unsupported option: " + parameter);
      }
    }
    return new Mail(sender, size, new Parameters(body, false, Optional.empty(), Optional.empty()));
  }

  private static Command rcpt(String rest, Domain origin) {
    Optional<PathParser.Argument> argument = PathParser.argument(rest, "TO:");
    if (argument.isEmpty()) {
      return syntax(Verb.RCPT, " TO:<address>");
    }
    String path = argument.get().path();
    if (!isAscii(path)) {
      return refused(Verb.RCPT, 553, "5.6.7", "Must declare SMTPUTF8 to send unicode address");
    }
    Address recipient;
    try {
      recipient = PathParser.address(path, origin);
    } catch (IllegalArgumentException e) {
      return refused(Verb.RCPT, 501, "5.1.3", "Bad recipient address syntax");
    }
    if (!argument.get().parameters().isEmpty()) {
      return refused(
          Verb.RCPT, 555, "5.5.4", "Unsupported option: " + argument.get().parameters().getFirst());
    }
    return new Rcpt(recipient, path.equalsIgnoreCase("postmaster"));
  }

  private static Command vrfy(String rest, Domain origin) {
    Optional<PathParser.Argument> argument = PathParser.argument(rest, "");
    try {
      if (argument.isPresent() && argument.get().parameters().isEmpty()) {
        PathParser.address(argument.get().path(), origin);
        return new Vrfy(rest);
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    return refused(Verb.VRFY, 501, "5.1.3", "Bad recipient address syntax");
  }

  private static Refused syntax(Verb verb, String argument) {
    return refused(verb, 501, "5.5.4", "Syntax: " + verb + argument);
  }

  private static Refused refused(Verb verb, int code, String status, String text) {
    return new Refused(verb, Reply.of(code, status, text));
  }

  private static boolean isForeign(String word) {
    char first = word.charAt(0);
    boolean letter = first >= 'A' && first <= 'Z' || first >= 'a' && first <= 'z';
    return !letter || word.endsWith(":") || FOREIGN.contains(word.toUpperCase(Locale.ROOT));
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }
}
