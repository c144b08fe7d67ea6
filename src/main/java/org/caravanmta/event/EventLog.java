package org.caravanmta.event;

/// Writes events as lines of the log, the only place where they are made: in our keys, or in the
/// words of Postfix's programs, as the form in force ({@link org.caravanmta.log.Form}) has it. A
/// line is made only if its level is written.
///
/// The lines of each stage have a logger with the name of the stage's package, or of a class in it,
/// from which {@link org.caravanmta.log.Program} knows the program.
final class EventLog {
  private EventLog() {}

  static void write(Event event) {
    switch (event) {
      case SessionEvent session -> SessionLines.write(session);
      case RestrictionEvent restriction -> RestrictionLines.write(restriction);
      case CheckEvent check -> CheckLines.write(check);
      case FilterEvent filter -> FilterLines.write(filter);
      case SubmissionEvent submission -> SubmissionLines.write(submission);
      case DeliveryEvent delivery -> DeliveryLines.write(delivery);
      case ScheduleEvent schedule -> ScheduleLines.write(schedule);
      case TlsEvent tls -> TlsLines.write(tls);
      case LocalEvent local -> LocalLines.write(local);
      case StageEvent stage -> StageLines.write(stage);
      case ReportEvent report -> ReportLines.write(report);
      case QuarantineEvent quarantine -> QuarantineLines.write(quarantine);
      case OperatorEvent operator -> OperatorLines.write(operator);
    }
  }
}
