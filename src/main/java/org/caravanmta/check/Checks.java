package org.caravanmta.check;

import java.io.IOException;
import java.time.InstantSource;
import java.util.TreeSet;
import org.caravanmta.address.Origin;
import org.caravanmta.event.CheckEvent;
import org.caravanmta.event.Events;
import org.caravanmta.event.StageEvent;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Fault;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// Applies the operator's rules to the text of a message that comes in (postfix
/// `header_checks(5)`): to each field of its header section, of its parts and of attached messages
/// (RFC 2046 §5), and to each line of its bodies, without decoding them.
public final class Checks {

  private static final Reply DISALLOWED = Reply.of(550, "5.7.1", "disallowed character");

  private final Rules rules;
  private final Strictness strictness;
  private final Characters refused;
  private final Characters stripped;
  private final TreeSet<String> dropped;
  private final Origin origin;
  private final Added added;
  private final ContentStore store;
  private final InstantSource clock;

  /// @param origin completes the addresses of rules
  /// @param added finishes messages that rules have edited
  public Checks(
      Rules rules,
      CheckSettings own,
      Origin origin,
      Added added,
      ContentStore store,
      InstantSource clock) {
    this.rules = rules;
    this.strictness = Strictness.of(own.strict(), own.bounds());
    this.refused = Characters.of(own.characters().rejectCharacters());
    this.stripped = Characters.of(own.characters().stripCharacters());
    this.dropped = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    this.dropped.addAll(own.dropHeaders());
    this.origin = origin;
    this.added = added;
    this.store = store;
    this.clock = clock;
  }

  /// Applies the rules to a message that has no verdict yet, or is to be held; any other case is
  /// unchanged. A message on which the checks break is held.
  public Case check(Case c) {
    return Fault.held("checks", c, this::answer);
  }

  private Case answer(Case c) {
    return c.ifMessage(
        message -> message.unsettled() ? dropFields(checkCharacters(message)) : message);
  }

  private Case.Message checkCharacters(Case.Message message) {
    if (refused.isEmpty() && stripped.isEmpty()) {
      return checkStructure(message);
    }
    Mail mail = message.mail();
    try {
      if (refused.occurIn(mail, store::read)) {
        Events.tell(new CheckEvent.Disallowed(mail));
        return message.decided(new Verdict.Reject(DISALLOWED));
      }
      Mail plain = stripped.removedFrom(mail, store, edited(mail, ".p"));
      return plain == mail
          ? checkStructure(message)
          : releaseUnused(message, plain, checkStructure(message.with(plain)));
    } catch (IOException e) {
      Events.tell(new StageEvent.NoContent(mail.id(), "check.Checks", "checked", e));
      return message.decided(deferred("checks: content cannot be read"));
    }
  }

  /// Releases the stripped content if the message does not keep it: because it is refused, or has
  /// been edited once more.
  private Case.Message releaseUnused(Case.Message before, Mail plain, Case.Message after)
      throws IOException {
    return switch (after.verdict()) {
      case Verdict.Reject _, Verdict.Defer _, Verdict.Discard _, Verdict.Taken _ -> {
        release(before.mail(), plain);
        yield before.decided(after.verdict());
      }
      case Verdict.Undecided _, Verdict.Permit _, Verdict.Hold _ -> {
        if (!after.mail().content().equals(plain.content())) {
          release(before.mail(), plain);
        }
        yield after;
      }
    };
  }

  private void release(Mail before, Mail plain) throws IOException {
    if (plain.content() instanceof Content.Stored(String ref, _, _)
        && !plain.content().equals(before.content())) {
      store.release(ref);
    }
  }

  private Case.Message checkStructure(Case.Message message) {
    return strictness.isEmpty() ? applyRules(message) : checkStrictly(message);
  }

  private Case.Message checkStrictly(Case.Message message) {
    try {
      return strictness
          .refusal(message.mail(), store::read)
          .map(refusal -> message.decided(new Verdict.Reject(refusal)))
          .orElseGet(() -> applyRules(message));
    } catch (IOException e) {
      Events.tell(new StageEvent.NoContent(message.mail().id(), "check.Checks", "checked", e));
      return message.decided(deferred("checks: content cannot be read"));
    }
  }

  private Case.Message applyRules(Case.Message message) {
    return rules.isEmpty() ? message : scan(message);
  }

  private Case.Message dropFields(Case.Message message) {
    Mail mail = message.mail();
    Headers kept = mail.headers().without(field -> dropped.contains(field.name()));
    return kept == mail.headers() ? message : message.with(mail.with(kept));
  }

  private Case.Message scan(Case.Message message) {
    Mail mail = message.mail();
    var outcome = new CheckOutcome(origin);
    try {
      var scan = new RuleScan(mail, rules, store, edited(mail, ".e"), clock, outcome::take);
      Mail edited = scan.run();
      return outcome.end().isPresent()
          ? message.decided(outcome.end().get())
          : added.to(message, edited, scan.replaced(), outcome);
    } catch (RuleScan.TooDeep e) {
      return message.decided(new Verdict.Reject(Strictness.Demand.NESTING.refusal));
    } catch (RuleScan.Unavailable e) {
      return message.decided(deferred("checks: " + e.getMessage()));
    } catch (IOException e) {
      Events.tell(new StageEvent.NoContent(mail.id(), "check.Checks", "checked", e));
      return message.decided(deferred("checks: content cannot be read"));
    }
  }

  /// The name under which edited content is stored.
  private static String edited(Mail mail, String by) {
    return switch (mail.content()) {
      case Content.Inline _ -> mail.id() + by;
      case Content.Stored(String ref, _, _) -> ref + by;
    };
  }

  private static Verdict deferred(String why) {
    return new Verdict.Defer(Reply.of(451, "4.3.0", why));
  }
}
