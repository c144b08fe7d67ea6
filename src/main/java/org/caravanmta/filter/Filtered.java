package org.caravanmta.filter;

import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;

/// A message on its way along the filters of a route after the queue.
///
/// @param mail as the filters so far have left it
/// @param judgement of the filter that has decided about it; {@link Judgement.Pass} as long as none
///   has
/// @param filter that filter, as the step of the route names it
/// @param taken the content that the queue still has
public record Filtered(Mail mail, Judgement judgement, String filter, Content taken) {
  /// A message that has just been taken from the queue.
  public static Filtered of(Mail mail) {
    return new Filtered(mail, Judgement.PASS, "", mail.content());
  }

  /// Whether the next filter is to be asked: one that is set aside is seen by the others too, as
  /// released, it goes on without being asked about again.
  boolean isToBeSeen() {
    return judgement instanceof Judgement.Pass || judgement instanceof Judgement.Quarantine;
  }

  Filtered with(Mail changed) {
    return new Filtered(changed, judgement, filter, taken);
  }

  Filtered decided(Judgement changed, String by) {
    return new Filtered(mail, changed, by, taken);
  }
}
