package org.caravanmta.reception.session;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.address.Networks;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;
import org.caravanmta.config.Size;
import org.caravanmta.message.MessageLimits;
import org.caravanmta.reception.limits.Patience;
import org.caravanmta.smtp.EhloKeywords;
import org.caravanmta.smtp.RecipientLimits;
import org.caravanmta.table.TableName;

/// The section `smtp`: what is taken from clients, and how they are spoken to (RFC 5321).
///
/// @param message what a message may be
/// @param patience what a session puts up with
/// @param offers what is offered and answered
/// @param conduct how the dialogue goes
/// @param trusted who may speak for another client
public record SmtpSettings(
    @Flat MessageLimits message,
    Size lineLimit,
    int recipientLimit,
    int sessionLimit,
    @Flat Patience patience,
    @Flat Offers offers,
    boolean clientNameLookup,
    boolean softBounce,
    @Flat Conduct conduct,
    @Flat Trusted trusted,
    DialogueSettings dialogue) {
  /// A command line of RFC 5321 §4.5.3.1.4.
  private static final Size LEAST_LINE = new Size(512);

  private static final Size MOST_LINE = Size.ofKiB(64);

  public SmtpSettings {
    Require.atLeast(LEAST_LINE.bytes(), "line-limit", lineLimit.bytes());
    Require.atMost(MOST_LINE, "line-limit", lineLimit);
    var _ = new RecipientLimits(recipientLimit, dialogue.recipientOvershoot());
    Require.atLeast(1, "session-limit", sessionLimit);
  }

  /// Commands and extensions that are answered, or not.
  public record Offers(
      boolean vrfy,
      boolean binarymime,
      List<String> discardEhloKeywords,
      List<TableName> discardEhloKeywordMaps) {
    public Offers {
      try {
        var _ = EhloKeywords.of(discardEhloKeywords);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("discard-ehlo-keywords has " + e.getMessage(), e);
      }
    }
  }

  /// How the dialogue goes where RFC 5321 §7 leaves it to the operator.
  public record Conduct(
      boolean heloRequired,
      boolean delayReject,
      List<String> forbiddenCommands,
      Optional<String> rejectFooter,
      BareNewline bareNewline) {
    public Conduct {
      for (String word : forbiddenCommands) {
        if (word.isEmpty() || word.contains(" ")) {
          throw new IllegalArgumentException("forbidden-commands must be single words");
        }
      }
    }
  }

  /// Who may say whom it speaks for, by Postfix's extensions of SMTP.
  public record Trusted(Networks xclientHosts, Networks xforwardHosts) {
    public Trusted {
      xclientHosts.notEverybody("xclient-hosts");
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
