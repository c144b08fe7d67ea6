package org.caravanmta.filter;

import java.util.List;
import java.util.OptionalDouble;
import org.caravanmta.address.ReversePath;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Content;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;

/// A message on its way along the filters of a route after the queue.
///
/// @param mail as the filters so far have left it
/// @param judgement of the filter that has decided about it; {@link Judgement.Pass} as long as none
///   has
/// @param filter that filter, as the step of the route names it
/// @param score of that filter, if it gives one
/// @param taken the content that the queue still has
public record Filtered(
    Mail mail, Judgement judgement, String filter, OptionalDouble score, Content taken) {
  /// A message that has just been taken from the queue. One that a filter has set aside before a
  /// later one gave no answer is set aside still.
  public static Filtered of(Mail mail) {
    var taken = new Filtered(mail, Judgement.PASS, "", OptionalDouble.empty(), mail.content());
    return mail.envelope()
        .passage()
        .custody()
        .map(
            custody ->
                taken.decided(
                    new Judgement.Quarantine(custody.why()), custody.filter(), custody.score()))
        .orElse(taken);
  }

  // what conditions of routes see of a message that has just been taken, too

  public Envelope envelope() {
    return mail.envelope();
  }

  public List<Recipient> recipients() {
    return mail.recipients();
  }

  public String addresses() {
    return mail.addresses();
  }

  public ReversePath reversePath() {
    return mail.reversePath();
  }

  public long size() {
    return mail.size();
  }

  /// Whether the next filter is to be asked: one that is set aside is seen by the others too, as
  /// released, it goes on without being asked about again.
  boolean isToBeSeen() {
    return judgement instanceof Judgement.Pass || isAside();
  }

  /// Whether a filter has set it aside.
  boolean isAside() {
    return judgement instanceof Judgement.Quarantine;
  }

  /// Whether there is a message still: it goes on, waits, is set aside or reported on.
  public boolean isKept() {
    return !(judgement instanceof Judgement.Discard || judgement instanceof Judgement.Taken);
  }

  /// With the message changed.
  public Filtered with(Mail changed) {
    return new Filtered(changed, judgement, filter, score, taken);
  }

  Filtered decided(Judgement changed, String by) {
    return decided(changed, by, OptionalDouble.empty());
  }

  Filtered decided(Judgement changed, String by, OptionalDouble reached) {
    return new Filtered(mail, changed, by, reached, taken);
  }
}
