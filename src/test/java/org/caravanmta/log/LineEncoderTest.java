package org.caravanmta.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;

/// The form of the log's lines is an interface: what others have built on it goes on working.
class LineEncoderTest {
  private static final Instant NOON = Instant.parse("2026-02-03T11:00:07.009Z");

  private final Form before = Form.inForce();
  private final LoggerContext context = new LoggerContext();

  @AfterEach
  void restore() {
    Form.use(before);
  }

  @Test
  void ourOwnForm() {
    Form.use(new Form.Caravan("4711"));
    assertThat(line("org.caravanmta.reception.session.Session", Level.INFO, "connect from x"))
        .isEqualTo("2026-02-03T11:00:07.009Z caravan[4711]: connect from x\n");
    assertThat(line("any", Level.WARN, "oops"))
        .isEqualTo("2026-02-03T11:00:07.009Z caravan[4711]: WARN oops\n");
    assertThat(line("any", Level.ERROR, "oops"))
        .isEqualTo("2026-02-03T11:00:07.009Z caravan[4711]: ERROR oops\n");
  }

  @Test
  void postfixsForm() {
    Form.use(new Form.Postfix("mx", "4711", Stamps.in(ZoneId.of("Europe/Berlin"))));
    assertThat(
            line(
                "org.caravanmta.reception.session.Session",
                Level.INFO,
                "connect from x[192.0.2.1]"))
        .isEqualTo("Feb  3 12:00:07 mx postfix/smtpd[4711]: connect from x[192.0.2.1]\n");
    assertThat(line("org.caravanmta.check.Checks", Level.WARN, "4X: odd"))
        .isEqualTo("Feb  3 12:00:07 mx postfix/cleanup[4711]: warning: 4X: odd\n");
    assertThat(line("org.apache.camel.X", Level.ERROR, "oops"))
        .isEqualTo("Feb  3 12:00:07 mx postfix/master[4711]: error: oops\n");
    assertThat(line("any", Level.INFO, "4X: removed", Program.QMGR))
        .isEqualTo("Feb  3 12:00:07 mx postfix/qmgr[4711]: 4X: removed\n");
    assertThat(line("any", Level.INFO, "y", Program.agent("lmtp"))).contains(" postfix/lmtp[");
    assertThat(line("any", Level.INFO, "y", Program.agent("tickets"))).contains(" postfix/pipe[");
    assertThat(new Form.Postfix("mx.ex.example", "1").host()).isEqualTo("mx");
  }

  @Test
  void nobodyElseBeginsALineOrSteersATerminal() {
    Form.use(new Form.Caravan("1"));
    String evil = "x\n2026-02-03T11:00:07.009Z caravan[1]: forged\r\u001b[2J\u009b31m\u2028\u202e";
    assertThat(line("any", Level.INFO, evil))
        .isEqualTo(
            "2026-02-03T11:00:07.009Z caravan[1]:"
                + " x?2026-02-03T11:00:07.009Z caravan[1]: forged??[2J?31m??\n");
  }

  @Test
  void textsOfExceptionsStayOnTheirLinesToo() {
    Form.use(new Form.Caravan("1"));
    var cause = new IllegalArgumentException("in\nner\u0085");
    var why = new IllegalStateException("out\r\ner", cause);
    why.addSuppressed(new IllegalStateException("side\u001b[31m"));
    List<String> lines = line(why).lines().toList();
    assertThat(lines)
        .contains(
            "java.lang.IllegalStateException: out??er",
            "\tSuppressed: java.lang.IllegalStateException: side?[31m",
            "Caused by: java.lang.IllegalArgumentException: in?ner?")
        .anyMatch(one -> one.startsWith("\tat org.caravanmta.log.LineEncoderTest.texts"))
        .allMatch(
            one ->
                one.startsWith("\t")
                    || one.startsWith("2026-")
                    || one.startsWith("java.lang.")
                    || one.startsWith("Caused by: "));
  }

  @Test
  void addressesOfTheWorldStayReadable() {
    Form.use(new Form.Caravan("1"));
    assertThat(line("any", Level.INFO, "to=<用户@例子.测试> 😀")).endsWith("to=<用户@例子.测试> 😀\n");
  }

  private String line(Throwable why) {
    return encoded(event("any", Level.ERROR, "broke", why));
  }

  private String line(String logger, Level level, String text, Marker... marks) {
    LoggingEvent event = event(logger, level, text, null);
    for (Marker mark : marks) {
      event.addMarker(mark);
    }
    return encoded(event);
  }

  private LoggingEvent event(String logger, Level level, String text, Throwable why) {
    Logger named = context.getLogger(logger);
    var event = new LoggingEvent("x", named, level, text, why, null);
    event.setInstant(NOON);
    return event;
  }

  private static String encoded(LoggingEvent event) {
    return new String(new LineEncoder().encode(event), StandardCharsets.UTF_8);
  }
}
