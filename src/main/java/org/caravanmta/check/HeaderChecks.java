package org.caravanmta.check;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Headers;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Tables;

/// Applies the operator's rules to each header field of a message (postfix `header_checks(5)`). A
/// field is shown to the tables as it came, with its continuation lines; the first rule that
/// matches is the field's.
public final class HeaderChecks {
  /// What of a field is looked at (postfix `header_size_limit`).
  private static final int LONGEST = 102_400;

  /// How long the rules may take for one message; reception waits thirty seconds.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SearchPath rules;
  private final Origin origin;
  private final InstantSource clock;

  /// @param rules opened by {@link #rules}
  public HeaderChecks(SearchPath rules, Origin origin, InstantSource clock) {
    this.rules = rules;
    this.origin = origin;
    this.clock = clock;
  }

  /// Opens tables whose values are actions.
  ///
  /// @throws org.caravanmta.table.TableProblem names table and line of an action that is none
  public static SearchPath rules(List<String> tables, InstantSource clock) {
    return Tables.search(tables, clock, Action::expect);
  }

  public Case check(Case c) {
    return switch (c) {
      case Case.Message message -> message.open() && !rules.isEmpty() ? checked(message) : message;
      case Case.Connection _, Case.Rcpt _, Case.Data _ -> c;
    };
  }

  private Case checked(Case.Message message) {
    var edit = new Edit(message.mail(), origin);
    Instant patience = clock.instant().plus(PATIENCE);
    for (Headers.Field field : message.mail().headers().fields()) {
      if (clock.instant().isAfter(patience)) {
        return message.decided(deferred("header checks take too long"));
      }
      switch (rules.find(shown(field))) {
        case Search.Found(String value, _, _) -> {
          Optional<Verdict> end = edit.apply(field, value);
          if (end.isPresent()) {
            return message.decided(end.get());
          }
        }
        case Search.Absent() -> edit.keep(field);
        case Search.Unavailable(String why) -> {
          edit.log().unclear(field, why);
          return message.decided(deferred("header checks: Temporary lookup failure"));
        }
      }
      if (edit.passed()) {
        break;
      }
    }
    return edit.result(message);
  }

  private static Verdict deferred(String why) {
    return new Verdict.Defer(Reply.of(451, "4.3.0", why));
  }

  /// The text that rules see: line breaks as patterns know them, no white space before the colon.
  private static String shown(Headers.Field field) {
    String text = field.text().replace("\r\n", "\n");
    int colon = text.indexOf(':');
    String shown =
        colon < 0 ? text : text.substring(0, colon).stripTrailing() + text.substring(colon);
    return shown.substring(0, Math.min(shown.length(), LONGEST));
  }

  /// The field's bytes, with the same character set as the field it stands beside.
  static Headers.Field like(Headers.Field beside, Headers.Field field) {
    var text = new String(field.raw(), StandardCharsets.UTF_8);
    boolean latin =
        new String(beside.raw(), StandardCharsets.UTF_8).indexOf('\uFFFD') >= 0
            && StandardCharsets.ISO_8859_1.newEncoder().canEncode(text);
    return latin
        ? new Headers.Field(field.name(), text.getBytes(StandardCharsets.ISO_8859_1))
        : field;
  }
}
