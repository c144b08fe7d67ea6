package org.caravanmta.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;

/// How a line of the log begins, up to what it says. One form is in force for the whole process:
/// the one that {@link #use} named last, {@link Caravan} until then.
public sealed interface Form permits Form.Caravan, Form.Postfix {
  /// @param line gets the beginning
  void begin(ILoggingEvent event, StringBuilder line);

  /// Puts a form into force.
  static void use(Form form) {
    InForce.form = form;
  }

  static Form inForce() {
    return InForce.form;
  }

  /// Whether lines that Postfix writes in other words, or alone, are to be written as it does.
  static boolean isPostfix() {
    return InForce.form instanceof Postfix;
  }

  /// `2026-11-28T17:00:00.000Z caravan[4711]: `, in UTC; the level is named unless it is INFO.
  ///
  /// @param pid the process
  record Caravan(String pid, Stamps stamps) implements Form {
    public Caravan(String pid) {
      this(pid, Stamps.utc());
    }

    @Override
    public void begin(ILoggingEvent event, StringBuilder line) {
      line.append(stamps.second(event.getTimeStamp())).append('.');
      long millis = event.getTimeStamp() % 1000;
      line.append(millis < 10 ? "00" : millis < 100 ? "0" : "").append(millis);
      line.append("Z caravan[").append(pid).append("]: ");
      if (event.getLevel() != Level.INFO) {
        line.append(event.getLevel()).append(' ');
      }
    }
  }

  /// `Nov 28 17:00:00 mx postfix/smtpd[4711]: `, in local time, as syslog has Postfix's lines (RFC
  /// 3164 §4.1); what is worse than INFO begins with `warning: ` or `error: `.
  ///
  /// @param host the machine's name, without its domain
  record Postfix(String host, String pid, Stamps stamps) implements Form {
    public Postfix(String host, String pid) {
      this(host.contains(".") ? host.substring(0, host.indexOf('.')) : host, pid, Stamps.local());
    }

    @Override
    public void begin(ILoggingEvent event, StringBuilder line) {
      line.append(stamps.second(event.getTimeStamp())).append(' ').append(host);
      line.append(" postfix/").append(Program.of(event)).append('[').append(pid).append("]: ");
      int level = event.getLevel().toInt();
      line.append(
          level >= Level.ERROR_INT ? "error: " : level >= Level.WARN_INT ? "warning: " : "");
    }
  }

  /// The form in force.
  final class InForce {
    private static volatile Form form = new Caravan(System.getProperty("caravan.pid", "-"));

    private InForce() {}
  }
}
