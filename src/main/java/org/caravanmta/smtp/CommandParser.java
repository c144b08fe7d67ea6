package org.caravanmta.smtp;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;

/// Reads a client's line as a {@link Command} (RFC 5321 §4.1.1), as leniently as Postfix, see
/// {@link Grammar}. A line that is not a command that we obey becomes one that holds the reply to
/// it; nothing is thrown.
public final class CommandParser {
  /// The reply to an address outside ASCII without the parameter SMTPUTF8 (RFC 6531 §3.5).
  public static final Reply UNDECLARED_UTF8 =
      Reply.of(553, "5.6.7", "Must declare SMTPUTF8 to send unicode address");

  private CommandParser() {}

  /// Reads a line by the default grammar.
  ///
  /// @param line without its CRLF
  /// @param origin the domain of addresses that have none
  public static Command parse(String line, Domain origin) {
    return parse(line, Grammar.of(origin));
  }

  /// Reads a line.
  ///
  /// @param line without its CRLF
  public static Command parse(String line, Grammar grammar) {
    String text = line.strip();
    int end = 0;
    while (end < text.length() && text.charAt(end) > ' ') {
      end++;
    }
    String word = text.substring(0, end);
    String rest = text.substring(end).strip();
    if (word.isEmpty()) {
      return new Command.Refused(Verb.UNKNOWN, Reply.of(500, "5.5.2", "Error: bad syntax"));
    }
    if (!grammar.ignored().isEmpty() && grammar.ignored().contains(Ascii.upper(word))) {
      return new Command.Ignored();
    }
    Verb verb = Verb.of(word);
    return switch (verb) {
      case HELO, EHLO ->
          rest.isEmpty() || rest.chars().anyMatch(Character::isISOControl)
              ? new Command.Refused(verb, Reply.plain(501, "Syntax: " + verb + " hostname"))
              : new Command.Hello(verb, rest);
      case MAIL -> mail(rest, new PathParser(grammar), grammar.verps());
      case RCPT -> rcpt(rest, new PathParser(grammar));
      case DATA -> rest.isEmpty() ? new Command.Data() : syntax(verb, "");
      case RSET -> rest.isEmpty() ? new Command.Rset() : syntax(verb, "");
      case XCLIENT, XFORWARD ->
          rest.isEmpty()
              ? syntax(verb, " attribute=value...")
              : new Command.ProxyAttributes(verb, rest);
      case NOOP -> new Command.Noop();
      case QUIT -> new Command.Quit();
      case VRFY -> rest.isEmpty() ? syntax(verb, " address") : vrfy(rest, new PathParser(grammar));
      case HELP -> new Command.Help();
      case STARTTLS -> rest.isEmpty() ? new Command.StartTls() : syntax(verb, "");
      case AUTH -> auth(rest);
      case BDAT -> bdat(rest);
      case ETRN -> etrn(rest);
      case EXPN ->
          new Command.Refused(verb, Reply.of(502, "5.5.1", "Error: command not implemented"));
      case UNKNOWN ->
          isForeign(word, grammar.forbidden()) ? new Command.Foreign() : new Command.Unknown(word);
    };
  }

  private static Command auth(String rest) {
    String[] words = rest.split(" +", -1);
    return rest.isEmpty() || words.length > 2
        ? syntax(Verb.AUTH, " mechanism")
        : new Command.Auth(
            Ascii.upper(words[0]), words.length == 2 ? Optional.of(words[1]) : Optional.empty());
  }

  private static Command mail(String rest, PathParser parser, Grammar.Verps verps) {
    Optional<Argument> argument = Argument.of(rest, "FROM:");
    if (argument.isEmpty()) {
      return syntax(Verb.MAIL, " FROM:<address>");
    }
    String text = argument.get().path();
    List<String> parameters = argument.get().parameters();
    if (!Ascii.is(text) && !MailParameters.declareUtf8(parameters)) {
      return new Command.Refused(Verb.MAIL, UNDECLARED_UTF8);
    }
    try {
      Optional<PathParser.Path> path = parser.read(text);
      return MailParameters.read(
          path.map(PathParser.Path::address).map(ReversePath::of).orElse(ReversePath.NULL),
          path.map(PathParser.Path::given).orElse(""),
          parameters,
          verps);
    } catch (IllegalArgumentException e) {
      return refused(Verb.MAIL, 501, "5.1.7", "Bad sender address syntax");
    }
  }

