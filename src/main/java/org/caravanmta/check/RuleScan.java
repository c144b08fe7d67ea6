package org.caravanmta.check;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.caravanmta.event.CheckEvent;
import org.caravanmta.event.Events;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.mime.MimeStructure;
import org.caravanmta.table.Search;

/// The run of the rules over one message: each field of its header section, then each {@link Unit}
/// of its content, until a rule ends the checks.
final class RuleScan {
  /// How long the rules may take for one message; reception waits thirty seconds.
  private static final Duration TIME_LIMIT = Duration.ofSeconds(10);

  private final Mail mail;
  private final Rules rules;
  private final ContentStore store;
  private final InstantSource clock;
  private final Predicate<RuleAction> goesOn;
  private final TextEdit edit;
  private final Instant deadline;
  private final MimeStructure structure;
  private boolean dropped;

  /// @param ref the name under which changed content is stored
  /// @param goesOn is told each action, and says whether further rules are to be asked after it
  RuleScan(
      Mail mail,
      Rules rules,
      ContentStore store,
      String ref,
      InstantSource clock,
      Predicate<RuleAction> goesOn) {
    this.mail = mail;
    this.rules = rules;
    this.store = store;
    this.clock = clock;
    this.goesOn = goesOn;
    this.edit = new TextEdit(mail, store, ref);
    Bounds bounds = rules.bounds();
    this.structure =
        new MimeStructure(bounds.nestingLimit(), bounds.boundaryLimit(), bounds.mime());
    this.deadline = clock.instant().plus(TIME_LIMIT);
  }

  /// The rules could not be asked, or took too long.
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String why) {
      super(why, null, false, false);
    }
  }

  /// The message has more multiparts within each other than the rules look into.
  static final class TooDeep extends Exception {
    private static final long serialVersionUID = 1L;

    TooDeep() {
      super(null, null, false, false);
    }
  }

  /// The message as the rules leave it.
  ///
  /// @throws IOException if the content cannot be read, or the changed content cannot be stored
  /// @throws TooDeep only for mail that comes in
  Mail run() throws IOException, Unavailable, TooDeep {
    boolean whole = false;
    try {
      if (header()) {
        structure.endOfHead();
        content();
      }
      if (dropped) {
        return mail;
      }
      if (rules.incoming() && structure.tooDeep()) {
        throw new TooDeep();
      }
      Mail result = edit.finish();
      whole = true;
      return result;
    } finally {
      if (!whole) {
        edit.abandon();
      }
    }
  }

  /// The fields that REPLACE has written into the header section.
  List<Headers.Field> replaced() {
    return edit.replaced();
  }

  private boolean header() throws Unavailable {
    for (Headers.Field field : mail.headers().fields()) {
      Unit.Kind kind = Unit.Kind.of(field.name(), structure);
      boolean ruled = !rules.of(kind).isEmpty();
      if (!ruled && kind != Unit.Kind.MIME_HEADER) {
        edit.keep(field);
        continue;
      }
      Unit unit = shown(kind, field, rules.bounds().field());
      structure.field(field.name(), unit.octets());
      Optional<RuleAction> action = ruled ? ask(unit) : Optional.empty();
      if (action.isEmpty()) {
        edit.keep(field);
        continue;
      }
      edit.field(field, action.get());
      if (ends(action.get())) {
        return false;
      }
    }
    return true;
  }

  private void content() throws IOException, Unavailable {
    if (rules.body().isEmpty() && !structure.structured()) {
      return;
    }
    switch (mail.content()) {
      case Content.Inline(byte[] bytes) -> content(new BodyLines(bytes));
      case Content.Stored stored -> {
        try (InputStream in = store.read(stored)) {
          content(new BodyLines(in));
        }
      }
    }
  }

  private void content(BodyLines lines) throws IOException, Unavailable {
    var units = new Units(lines, structure, kind -> !rules.of(kind).isEmpty(), rules.bounds());
    while (units.next()) {
      Optional<RuleAction> action = ask(units.unit());
      if (action.isPresent()) {
        edit.content(units, action.get());
        if (ends(action.get())) {
          return;
        }
      }
    }
  }

  private boolean ends(RuleAction action) {
    dropped = action instanceof RuleAction.Reject || action instanceof RuleAction.Discard;
    return !goesOn.test(action);
  }

  /// The action of the first rule that matches the unit; absent if none does.
  private Optional<RuleAction> ask(Unit unit) throws Unavailable {
    if (clock.instant().isAfter(deadline)) {
      throw new Unavailable("take too long");
    }
    return switch (rules.of(unit.kind()).find(unit.text())) {
      case Search.Found(String value, _, _) -> action(unit, value);
      case Search.Absent() -> Optional.empty();
      case Search.Unavailable(String why) -> {
        Events.tell(new CheckEvent.Undecided(mail, unit.named(), why));
        throw new Unavailable("Temporary lookup failure");
      }
    };
  }

  private Optional<RuleAction> action(Unit unit, String value) {
    try {
      RuleAction action = RuleAction.parse(value, unit.kind().header());
      action.told(mail, unit.named()).ifPresent(Events::tell);
      return Optional.of(action);
    } catch (IllegalArgumentException e) {
      // the rest was checked when the table was read: what $1 stands for is at fault
      Events.tell(
          new CheckEvent.Undecided(
              mail, unit.named(), e.getMessage() + "; the rule is not applied"));
      return Optional.empty();
    }
  }

  /// A field as rules see it: its line breaks as `\n`, no white space before the colon, and no more
  /// than the first `longest` bytes.
  static Unit shown(Unit.Kind kind, Headers.Field field, int longest) {
    byte[] raw = field.raw();
    byte[] text = new byte[Math.min(raw.length, longest)];
    int name = Math.max(Headers.nameEnd(raw, 0, raw.length), 0);
    int colon = name;
    while (colon < raw.length && raw[colon] != ':') {
      colon++;
    }
    System.arraycopy(raw, 0, text, 0, Math.min(name, text.length));
    int length = Math.min(name, text.length);
    int end = raw.length;
    while (end > 0 && (raw[end - 1] == '\n' || raw[end - 1] == '\r')) {
      end--;
    }
    for (int i = colon; i < end && length < text.length; i++) {
      if (raw[i] != '\r' || i + 1 == end || raw[i + 1] != '\n') {
        text[length++] = raw[i];
      }
    }
    return Unit.of(kind, text, 0, length);
  }
}
