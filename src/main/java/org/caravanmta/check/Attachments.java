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

/// Applies the operator's rules to the attachments of a message (RFC 2183), decoded. Of each part
/// the tables are asked, in this order, about
///
/// | key | is |
/// |---|---|
/// | `name:invoice.exe` | what it may be called |
/// | `type:application/zip` | what it is declared to be |
/// | `magic:exe` | what it is by its first bytes, see {@link Magic} |
/// | `entry:docs/invoice.exe` | what is in an archive, a name each |
///
/// and the value of the first entry found for a key is what is done: REJECT, HOLD, DISCARD, WARN,
/// INFO, DUNNO.
public final class Attachments {
  /// How long it may take for one message; reception waits thirty seconds.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// What of the doubts about one message is logged, and of each of them.
  private static final int MOST_DOUBTS = 5;

  private static final int LONGEST_DOUBT = 200;

  /// What becomes of a message whose attachments cannot be read.
  public enum Otherwise {
    HOLD,
    REJECT,
    DEFER,
    PASS;

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

  /// As the settings have it.
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

  public Case check(Case c) {
    return c.ifMessage(message -> !rules.isEmpty() && taken(message) ? checked(message) : message);
  }

  /// A message that is to be held may still be refused.
  private static boolean taken(Case.Message message) {
    return message.open() || message.verdict() instanceof Verdict.Hold;
  }

  private Case checked(Case.Message message) {
    // no address of a rule is ever completed: none of these actions has one
    var outcome = new CheckOutcome(new Origin(new Domain("invalid")));
    Mail mail = message.mail();
    var look = new Look(mail, outcome);
    try (InputStream body = body(mail.content())) {
      Parts.of(
          new SequenceInputStream(
              new SequenceInputStream(
                  new ByteArrayInputStream(mail.headers().bytes()),
                  new ByteArrayInputStream(new byte[] {'\r', '\n'})),
              body),
          look);
    } catch (Unreadable e) {
      look.doubt(String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      Events.tell(new StageEvent.NoContent(mail.id(), "check.Attachments", "checked", e));
      return message.decided(deferred("attachments: content cannot be read"));
    } catch (RuntimeException | StackOverflowError e) {
      // a fault of ours or of a reader of archives, which the same message meets every time
      Events.tell(new StageEvent.AttachmentsBroke(mail.id(), e));
      look.doubt("a fault in their reader: " + e.getClass().getSimpleName());
    }
    if (outcome.end().isPresent()) {
      return message.decided(outcome.end().get());
    }
    return look.doubts.isEmpty()
        ? outcome.of(message, mail)
        : unreadable(message, String.join("; ", look.doubts));
  }

  /// One message that is being looked at.
  private final class Look implements Part.Visitor {
    private final Mail mail;
    private final CheckOutcome outcome;
    private final Instant patience = clock.instant().plus(PATIENCE);
    private final Set<String> doubts = new LinkedHashSet<>();
    private final Set<String> asked = new HashSet<>();
    private final Archives archives =
        new Archives(this::inTime, this::doubt, name -> asked("entry:" + name));

    Look(Mail mail, CheckOutcome outcome) {
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

    /// An entry may have its name in several places.
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
      return !clock.instant().isAfter(patience);
    }
  }

  private InputStream body(Content content) throws IOException {
    return switch (content) {
      case Content.Inline(byte[] bytes) -> new ByteArrayInputStream(bytes);
      case Content.Stored stored -> bodies.open(stored);
    };
  }

  /// @return whether further keys are to be asked
  private boolean ask(Mail mail, String key, CheckOutcome outcome) {
    String unit = "attachment " + key;
    return switch (rules.find(key)) {
      case Search.Found(String value, _, _) -> {
        try {
          RuleAction action = RuleAction.parse(value, true);
          action.told(mail, unit).ifPresent(Events::tell);
          yield outcome.take(action);
        } catch (IllegalArgumentException e) {
          // only what was put in for $1 can be at fault here
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
