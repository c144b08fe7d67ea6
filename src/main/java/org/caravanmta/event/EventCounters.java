package org.caravanmta.event;

import java.util.Locale;
import org.caravanmta.monitor.Counters;
import org.caravanmta.monitor.Refusal;

/// Counts events ({@link Counters}), the only place where it is done.
final class EventCounters {
  private EventCounters() {}

  static void count(Event event) {
    switch (event) {
      case SessionEvent session -> count(session);
      case SubmissionEvent submission -> count(submission);
      case DeliveryEvent delivery -> count(delivery);
      case ReportEvent report -> count(report);
      case FilterEvent filter -> count(filter);
      case ScheduleEvent.Braked braked -> Counters.braked(braked.what());
      case RestrictionEvent _,
          TlsEvent _,
          CheckEvent _,
          LocalEvent _,
          StageEvent _,
          QuarantineEvent _,
          OperatorEvent _ -> {}
    }
  }

  private static void count(SessionEvent event) {
    switch (event) {
      case SessionEvent.Connected(var client) -> Counters.session(client.listener());
      case SessionEvent.Secured(var client) -> Counters.secured(client.tls().orElse("none"));
      case SessionEvent.NotSecured _ -> Counters.tlsFailed();
      case SessionEvent.LoggedIn(_, String mechanism) -> Counters.login(mechanism, true);
      case SessionEvent.LoginFailed(_, String mechanism, _, _) -> Counters.login(mechanism, false);
      case SessionEvent.LoginUndecided(_, String mechanism, _) -> Counters.login(mechanism, false);
      case SessionEvent.Queued(var mail) -> Counters.received(mail.envelope().client().listener());
      case SessionEvent.Refused refused ->
          Counters.refused(
              refused.step(),
              Refusal.of(refused.step(), refused.reply().toString()),
              refused.reply().code() >= 500);
      case SessionEvent.Substituted _,
          SessionEvent.LimitExceeded _,
          SessionEvent.BareLfReceived _,
          SessionEvent.KeywordsDiscarded _,
          SessionEvent.Displaced _,
          SessionEvent.Begun _,
          SessionEvent.Completed _,
          SessionEvent.NotQueued _,
          SessionEvent.Held _,
          SessionEvent.Discarded _,
          SessionEvent.Taken _,
          SessionEvent.Ended _,
          SessionEvent.Disconnected _,
          SessionEvent.Troubled _,
          SessionEvent.Faulted _,
          SessionEvent.Broken _ -> {}
    }
  }

  private static void count(SubmissionEvent event) {
    switch (event) {
      case SubmissionEvent.Queued _ -> Counters.received("maildrop");
      case SubmissionEvent.Posted _,
          SubmissionEvent.Taken _,
          SubmissionEvent.Requeued _,
          SubmissionEvent.Held _,
          SubmissionEvent.Discarded _,
          SubmissionEvent.Bounced _,
          SubmissionEvent.Postponed _,
          SubmissionEvent.Verified _,
          SubmissionEvent.Dropped _,
          SubmissionEvent.Unreported _ -> {}
    }
  }

  private static void count(DeliveryEvent event) {
    switch (event) {
      case DeliveryEvent.Attempted attempted ->
          Counters.attempt(attempted.transport(), attempted.status());
      case DeliveryEvent.Cut cut -> Counters.cut(cut.transport(), cut.by());
      case DeliveryEvent.Withheld _,
          DeliveryEvent.Activated _,
          DeliveryEvent.NotRouted _,
          DeliveryEvent.ForceExpired _,
          DeliveryEvent.Broken _,
          DeliveryEvent.SetAside _,
          DeliveryEvent.Settled _,
          DeliveryEvent.Unreported _,
          DeliveryEvent.ServerErred _,
          DeliveryEvent.Forwarded _ -> {}
    }
  }

  private static void count(ReportEvent event) {
    switch (event) {
      case ReportEvent.Reported(var notice, _, _, _) ->
          Counters.report(notice.action().name().toLowerCase(Locale.ROOT));
      case ReportEvent.PostmasterTold _, ReportEvent.Unreported _, ReportEvent.Undeliverable _ -> {}
    }
  }

  private static void count(FilterEvent event) {
    switch (event) {
      case FilterEvent.Judged judged -> Counters.filtered(judged.filter(), judged.word());
      case FilterEvent.Unanswered none -> Counters.filtered(none.filter(), "no-answer");
      case FilterEvent.GivenUp(String filter, _, _) -> Counters.filterServer(filter, "given-up");
      case FilterEvent.Restored(String filter, _) -> Counters.filterServer(filter, "restored");
      case FilterEvent.Passed _, FilterEvent.Broken _ -> {}
    }
  }
}
