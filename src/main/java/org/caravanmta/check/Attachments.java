package org.caravanmta.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.event.CheckEvent;
import org.caravanmta.event.Events;
import org.caravanmta.event.StageEvent;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.mime.Magic;
import org.caravanmta.mime.Part;
import org.caravanmta.mime.Parts;
import org.caravanmta.mime.Unreadable;
import org.caravanmta.mime.archive.Archives;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.TableName;
import org.caravanmta.table.Tables;

/// Applies the operator's rules to the attachments of a message (RFC 2183), decoded. These keys of
/// each part are looked up in the tables, in this order:
///
/// | key | is |
/// |---|---|
/// | `name:invoice.exe` | a name that mail readers may give it |
/// | `type:application/zip` | the type it is declared to have |
/// | `magic:exe` | the type that its first bytes show, see {@link Magic} |
/// | `entry:docs/invoice.exe` | the name of a file in an archive, one key for each |
///
/// The first entry that matches a key says what is done: REJECT, HOLD, DISCARD, WARN, INFO, PASS,
/// DUNNO or OK.
public final class Attachments {
  /// How long the attachments of one message may take; reception waits thirty seconds.
  private static final Duration TIME_LIMIT = Duration.ofSeconds(10);

  /// How many reasons why a message cannot be read are logged.
  private static final int MOST_DOUBTS = 5;

  /// Characters of each reason: a log line has room for all of them.
  private static final int LONGEST_DOUBT = 200;

  /// What becomes of a message whose attachments cannot be read.
  public enum Otherwise {
    /// It is queued, but held.
    HOLD,
    /// It is refused: 550 5.7.1.
    REJECT,
    /// The client may try again: 451 4.3.0.
    DEFER,
    /// It is taken as if there were no rules for attachments.
    PASS;

    /// Reads a word of the setting `checks.unreadable-attachments`.
    public static Otherwise of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  private final SearchPath rules;
  private final Otherwise otherwise;
  private final Bodies bodies;
  private final InstantSource clock;

  /// @param rules opened by {@link #rules}
  public Attachments(SearchPath rules, Otherwise otherwise, Bodies bodies, InstantSource clock) {
    this.rules = rules;
    this.otherwise = otherwise;
    this.bodies = bodies;
    this.clock = clock;
  }

  /// With the rules and the choice of the settings.
  Attachments(AttachmentSettings own, Bodies bodies, InstantSource clock) {
    this(rules(own.attachments(), clock), Otherwise.of(own.unreadableAttachments()), bodies, clock);
  }

  /// Opens tables of rules for attachments.
  ///
  /// @throws org.caravanmta.table.TableProblem names table and line of an action that does not
  ///   exist
  public static SearchPath rules(List<TableName> tables, InstantSource clock) {
    return Tables.search(tables, clock, RuleAction::expectOfAttachments);
  }

  /// Applies the rules to a message that has not been refused; any other case is unchanged.
  public Case check(Case c) {
    return c.ifMessage(
        message -> !rules.isEmpty() && message.unsettled() ? checked(message) : message);
  }

