package org.caravanmta.filter.pipe;

import java.util.List;
import java.util.regex.Pattern;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.smtp.Reply;

/// What the exit status of a filter means, other than 0 (`sysexits.h`).
final class ExitMeaning {
  private static final int DATA_ERROR = 65;
  private static final int UNAVAILABLE = 69;
  private static final int TEMPORARY_FAILURE = 75;
  private static final int NO_PERMISSION = 77;

  /// As in `qmail-command(8)`: done, and nothing more is to be done.
  private static final int DROP = 99;

  /// How a shell says that a program cannot be run, or is not there.
  private static final int NOT_A_PROGRAM = 126;

  private static final int NOT_THERE = 127;

  private static final Pattern DETAIL = Pattern.compile("(5\\.\\d{1,3}\\.\\d{1,3})\\s+(\\S.*)");

  private ExitMeaning() {}

  /// @param name of the program
  /// @param said the first line of its standard error; empty if there is none
  static FilterAnswer of(String name, int status, String said) {
    Judgement judgement =
        switch (status) {
          case DATA_ERROR, UNAVAILABLE, NO_PERMISSION -> new Judgement.Refuse(refusal(said));
          // what is wrong for now is for the operator to know, not for the client
          case TEMPORARY_FAILURE ->
              new Judgement.Refuse(Reply.of(451, "4.7.1", "Service unavailable - try again later"));
          case DROP -> new Judgement.Discard(after(name, said));
          case NOT_A_PROGRAM, NOT_THERE ->
              new Judgement.NoAnswer(after(name + ": cannot be run", said));
          default ->
              new Judgement.NoAnswer(
                  after(
                      status > 128
                          ? name + ": died with signal " + (status - 128)
                          : name + ": ended with status " + status,
                      said));
        };
    return new FilterAnswer(judgement, List.of(), after("status=" + status, said));
  }

  private static Reply refusal(String said) {
    var detail = DETAIL.matcher(said);
    if (detail.matches()) {
      return Reply.of(554, detail.group(1), detail.group(2));
    }
    return Reply.of(554, "5.7.1", said.isEmpty() ? "Message content rejected" : said);
  }

  private static String after(String text, String said) {
    return said.isEmpty() ? text : text + ": " + said;
  }
}
