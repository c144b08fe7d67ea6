package org.caravanmta.smtp.server;

import java.util.Locale;
import org.caravanmta.smtp.Verb;

/// Counts the commands of a session, and its errors since the last message accepted, which past a
/// limit end it (RFC 5321 §7.8).
final class Tally {
  /// Commands that do nothing for any message and are yet no errors (Postfix:
  /// smtpd_junk_command_limit).
  private static final int IDLE_LIMIT = 100;

  private static final Verb[] VERBS = Verb.values();

  private final int[] total = new int[VERBS.length];
  private final int[] ok = new int[VERBS.length];
  private int idle;
  private int errors;

  void count(Verb verb, boolean good) {
    total[verb.ordinal()]++;
    if (good) {
      ok[verb.ordinal()]++;
    } else {
      errors++;
    }
    if (verb.idle() && ++idle > IDLE_LIMIT && good) {
      errors++;
    }
  }

  /// Counts a command that was refused without its being the client's error.
  void countHarmless(Verb verb) {
    total[verb.ordinal()]++;
  }

  int errors() {
    return errors;
  }

  /// A message was accepted: a client that does its work may err again.
  void forgive() {
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
