package org.caravanmta.check;

import java.util.Set;
import java.util.regex.Pattern;
import org.caravanmta.address.Octets;
import org.caravanmta.log.Form;
import org.caravanmta.log.Told;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of checks, in Postfix's form: `ID: reject: header Subject: sale from
/// name[address]; from=<a@b> to=<c@d> proto=ESMTP helo=<name>: text`.
final class CheckLog {
  /// How much of a unit is shown.
  private static final int SHOWN = 200;

  private static final Logger LOG = LoggerFactory.getLogger(Checks.class);

  /// What is said of a message once.
  private static final Set<String> ENDS = Set.of("reject", "hold", "discard");

  private static final Pattern UNIT = Pattern.compile("header |body ");

  private final Mail mail;

  CheckLog(Mail mail) {
    this.mail = mail;
  }

  /// @param what the unit, `header Subject: sale`
  void action(String what, RuleAction action) {
    switch (action) {
      // the code is in the reply; the log has what the rule says
      case RuleAction.Reject(var reply) ->
          info(
              "reject",
              what,
              reply.status().map(s -> s + " ").orElse("") + reply.lines().getLast());
      case RuleAction.Discard(String why) -> info("discard", what, why);
      case RuleAction.Hold(String why) -> info("hold", what, why);
      case RuleAction.Strip(boolean logged, String why) -> {
        if (logged) {
          info("strip", what, why);
        }
      }
      case RuleAction.Replace(String other) -> info("replace", what, other);
      case RuleAction.Prepend(String other) -> info("prepend", what, other);
      case RuleAction.Filter(var through) -> info("filter", what, through.toString());
      case RuleAction.Redirect(var address) -> info("redirect", what, address.toString());
      case RuleAction.Copy(var address) -> info("bcc", what, address.toString());
      case RuleAction.Log(boolean warning, String text) -> {
        if (warning) {
          LOG.warn("{}", line("warning", what, text));
        } else {
          info("info", what, text);
        }
      }
      case RuleAction.Pass(String why) -> info("pass", what, why);
      case RuleAction.Nothing() -> {}
    }
  }

  void unclear(String what, String why) {
    LOG.warn("{}", line("warning", what, why));
  }

  /// A unit as the log names it.
  static String unit(Unit unit) {
    return (unit.kind().header() ? "header " : "body ") + unit.text();
  }

  private void info(String action, String what, String text) {
    if (Form.isPostfix() && ENDS.contains(action) && UNIT.matcher(what).lookingAt()) {
      Told.note(mail.id());
    }
    LOG.info("{}", line(action, what, text));
  }

  private String line(String action, String what, String text) {
    Client client = mail.envelope().client();
    String shown = what.substring(0, Math.min(what.length(), SHOWN + what.indexOf(' ') + 1));
    String line =
        "%s: %s: %s from %s; from=<%s> to=<%s> proto=%s helo=<%s>"
            .formatted(
                mail.id(),
                action,
                shown,
                client,
                mail.reversePath(),
                mail.recipients().isEmpty() ? "" : mail.recipients().getLast().address(),
                client.protocol(),
                client.helo());
    return Printable.text(Octets.readable(text.isEmpty() ? line : line + ": " + text));
  }
}
