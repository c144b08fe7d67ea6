package org.caravanmta.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Ascii;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Case;

/// What becomes of what rules put into a message: the addresses in fields that take the place of
/// others, and in orders to copy it, are rewritten as those are that it came with; a field that has
/// to be there and that a rule has taken away is put in (postfix `cleanup(8)`). A field that is put
/// before another stays as the rule has it.
///
/// @param rewriting makes of a message's addresses those it travels with
/// @param completion puts into a header section what every message has
public record Added(UnaryOperator<Case> rewriting, UnaryOperator<Case> completion) {
  /// What completion puts in: a message has one of each (RFC 5322 §3.6).
  private static final Set<String> ONCE = Set.of("from", "date", "message-id");

  /// Nothing.
  public static final Added AS_IT_IS =
      new Added(UnaryOperator.identity(), UnaryOperator.identity());

  /// The message with what rules have made of it.
  ///
  /// @param edited its text as the rules left it
  /// @param replaced the fields in that which stand in place of others
  Case.Message to(
      Case.Message message, Mail edited, List<Headers.Field> replaced, CheckOutcome outcome) {
    List<Recipient> copies = outcome.copies();
    Mail mail = edited;
    if (!replaced.isEmpty() || !copies.isEmpty()) {
      Case.Message rewritten =
          rewritten(message.with(edited.with(Headers.of(replaced)).with(copies)));
      if (!rewritten.open()) {
        return message.decided(rewritten.verdict());
      }
      copies = rewritten.mail().recipients();
      Headers put = put(edited.headers(), replaced, rewritten.mail().headers().fields());
      mail = mail.with(once(message, put, replaced));
    }
    if (mail.headers() != message.mail().headers()) {
      mail = completed(message.with(mail)).mail();
    }
    return outcome.of(message, mail, copies);
  }

  /// The section with others in place of some of its fields.
  private static Headers put(
      Headers section, List<Headers.Field> some, List<Headers.Field> others) {
    var fields = new ArrayList<>(section.fields());
    int next = 0;
    for (int i = 0; next < some.size(); i++) {
      if (fields.get(i) == some.get(next)) {
        fields.set(i, others.get(next++));
      }
    }
    return next == 0 ? section : Headers.of(fields);
  }

  /// Without what completion has put in before a rule made the same field of another.
  private Headers once(Case.Message message, Headers section, List<Headers.Field> replaced) {
    Headers result = section;
    for (Headers.Field field : replaced) {
      if (ONCE.contains(Ascii.lower(field.name()))) {
        Headers none = result.without(other -> Ascii.same(other.name(), field.name()));
        Optional<Headers.Field> ours =
            completed(message.with(message.mail().with(none))).mail().headers().first(field.name());
        Headers rest =
            result.without(
                other -> ours.filter(put -> Arrays.equals(put.raw(), other.raw())).isPresent());
        result = rest.first(field.name()).isPresent() ? rest : result;
      }
    }
    return result;
  }

  private Case.Message rewritten(Case.Message message) {
    return same(rewriting.apply(message));
  }

  private Case.Message completed(Case.Message message) {
    return same(completion.apply(message));
  }

  private static Case.Message same(Case c) {
    if (c instanceof Case.Message message) {
      return message;
    }
    throw new IllegalStateException("not a message: " + c.stage());
  }
}
