package org.caravanmta.filter.hooks;

import java.util.List;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.Judgement;

/// What a service says of a delivery, or of a report (draft-degennaro-mta-hooks-02, "Outbound
/// Actions").
public sealed interface OutboundAnswer {
  OutboundAnswer PROCEED = new Proceed();

  /// It has nothing to change, or was not to be asked.
  record Proceed() implements OutboundAnswer {}

  /// No recipient that still waits gets the message, and no report is made of that; at {@link
  /// HooksStage#DSN} the report is not sent.
  record Cancel() implements OutboundAnswer {}

  /// It goes on in another way.
  ///
  /// @param recipients those with which it stands differently from now on
  /// @param edits of the message, which count from the next attempt on; at {@link HooksStage#DSN}
  ///   of the report
  record Change(List<RecipientChange> recipients, List<Edit> edits) implements OutboundAnswer {
    public Change {
      recipients = List.copyOf(recipients);
      edits = List.copyOf(edits);
    }
  }

  /// The report is not sent; at {@link HooksStage#DSN} only.
  ///
  /// @param recipients as in {@link Change}
  record SuppressReport(List<RecipientChange> recipients) implements OutboundAnswer {
    public SuppressReport {
      recipients = List.copyOf(recipients);
    }
  }

  /// The service could not be asked, or gave no answer that it may give.
  record NoAnswer(Judgement.NoAnswer none) implements OutboundAnswer {}

  /// One recipient with which it stands differently.
  ///
  /// @param index which of the recipients of the question, from 0 on
  /// @param wanted how it is to be from now on: put off to another time, given up, given up
  ///   silently
  record RecipientChange(int index, RecipientOutcome before, RecipientOutcome wanted) {}
}
