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

/// What is done to a message after rules have edited it (postfix `cleanup(8)`). Addresses in fields
/// that REPLACE has written, and those of BCC, are rewritten like the addresses that the message
/// came with. A field that every message must have is put in again if a rule has removed it. A
/// field that PREPEND has written stays as the rule has it.
///
/// @param rewriting rewrites the addresses of a message's envelope and header section
/// @param completion puts the fields that every message must have into its header section
public record Added(UnaryOperator<Case> rewriting, UnaryOperator<Case> completion) {
  /// The fields that completion puts in, of which a message has one each (RFC 5322 §3.6).
  private static final Set<String> ONCE = Set.of("from", "date", "message-id");

  /// Changes nothing.
  public static final Added AS_IT_IS =
      new Added(UnaryOperator.identity(), UnaryOperator.identity());

  /// The message as the rules have left it, finished; decided if its rewriting decides it.
  ///
  /// @param edited its text as the rules left it
  /// @param replaced those fields of `edited` that REPLACE has written
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

  /// The header section with `others` in place of `some` of its fields.
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

  /// The header section without a `From`, `Date` or `Message-Id` that completion had put in before
  /// a rule turned another field into one of the same name.
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
