package org.caravanmta.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Ascii;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Verp;
import org.caravanmta.message.Xtext;
import org.caravanmta.submission.NamedRecipients;
import org.caravanmta.submission.Posting;

/// The options of `sendmail` (postfix `sendmail(1)`). They are single letters, several after one
/// `-`; a value comes after its letter or in the next argument.
///
/// @param mode what is to be done
/// @param sender the reverse path as given (`-f`); an empty text for the null reverse path; absent
///   for the calling user
/// @param name the sender's full name (`-F`)
/// @param named whether the recipients in the header section get the message too (`-t`)
/// @param purpose whether the message is delivered, watched on its way, or only verified
/// @param dotEnds whether a line of one dot ends the message
/// @param notifyOn when the sender wants reports (`-N`)
/// @param parameters those of MAIL FROM (`-B`, `-R`, `-V`)
/// @param verp the delimiters of variable reverse paths (`-XV`), empty for the server's own; absent
///   for no such paths
/// @param only the ids that `-qI` names; none: all deferred mail
/// @param server the options that say which Caravan is meant, `--config`, `--set` and `--data`,
///   each followed by its value
/// @param recipients the arguments after the options
/// @param remarks what the user should know about options that were not followed
record SendmailOptions(
    Mode mode,
    Optional<String> sender,
    Optional<String> name,
    boolean named,
    Posting.Purpose purpose,
    boolean dotEnds,
    Optional<Notify> notifyOn,
    MailOptions parameters,
    Optional<String> verp,
    List<String> only,
    List<String> server,
    List<String> recipients,
    List<String> remarks) {
  /// The letters that take a value.
  private static final String VALUED = "ABCFLNORVXbefhopr";

  /// The letters of other mail systems that have no effect here.
  private static final String IGNORED = "Ucmnsx";

  /// What `sendmail` is to do.
  enum Mode {
    /// Post the message on standard input (`-bm`, `-bv`).
    POST,
    /// Speak SMTP on standard input and output (`-bs`).
    SMTP,
    /// List the queues (`-bp`, `mailq`).
    LIST,
    /// Try deferred mail now (`-q`).
    FLUSH,
    /// Build the aliases (`-bi`, `newaliases`), for which nothing has to be done.
    ALIASES,
    /// Print the help text.
    HELP
  }

  /// The arguments make no sense, or ask for something that `sendmail` does not do here.
  static final class WrongUse extends Exception {
    private static final long serialVersionUID = 1L;

    WrongUse(String message) {
      super(message);
    }
  }

  /// @throws WrongUse says what is wrong with the arguments
  static SendmailOptions parse(List<String> args) throws WrongUse {
    return new Reader(args).options();
  }

  /// The reading of the arguments, from the first to the last.
  private static final class Reader {
    private final List<String> args;
    private int at;
    private Mode mode = Mode.POST;
    private Optional<String> sender = Optional.empty();
    private Optional<String> name = Optional.empty();
    private boolean named;
    private boolean relayed;
    private Posting.Purpose purpose = Posting.Purpose.DELIVERY;
    private boolean dotEnds = true;
    private Optional<Notify> notify = Optional.empty();
    private Optional<MailOptions.Ret> ret = Optional.empty();
    private Optional<String> envid = Optional.empty();
    private Optional<MailOptions.Body> body = Optional.empty();
    private Optional<String> verp = Optional.empty();
    private final List<String> only = new ArrayList<>();
    private final List<String> server = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    Reader(List<String> args) {
      this.args = args;
    }

    SendmailOptions options() throws WrongUse {
      while (at < args.size() && args.get(at).startsWith("-") && args.get(at).length() > 1) {
        String arg = args.get(at++);
        if (arg.equals("--")) {
          break;
        }
        if (arg.startsWith("--")) {
          word(arg);
        } else {
          letters(arg);
        }
      }
      if (verp.isPresent() && sender.filter(String::isEmpty).isPresent()) {
        throw new WrongUse("-XV: mail from nobody cannot have a reverse path for each recipient");
      }
      return new SendmailOptions(
          mode,
          sender,
          name,
          named,
          relayed && purpose == Posting.Purpose.DELIVERY ? Posting.Purpose.RELAYED : purpose,
          dotEnds,
          notify,
          new MailOptions(body, false, ret, envid),
          verp,
          List.copyOf(only),
          List.copyOf(server),
          args.subList(at, args.size()),
          List.copyOf(remarks));
    }

    /// Reads an option of our own, such as `--config`.
    private void word(String arg) throws WrongUse {
      String key = arg.split("=", 2)[0];
      switch (key) {
        case "--help" -> mode = Mode.HELP;
        case "--config", "--set", "--data" -> {
          server.add(key);
          server.add(arg.contains("=") ? arg.substring(key.length() + 1) : next(arg));
        }
        default -> throw new WrongUse(arg + ": no such option");
      }
    }

    private void letters(String arg) throws WrongUse {
      for (int i = 1; i < arg.length(); i++) {
        char letter = arg.charAt(i);
        String rest = arg.substring(i + 1);
        if (letter == 'q') {
          flush(rest);
          return;
        }
        if (VALUED.indexOf(letter) >= 0) {
          valued(letter, rest.isEmpty() ? next("-" + letter) : rest);
          return;
        }
        switch (letter) {
          case 't' -> named = true;
          case 'i' -> dotEnds = false;
          case 'I' -> mode = Mode.ALIASES;
          case 'v' -> purpose = watched();
          case 'G' -> relayed = true;
          default -> {
            if (IGNORED.indexOf(letter) < 0) {
              throw new WrongUse("-" + letter + ": no such option");
            }
          }
        }
      }
    }

    private void valued(char letter, String value) throws WrongUse {
      switch (letter) {
        case 'f', 'r' -> sender = Optional.of(sender(letter, value));
        case 'F' -> name = Optional.of(value);
        case 'C' -> server.addAll(List.of("--config", value));
        case 'N' -> notify = Optional.of(notify(value));
        case 'R' -> ret = Optional.of(one("-R", value, "full or hdrs", MailOptions.Ret.values()));
        case 'V' -> envid = Optional.of(envelopeId(value));
        case 'B' -> body = Optional.of(body(value));
        case 'b' -> {
          mode = mode(value);
          if (value.equals("v")) {
            purpose = Posting.Purpose.VERIFICATION;
          }
        }
        case 'o' -> dotEnds &= !value.equals("i");
        case 'X' -> verp = Optional.of(verp(value));
        // other mail systems' queue groups, labels, error modes, hop counts and protocols
        default -> {}
      }
    }

    /// The purpose with `-v`: a verification stays one, since it ends with a report anyway.
    private Posting.Purpose watched() {
      return purpose == Posting.Purpose.DELIVERY ? Posting.Purpose.WATCHED : purpose;
    }

    private void flush(String value) throws WrongUse {
      mode = Mode.FLUSH;
      if (value.startsWith("I") && value.length() > 1) {
        only.add(value.substring(1));
      } else if (!value.isEmpty()) {
        throw new WrongUse("-q" + value + ": -q flushes all deferred mail, -qID one message");
      }
    }

    private static Mode mode(String value) throws WrongUse {
      return switch (value) {
        case "m", "v" -> Mode.POST;
        case "p" -> Mode.LIST;
        case "i" -> Mode.ALIASES;
        case "s" -> Mode.SMTP;
        case "d", "D" -> throw new WrongUse("-bd: not supported; `caravan start` is the server");
        default -> throw new WrongUse("-b" + value + ": not supported");
      };
    }

    private static Notify notify(String value) throws WrongUse {
      try {
        return Posting.notifyOf(value);
      } catch (IllegalArgumentException e) {
        throw new WrongUse(
            "-N: " + value + ": never, or some of success,failure,delay were expected");
      }
    }

    private static MailOptions.Body body(String value) throws WrongUse {
      return switch (Ascii.upper(value)) {
        case "7BIT" -> MailOptions.Body.SEVENBIT;
        case "8BITMIME" -> MailOptions.Body.EIGHTBITMIME;
        default -> throw new WrongUse("-B: " + value + ": 7BIT or 8BITMIME was expected");
      };
    }

    /// The delimiters of variable reverse paths (postfix `VERP_README`).
    private static String verp(String value) throws WrongUse {
      if (!value.startsWith("V")) {
        throw new WrongUse("-X" + value + ": not supported");
      }
      String delimiters = value.substring(1);
      try {
        return delimiters.isEmpty() ? "" : new Verp(delimiters).delimiters();
      } catch (IllegalArgumentException e) {
        throw new WrongUse("-X" + value + ": " + e.getMessage());
      }
    }

    /// The address of the sender, which may be written with a display name; of several addresses,
    /// the first.
    private String sender(char letter, String value) {
      List<String> addresses = NamedRecipients.addresses(value);
      String first = addresses.isEmpty() ? "" : addresses.getFirst();
      if (addresses.size() > 1) {
        remarks.add(
            "-" + letter + " " + value + ": not one address; the sender is <" + first + ">");
      }
      return first;
    }

    /// An envelope id in xtext (RFC 3461 §4). The program gives it as plain text, of at most 100
    /// characters (RFC 3461 §4.4).
    private static String envelopeId(String value) throws WrongUse {
      if (value.isEmpty() || value.length() > 100 || !value.matches("[ -~]+")) {
        throw new WrongUse(
            "-V: " + value + ": at most 100 printable characters of ASCII were expected");
      }
      return Xtext.encode(value);
    }

    private static <E extends Enum<E>> E one(String option, String value, String said, E[] values)
        throws WrongUse {
      return Arrays.stream(values)
          .filter(one -> Ascii.same(one.name(), value))
          .findFirst()
          .orElseThrow(() -> new WrongUse(option + ": " + value + ": " + said + " was expected"));
    }

    private String next(String option) throws WrongUse {
      if (at == args.size()) {
        throw new WrongUse(option + ": a value is missing");
      }
      return args.get(at++);
    }
  }
}
