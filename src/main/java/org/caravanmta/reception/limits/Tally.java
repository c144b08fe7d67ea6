package org.caravanmta.reception.limits;

import java.util.Locale;
import org.caravanmta.smtp.Verb;

/// Counts the commands of a session, and its errors since the last message accepted, which past a
/// limit end it (RFC 5321 §7.8).
public final class Tally {
  private static final Verb[] VERBS = Verb.values();

  private final int[] total = new int[VERBS.length];
  private final int[] ok = new int[VERBS.length];
  private int idle;
  private int errors;

  /// @param idleLimit commands that may do nothing for any message before they are errors (Postfix:
  ///   smtpd_junk_command_limit)
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

  /// A client has to greet once, and once more on a connection that is encrypted by now.
  private boolean isIdle(Verb verb) {
    int greetings = total[Verb.HELO.ordinal()] + total[Verb.EHLO.ordinal()];
    boolean due =
        (verb == Verb.HELO || verb == Verb.EHLO) && greetings <= 1 + ok[Verb.STARTTLS.ordinal()];
    return verb.isJunk() && !due;
  }

  /// Counts a command that was refused without its being the client's error.
  public void countHarmless(Verb verb) {
    total[verb.ordinal()]++;
  }

  public int errors() {
    return errors;
  }

  /// A message was accepted: a client that does its work may err again.
  public void forgive() {
    errors = 0;
    idle = 0;
  }

  /// `ehlo=1 mail=1 rcpt=0/1 commands=2/3`: how many were good, of how many.
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