  private static Command rcpt(String rest, PathParser parser) {
    Optional<Argument> argument = Argument.of(rest, "TO:");
    if (argument.isEmpty()) {
      return syntax(Verb.RCPT, " TO:<address>");
    }
    try {
      Optional<PathParser.Path> path = parser.read(argument.get().path());
      if (path.isPresent()) {
        String given = path.get().given();
        return RcptParameters.read(
            path.get().address(),
            given,
            Ascii.same(given, "postmaster"),
            argument.get().parameters());
      }
    } catch (IllegalArgumentException e) {
      // the reply follows
    }
    return refused(Verb.RCPT, 501, "5.1.3", "Bad recipient address syntax");
  }

  /// Reads BDAT. The client sends its content whatever we reply: if the command does not say how
  /// much, there is no way to find the next command, and 521 ends the session as in Postfix.
  private static Command bdat(String rest) {
    String[] words = rest.split("\\s+");
    boolean last = words.length == 2 && Ascii.same(words[1], "LAST");
    if (!words[0].matches("[0-9]{1,18}") || words.length != (last ? 2 : 1)) {
      return refused(Verb.BDAT, 521, "5.5.4", "Syntax: BDAT count [LAST]");
    }
    return new Command.Bdat(Long.parseLong(words[0]), last);
  }

  /// Reads ETRN. RFC 1985 §5.3 allows `@` or `#` before the name; as in Postfix both mean the name
  /// itself. Unlike Postfix's, these replies have an enhanced status, as all replies of a server
  /// that offers them must (RFC 2034 §4).
  private static Command etrn(String rest) {
    if (rest.isEmpty() || rest.indexOf(' ') >= 0 || rest.indexOf('\t') >= 0) {
      return refused(Verb.ETRN, 500, "5.5.4", "Syntax: ETRN domain");
    }
    String name = rest.startsWith("@") || rest.startsWith("#") ? rest.substring(1) : rest;
    try {
      // a domain is whatever an address may have after its @
      Address anybody = Address.parse("x@" + name);
      if (anybody.isAscii()) {
        return new Command.Etrn(anybody.domain());
      }
    } catch (IllegalArgumentException e) {
      // the reply follows
    }
    return refused(Verb.ETRN, 501, "5.5.4", "Error: invalid parameter syntax");
  }

  /// Reads VRFY. SMTPUTF8 may follow the address (RFC 6531 §3.7.4.2), which may itself have blanks.
  private static Command vrfy(String rest, PathParser parser) {
    int last = rest.lastIndexOf(' ') + 1;
    boolean utf8 = last > 0 && MailParameters.declareUtf8(List.of(rest.substring(last)));
    String text = utf8 ? rest.substring(0, last).strip() : rest;
    if (!utf8 && !Ascii.is(text)) {
      return new Command.Refused(Verb.VRFY, UNDECLARED_UTF8);
    }
    try {
      Optional<PathParser.Path> path = parser.read(text);
      if (path.isPresent()) {
        return new Command.Vrfy(path.get().address(), rest);
      }
    } catch (IllegalArgumentException e) {
      // the reply follows
    }
    return refused(Verb.VRFY, 501, "5.1.3", "Bad recipient address syntax");
  }

  private static Command.Refused syntax(Verb verb, String argument) {
    return refused(verb, 501, "5.5.4", "Syntax: " + verb + argument);
  }

  private static Command.Refused refused(Verb verb, int code, String status, String text) {
    return new Command.Refused(verb, Reply.of(code, status, text));
  }

  /// Whether a first word shows that the client does not speak SMTP.
  private static boolean isForeign(String word, Set<String> forbidden) {
    char first = word.charAt(0);
    boolean letter = first >= 'A' && first <= 'Z' || first >= 'a' && first <= 'z' || first > 127;
    return !letter || word.endsWith(":") || forbidden.contains(Ascii.upper(word));
  }
}
