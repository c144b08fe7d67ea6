package org.caravanmta.check;

import java.io.IOException;
import java.time.InstantSource;
import org.caravanmta.event.Events;
import org.caravanmta.event.StageEvent;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.message.SentCopy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies the operator's rules to the text of a message as it is sent (postfix
/// `smtp_header_checks`).
public final class WireChecks implements SentCopy {
  private static final Logger LOG = LoggerFactory.getLogger(WireChecks.class);

  private final Rules rules;
  private final ContentStore store;
  private final InstantSource clock;

  /// @param rules for mail that leaves, opened by {@link Rules#out}
  public WireChecks(Rules rules, ContentStore store, InstantSource clock) {
    this.rules = rules;
    this.store = store;
    this.clock = clock;
  }

  @Override
  public boolean changesNothing() {
    return rules.isEmpty();
  }

  /// The message with its text as the rules leave it; unavailable when the rules or the content
  /// cannot be read, or the rules take too long.
  @Override
  public Made of(Mail mail) {
    try {
      return new Made.Ready(new RuleScan(mail, rules, store, ref(mail), clock, _ -> true).run());
    } catch (RuleScan.TooDeep e) {
      throw new IllegalStateException("mail that goes out is not refused", e);
    } catch (RuleScan.Unavailable e) {
      return new Made.Unavailable("checks: " + e.getMessage());
    } catch (IOException e) {
      Events.tell(new StageEvent.NoContent(mail.id(), "check.WireChecks", "checked", e));
      return new Made.Unavailable("checks: the message's content cannot be read");
    }
  }

  @Override
  public void release(Mail mail, Made.Ready copy) {
    if (copy.mail().content() instanceof Content.Stored(String ref, _, _)
        && !mail.content().equals(copy.mail().content())) {
      try {
        store.release(ref);
      } catch (IOException e) {
        LOG.warn("stored content {} stays until the next start: {}", ref, e.toString());
      }
    }
  }

  private static String ref(Mail mail) {
    return switch (mail.content()) {
      // tasks of one message may be sent at the same time
      case Content.Inline _ ->
          mail.id() + "." + Integer.toHexString(System.identityHashCode(mail)) + ".w";
      case Content.Stored(String ref, _, _) -> ref + ".w";
    };
  }
}
