package org.caravanmta.event;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// The lines of what keeps stages from their work, each with its level and the logger that
/// operators know.
class StageLinesTest {
  private static final String ID = "4G1s2zT8kLz0Bc7d";
  private static final RuntimeException WHY = new IllegalStateException("a bug");
  private static final IOException LOST = new IOException("it is not there");

  private final Logger log = (Logger) LoggerFactory.getLogger("org.caravanmta");
  private final Level level = log.getLevel();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Set<Class<?>> told = new HashSet<>();

  @BeforeEach
  void listen() {
    lines.start();
    log.setLevel(Level.INFO);
    log.addAppender(lines);
  }

  @AfterEach
  void leave() {
    log.detachAppender(lines);
    log.setLevel(level);
  }

  @Test
  void eachHasItsLine() {
    assertThat(said(new StageEvent.Broke(ID, "attachments", WHY)))
        .isEqualTo(
            "ERROR policy.Fault 4G1s2zT8kLz0Bc7d: attachments broke on it, held"
                + " (IllegalStateException)");
    assertThat(said(new StageEvent.NoContent(ID, "check.Checks", "checked", LOST)))
        .isEqualTo("ERROR check.Checks 4G1s2zT8kLz0Bc7d: content cannot be checked (IOException)");
    assertThat(said(new StageEvent.NoContent(ID, "routing.Routing", "split", LOST)))
        .isEqualTo("ERROR routing.Routing 4G1s2zT8kLz0Bc7d: content cannot be split (IOException)");
    assertThat(said(new StageEvent.AttachmentsBroke(ID, WHY)))
        .isEqualTo(
            "ERROR check.Attachments 4G1s2zT8kLz0Bc7d: attachments cannot be read"
                + " (IllegalStateException)");
    assertThat(said(new StageEvent.AttachmentsUnread(ID, "too deep")))
        .isEqualTo("WARN check.Attachments 4G1s2zT8kLz0Bc7d: attachments cannot be read: too deep");
    assertThat(said(new StageEvent.NotRewritten(ID, "no table")))
        .isEqualTo(
            "WARN rewrite.Unavailable 4G1s2zT8kLz0Bc7d: its addresses cannot be rewritten: no"
                + " table");
    assertThat(said(new StageEvent.CopiesUnknown(ID, "no table")))
        .isEqualTo(
            "WARN rewrite.AutomaticCopies 4G1s2zT8kLz0Bc7d: whether copies are to be made cannot be"
                + " told: no table");
    assertThat(said(new StageEvent.AliasUnknown(ID, "a@b.example", "no table")))
        .isEqualTo(
            "WARN rewrite.VirtualAliases 4G1s2zT8kLz0Bc7d: virtual alias a@b.example: no table");
    assertThat(said(new StageEvent.AliasEndless(ID, "a@b.example")))
        .isEqualTo(
            "WARN rewrite.VirtualAliases 4G1s2zT8kLz0Bc7d: the virtual alias a@b.example does not"
                + " come to an end");
    assertThat(said(new StageEvent.TooManyAliases(ID, 1000)))
        .isEqualTo(
            "WARN rewrite.VirtualAliases 4G1s2zT8kLz0Bc7d: virtual aliases make more than 1000"
                + " recipients of it");
    assertThat(said(new StageEvent.Dead(ID, "routing", "no step")))
        .isEqualTo(
            "ERROR queue.camel.RouteStage 4G1s2zT8kLz0Bc7d: set aside from routing as dead: no"
                + " step");
    assertThat(said(new StageEvent.WayEnded(ID, "routing")))
        .isEqualTo(
            "INFO queue.camel.RouteStage 4G1s2zT8kLz0Bc7d: ended at routing: the route hands"
                + " nothing on");
    assertThat(said(new StageEvent.LeftForNewer(ID, "routing", "version 9")))
        .isEqualTo(
            "WARN queue.camel.RouteStage 4G1s2zT8kLz0Bc7d: left on routing for a newer Caravan:"
                + " version 9");
    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList(StageEvent.class.getPermittedSubclasses()));
  }

  /// With the kind of the exception whose trace is written below the line, where there is one.
  private String said(StageEvent event) {
    told.add(event.getClass());
    lines.list.clear();
    EventLog.write(event);
    assertThat(lines.list).hasSize(1);
    ILoggingEvent line = lines.list.getFirst();
    String why = line.getThrowableProxy() == null ? "" : line.getThrowableProxy().getClassName();
    return "%s %s %s%s"
        .formatted(
            line.getLevel(),
            line.getLoggerName().substring(log.getName().length() + 1),
            line.getFormattedMessage(),
            why.isEmpty() ? "" : " (" + why.substring(why.lastIndexOf('.') + 1) + ")");
  }
}
