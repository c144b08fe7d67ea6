package org.caravanmta.reception.session;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.address.Networks;
import org.caravanmta.config.Require;
import org.caravanmta.config.Size;
import org.caravanmta.smtp.Keywords;
import org.caravanmta.smtp.RecipientLimits;
import org.caravanmta.table.TableName;

/// The section `smtp`: what is taken from clients, and how they are spoken to (RFC 5321).
public record SmtpSettings(
    Size sizeLimit,
    Size headerLimit,
    Size lineLimit,
    int recipientLimit,
    Duration timeout,
    int minDataRate,
    int softErrorLimit,
    Duration errorDelay,
    int errorLimit,
    int idleLimit,
    boolean vrfy,
    boolean binarymime,
    int sessionLimit,
    int hopLimit,
    boolean clientNameLookup,
    boolean softBounce,
    boolean heloRequired,
    boolean delayReject,
    List<String> forbiddenCommands,
    List<String> discardEhloKeywords,
    List<TableName> discardEhloKeywordMaps,
    Optional<String> rejectFooter,
    BareNewline bareNewline,
    Networks xclientHosts,
    Networks xforwardHosts,
    DialogueSettings dialogue) {
  /// A header section travels in the queue message, which is to stay small.
  private static final Size MOST_HEADERS = Size.ofKiB(128);

  /// A command line of RFC 5321 §4.5.3.1.4.
  private static final Size LEAST_LINE = new Size(512);

  private static final Duration MOST_ERROR_DELAY = Duration.ofMinutes(1);

  public SmtpSettings {
    Require.atLeast(1, "size-limit", sizeLimit.bytes());
    Require.atLeast(1024, "header-limit", headerLimit.bytes());
    Require.atMost(MOST_HEADERS, "header-limit", headerLimit);
    Require.atLeast(LEAST_LINE.bytes(), "line-limit", lineLimit.bytes());
    Require.atMost(Size.ofKiB(64), "line-limit", lineLimit);
    new RecipientLimits(recipientLimit, dialogue.recipientOvershoot());
    Require.positive("timeout", timeout);
    Require.atLeast(1, "min-data-rate", minDataRate);
    Require.atLeast(1, "soft-error-limit", softErrorLimit);
    if (errorDelay.isNegative() || errorDelay.compareTo(MOST_ERROR_DELAY) > 0) {
      throw new IllegalArgumentException("error-delay must be from 0s to 1m");
    }
    Require.atLeast(1, "error-limit", errorLimit);
    Require.atLeast(1, "idle-limit", idleLimit);
    Require.atLeast(1, "session-limit", sessionLimit);
    Require.atLeast(1, "hop-limit", hopLimit);
    xclientHosts.notEverybody("xclient-hosts");
    for (String word : forbiddenCommands) {
      if (word.isEmpty() || word.contains(" ")) {
        throw new IllegalArgumentException("forbidden-commands must be single words");
      }
    }
    try {
      Keywords.of(discardEhloKeywords);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("discard-ehlo-keywords has " + e.getMessage(), e);
    }
  }

  /// How many recipients one message may have.
  public RecipientLimits recipients() {
    return new RecipientLimits(recipientLimit, dialogue.recipientOvershoot());
  }

  /// What becomes of a line that ends with LF alone.
  public enum BareNewline {
    NO,
    NOTE,
    NORMALIZE,
    REJECT;

    /// As Postfix has it, `yes` is `normalize`.
    public static BareNewline of(String text) {
      return switch (text) {
        case "no" -> NO;
        case "note" -> NOTE;
        case "yes", "normalize" -> NORMALIZE;
        case "reject" -> REJECT;
        default -> throw new IllegalArgumentException(text);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