  private Case checked(Case.Message message) {
    // the origin does not matter: none of these actions has an address to complete
    var outcome = new CheckOutcome(new Origin(new Domain("invalid")));
    Mail mail = message.mail();
    var inspection = new Inspection(mail, outcome);
    try (InputStream body = body(mail.content())) {
      Parts.of(
          new SequenceInputStream(
              new SequenceInputStream(
                  new ByteArrayInputStream(mail.headers().bytes()),
                  new ByteArrayInputStream(new byte[] {'\r', '\n'})),
              body),
          inspection);
    } catch (Unreadable e) {
      inspection.doubt(String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      Events.tell(new StageEvent.NoContent(mail.id(), "check.Attachments", "checked", e));
      return message.decided(deferred("attachments: content cannot be read"));
    } catch (RuntimeException | StackOverflowError e) {
      // a fault of ours or of a reader of archives, which the same message meets every time
      Events.tell(new StageEvent.AttachmentsBroke(mail.id(), e));
      inspection.doubt("a fault in their reader: " + e.getClass().getSimpleName());
    }
    if (outcome.end().isPresent()) {
      return message.decided(outcome.end().get());
    }
    return inspection.doubts.isEmpty()
        ? outcome.of(message, mail)
        : unreadable(message, String.join("; ", inspection.doubts));
  }

  /// The inspection of one message, part by part.
  private final class Inspection implements Part.Visitor {
    private final Mail mail;
    private final CheckOutcome outcome;
    private final Instant deadline = clock.instant().plus(TIME_LIMIT);
    private final Set<String> doubts = new LinkedHashSet<>();
    private final Set<String> asked = new HashSet<>();
    private final Archives archives =
        new Archives(this::inTime, this::doubt, name -> asked("entry:" + name));

    Inspection(Mail mail, CheckOutcome outcome) {
      this.mail = mail;
      this.outcome = outcome;
    }

    @Override
    public boolean visit(Part part) throws Unreadable {
      var keys = new ArrayList<String>();
      part.names().forEach(name -> keys.add("name:" + name));
      part.types().forEach(type -> keys.add("type:" + type));
      Magic.of(part.content().start(Magic.LENGTH)).ifPresent(magic -> keys.add("magic:" + magic));
      asked.clear();
      for (String key : keys) {
        if (!asked(key)) {
          return false;
        }
      }
      return archives.look(part.content(), part.names());
    }

    /// Looks up a key once for each part: an archive may name an entry in several places.
    ///
    /// @return whether further keys are to be looked up
    private boolean asked(String key) {
      return !asked.add(key) || ask(mail, key, outcome);
    }

    @Override
    public void doubt(String why) {
      if (doubts.size() < MOST_DOUBTS) {
        doubts.add(why.substring(0, Math.min(why.length(), LONGEST_DOUBT)));
      }
    }

    @Override
    public boolean inTime() {
      return !clock.instant().isAfter(deadline);
    }
  }

  private InputStream body(Content content) throws IOException {
    return switch (content) {
      case Content.Inline(byte[] bytes) -> new ByteArrayInputStream(bytes);
      case Content.Stored stored -> bodies.open(stored);
    };
  }

  /// @return whether further keys are to be looked up
  private boolean ask(Mail mail, String key, CheckOutcome outcome) {
    String unit = "attachment " + key;
    return switch (rules.find(key)) {
      case Search.Found(String value, _, _) -> {
        try {
          RuleAction action = RuleAction.parse(value, true);
          action.told(mail, unit).ifPresent(Events::tell);
          yield outcome.take(action);
        } catch (IllegalArgumentException e) {
          // the rest was checked when the table was read: what $1 stands for is at fault
          Events.tell(
              new CheckEvent.Undecided(mail, unit, e.getMessage() + "; the rule is not applied"));
          yield true;
        }
      }
      case Search.Absent() -> true;
      case Search.Unavailable(String why) -> {
        Events.tell(new CheckEvent.Undecided(mail, unit, why));
        outcome.end(deferred("attachments: Temporary lookup failure"));
        yield false;
      }
    };
  }

  private Case unreadable(Case.Message message, String why) {
    Events.tell(new StageEvent.AttachmentsUnread(message.mail().id(), why));
    return switch (otherwise) {
      case HOLD -> message.decided(new Verdict.Hold("attachments cannot be read: " + why));
      case REJECT ->
          message.decided(new Verdict.Reject(Reply.of(550, "5.7.1", "attachments cannot be read")));
      case DEFER -> message.decided(deferred("attachments cannot be read"));
      case PASS -> message;
    };
  }

  private static Verdict deferred(String why) {
    return new Verdict.Defer(Reply.of(451, "4.3.0", why));
  }
}
