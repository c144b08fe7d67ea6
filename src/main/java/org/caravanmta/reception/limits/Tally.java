package org.caravanmta.reception.limits;

import java.util.Locale;
import org.caravanmta.smtp.Verb;

/// The count of a session's commands, for the log, and of its errors since the last message was
/// accepted, too many of which end the session (RFC 5321 §7.8).
public final class Tally {
  private static final Verb[] VERBS = Verb.values();

  // by Verb.ordinal
  private final int[] total = new int[VERBS.length];
  private final int[] ok = new int[VERBS.length];
  private int idle;
  private int errors;

  /// Counts a command.
  ///
  /// @param good whether the reply was positive; if not, it is an error of the client
  /// @param idleLimit commands that may do nothing for a message before each is an error (postfix
  ///   `smtpd_junk_command_limit`)
  public void count(Verb verb, boolean good, int idleLimit) {
    total[verb.ordinal()]++;
    if (good) {
      ok[verb.ordinal()]++;
    } else {
      errors++;
    }
    if (isIdle(verb) && ++idle > idleLimit && good) {
      errors++;
    }
  }

  /// Whether a command does nothing for a message. HELO or EHLO does not count where it is
  /// required: once at the start, and once more after STARTTLS (RFC 3207 §4.2).
  private boolean isIdle(Verb verb) {
    int greetings = total[Verb.HELO.ordinal()] + total[Verb.EHLO.ordinal()];
    boolean due =
        (verb == Verb.HELO || verb == Verb.EHLO) && greetings <= 1 + ok[Verb.STARTTLS.ordinal()];
    return verb.isJunk() && !due;
  }

  /// Counts a command that was refused, but not as an error of the client.
  public void countHarmless(Verb verb) {
    total[verb.ordinal()]++;
  }

  /// The errors since the last message was accepted.
  public int errors() {
    return errors;
  }

  /// Forgets the errors so far, because a message has been accepted.
  public void forgive() {
    errors = 0;
    idle = 0;
  }

  /// As the log has it, `ehlo=1 mail=1 rcpt=0/1 commands=2/3`: the commands with a positive reply,
  /// and after the slash all of them, where they are more.
  @Override
  public String toString() {
    var text = new StringBuilder();
    int allTotal = 0;
    int allOk = 0;
    for (Verb verb : VERBS) {
      int count = total[verb.ordinal()];
      if (count > 0) {
        String name = verb.name().toLowerCase(Locale.ROOT);
        append(text, name, ok[verb.ordinal()], count);
        text.append(' ');
        allTotal += count;
        allOk += ok[verb.ordinal()];
      }
    }
    append(text, "commands", allOk, allTotal);
    return text.toString();
  }

  private static void append(StringBuilder text, String name, int good, int all) {
    text.append(name).append('=').append(good);
    if (good != all) {
      text.append('/').append(all);
    }
  }
}
