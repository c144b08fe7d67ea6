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
/// @param message how large a message may be, and how many hops it may have taken
/// @param lineLimit the most bytes of a command line, its CRLF included; from 512 to 64 KiB
///   (postfix `line_length_limit`)
/// @param recipientLimit the most recipients of a message (postfix `smtpd_recipient_limit`)
/// @param sessionLimit the most sessions at one time
/// @param patience what a session puts up with from its client
/// @param offers which commands and extensions are offered
/// @param clientNameLookup whether the names of clients are looked up in the DNS (postfix
///   `smtpd_peername_lookup`)
/// @param softBounce whether a 5yz is sent as 4yz (postfix `soft_bounce`)
/// @param conduct how the dialogue is conducted
/// @param trusted who may speak for another client
/// @param dialogue the section `smtp.dialogue`
/// @param verp the section `smtp.verp`
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
    DialogueSettings dialogue,
    VerpSettings verp) {
  /// The command line that every server must take (RFC 5321 §4.5.3.1.4).
  private static final Size LEAST_LINE = new Size(512);

  /// A line is held in memory until its end has come, so the limit has a bound.
  private static final Size MOST_LINE = Size.ofKiB(64);

  public SmtpSettings {
    Require.atLeast(LEAST_LINE.bytes(), "line-limit", lineLimit.bytes());
    Require.atMost(MOST_LINE, "line-limit", lineLimit);
    var _ = new RecipientLimits(recipientLimit, dialogue.recipientOvershoot());
    Require.atLeast(1, "session-limit", sessionLimit);
  }

  /// Which commands and extensions are offered (RFC 5321 §2.2).
  ///
  /// @param vrfy whether VRFY is served (postfix `disable_vrfy_command`)
  /// @param binarymime whether BINARYMIME is offered (RFC 3030 §3)
  /// @param discardEhloKeywords the EHLO keywords that are not offered (postfix
  ///   `smtpd_discard_ehlo_keywords`)
  /// @param discardEhloKeywordMaps tables of such keywords by the client's address (postfix
  ///   `smtpd_discard_ehlo_keyword_address_maps`)
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

  /// How the dialogue is conducted, where RFC 5321 §7 leaves it to the operator.
  ///
  /// @param heloRequired whether HELO or EHLO must come before MAIL (postfix `smtpd_helo_required`)
  /// @param delayReject whether refusals wait until there is a recipient (postfix
  ///   `smtpd_delay_reject`)
  /// @param forbiddenCommands words that end the session when they come in place of a command
  ///   (postfix `smtpd_forbidden_commands`)
  /// @param rejectFooter the template of the {@link RejectFooter}
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

  /// Who may speak for another client, by extensions of SMTP by Postfix (RFC 5321 §2.2).
  ///
  /// @param xclientHosts who may use XCLIENT; never everybody
  /// @param xforwardHosts who may use XFORWARD
  public record Trusted(Networks xclientHosts, Networks xforwardHosts) {
    public Trusted {
      xclientHosts.notEverybody("xclient-hosts");
    }
  }

  /// How many recipients one message may have.
  public RecipientLimits recipients() {
    return new RecipientLimits(recipientLimit, dialogue.recipientOvershoot());
  }

  /// What becomes of a line that ends with LF alone (postfix `smtpd_forbid_bare_newline`).
  public enum BareNewline {
    /// It is a line like any other: {@link Newlines#ANY}.
    NO,
    /// {@link Newlines#NOTED}.
    NOTE,
    /// {@link Newlines#NORMALIZED}.
    NORMALIZE,
    /// {@link Newlines#REFUSED}.
    REJECT;

    /// The value of a setting; `yes` is `normalize`, as in Postfix.
    ///
    /// @throws IllegalArgumentException for any other word
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
