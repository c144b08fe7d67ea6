package org.caravanmta.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The command `caravan sendmail`: {@link Sendmail} among the other commands. Its arguments have
/// rules of their own (postfix `sendmail(1)`), see {@link SendmailOptions}.
@Command(
    name = "sendmail",
    preprocessor = SendmailCommand.AllArguments.class,
    customSynopsis = "caravan sendmail [OPTION]... [RECIPIENT]...",
    description = {
      "Posts the message on standard input, as other mail systems' sendmail does; the server",
      "collects it when it runs. Exit status as in sysexits(3); 75: try again later.",
    },
    footer = {
      "  -t               also to the recipients in To, Cc and Bcc; Bcc is removed",
      "  -f, -r SENDER    the reverse path; '' for none. By default the calling user",
      "  -F NAME          the sender's full name, for a From that the message lacks",
      "  -i, -oi          a line of one dot does not end the message",
      "  -N EVENTS        never, or some of success,failure,delay (RFC 3461)",
      "  -R full|hdrs     how much of the message a report returns",
      "  -V ID            an envelope id for reports, in plain text",
      "  -G               the mail is somebody else's: leaves its header section as it is",
      "  -B 7BIT|8BITMIME what the body is",
      "  -v               a report of the first attempt, delivered or not",
      "  -bv              a report of which recipients would be accepted; sends and reads nothing",
      "  -bp              lists the queues, as mailq",
      "  -bi, -I          does nothing, as newaliases: there are no aliases to build",
      "  -q, -qIID        tries deferred mail now: all, or one message",
      "  -C FILE          the settings, as --config; --set and --data as elsewhere",
    })
final class SendmailCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  private List<String> args = List.of();

  SendmailCommand() {}

  /// Runs the command without the parser of the other commands.
  ///
  /// @param args the name of the command, then its arguments
  /// @return the exit status
  static int run(String[] args) {
    return sendmail(Encoding.writer(System.out), Encoding.writer(System.err))
        .run(List.of(args).subList(1, args.length));
  }

  static void usage(PrintWriter out) {
    new CommandLine(new SendmailCommand()).usage(out);
  }

  @Override
  public Integer call() {
    CommandLine command = spec.commandLine();
    return sendmail(command.getOut(), command.getErr()).run(args);
  }

  private static Sendmail sendmail(PrintWriter out, PrintWriter err) {
    return new Sendmail(System.in, out, err, SendmailCommand::usage);
  }

  /// Takes all arguments before the parser reads them.
  static final class AllArguments implements IParameterPreprocessor {
    AllArguments() {}

    @Override
    public boolean preprocess(
        Stack<String> left, CommandSpec command, @Nullable ArgSpec arg, Map<String, Object> info) {
      var args = new ArrayList<String>();
      while (!left.isEmpty()) {
        args.add(left.pop());
      }
      ((SendmailCommand) command.userObject()).args = List.copyOf(args);
      return false;
    }
  }
}
