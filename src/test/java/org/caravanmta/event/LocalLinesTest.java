package org.caravanmta.event;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.List;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// The lines of final delivery, each with its level and the logger that operators know.
class LocalLinesTest {
  private static final Mail MAIL = Letters.to("ann@ex.example");
  private static final Recipient ANN = MAIL.recipients().getFirst();
  private static final Reason FULL = Reason.of("4.3.0", "the disk is full");

  private final Logger log = (Logger) LoggerFactory.getLogger("org.caravanmta.delivery");
  private final Level level = log.getLevel();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

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
  void whatWaitsHasNotAllBeenDone() {
    assertThat(said(new LocalEvent.PartlyOver(MAIL, ANN, 1)))
        .containsExactly(
            "INFO local.LocalDelivery 4XyZ12abcdz3k: 1 of what ann@ex.example stands for is done,"
                + " the rest waits");
    assertThat(said(new LocalEvent.PartlyOver(MAIL, ANN, 2)))
        .containsExactly(
            "INFO local.LocalDelivery 4XyZ12abcdz3k: 2 of what ann@ex.example stands for are done,"
                + " the rest waits");
  }

  @Test
  void whatIsDroppedIsAWarning() {
    assertThat(said(new LocalEvent.Dropped(MAIL, ANN.address())))
        .containsExactly(
            "WARN local.LocalDelivery 4XyZ12abcdz3k: mail for ann@ex.example, who does not exist"
                + " here, is discarded");
  }

  @Test
  void whatCannotBeWrittenOrRunIsAnError() {
    assertThat(said(new LocalEvent.NoRights(MAIL, "file /srv/list", "there is no user list")))
        .containsExactly(
            "ERROR local.LocalDelivery 4XyZ12abcdz3k: file /srv/list: there is no user list");
    assertThat(said(new LocalEvent.NotWritten(MAIL, "maildir", Path.of("/srv/ann"), FULL)))
        .containsExactly(
            "ERROR local.MailboxWriter 4XyZ12abcdz3k: maildir /srv/ann cannot be written: the disk"
                + " is full");
  }

  @Test
  void whatTablesAndProgramsHoldUpIsAWarning() {
    assertThat(said(new LocalEvent.NotVirtual(MAIL, FULL)))
        .containsExactly(
            "WARN local.VirtualDelivery 4XyZ12abcdz3k: virtual mailbox: the disk is full");
    assertThat(said(new LocalEvent.NotPiped(MAIL, "maildrop", FULL)))
        .containsExactly(
            "WARN program.PipeDelivery 4XyZ12abcdz3k: program maildrop: the disk is full");
  }

  /// Level, logger below `org.caravanmta.delivery`, text.
  private List<String> said(LocalEvent event) {
    lines.list.clear();
    EventLog.write(event);
    return lines.list.stream()
        .map(
            line ->
                "%s %s %s"
                    .formatted(
                        line.getLevel(),
                        line.getLoggerName().substring(log.getName().length() + 1),
                        line.getFormattedMessage()))
        .toList();
  }
}
