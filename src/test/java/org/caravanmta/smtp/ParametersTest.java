package org.caravanmta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravanmta.address.Domain;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The words after the path of MAIL and RCPT (RFC 5321 §4.1.1.11).
class ParametersTest {
  private static final Domain ORIGIN = new Domain("our.example");

  @Test
  void allOfMailAreRead() {
    Command.Mail mail =
        mail("size=0012 body=8bitmime SMTPUTF8 ret=hdrs ENVID=a+20b=c AUTH=joe+40far.example");
    assertThat(mail.size()).isEqualTo(OptionalLong.of(12));
    assertThat(mail.parameters().body()).hasValue(MailOptions.Body.EIGHTBITMIME);
    assertThat(mail.parameters().smtputf8()).isTrue();
    assertThat(mail.parameters().ret()).hasValue(MailOptions.Ret.HDRS);
    assertThat(mail.parameters().envid()).hasValue("a+20b+3Dc");
    assertThat(mail.submitter()).isEqualTo("joe+40far.example");
  }

  @Test
  void whatIsNotSaidIsAbsent() {
    Command.Mail mail = mail("");
    assertThat(mail.size()).isEmpty();
    assertThat(mail.parameters()).isEqualTo(MailOptions.NONE);
    assertThat(mail.submitter()).isEmpty();
  }

  @Test
  void theLastOfSomeCounts() {
    Command.Mail mail = mail("SIZE=1 SIZE=0 BODY=BINARYMIME BODY=7BIT RET=FULL AUTH=<> AUTH=joe");
    assertThat(mail.size()).isEqualTo(OptionalLong.of(0));
    assertThat(mail.parameters().body()).hasValue(MailOptions.Body.SEVENBIT);
    assertThat(mail.parameters().ret()).hasValue(MailOptions.Ret.FULL);
    assertThat(mail.parameters().smtputf8()).isFalse();
    assertThat(mail.submitter()).isEqualTo("joe");
    assertThat(mail("BODY=BINARYMIME").parameters().binary()).isTrue();
  }

  @Test
  void aSizeBeyondAllNumbersIsBeyondAllLimits() {
    assertThat(mail("SIZE=" + "9".repeat(18)).size()).hasValue(999_999_999_999_999_999L);
    assertThat(mail("SIZE=" + "9".repeat(19)).size()).hasValue(Long.MAX_VALUE);
    assertThat(mail("SIZE=" + "0".repeat(30) + "7").size()).hasValue(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SIZE= | 501 5.5.4 Bad message size syntax",
        "SIZE=1x | 501 5.5.4 Bad message size syntax",
        "SIZE=1/ | 501 5.5.4 Bad message size syntax",
        "SIZE=1: | 501 5.5.4 Bad message size syntax",
        "SIZE | 555 5.5.4 Unsupported option: SIZE",
        "SMTPUTF8= | 555 5.5.4 Unsupported option: SMTPUTF8=",
        "BODY=9BIT | 555 5.5.4 Unsupported option: BODY=9BIT",
        "=x | 555 5.5.4 Unsupported option: =x",
        "XYZ=1 | 555 5.5.4 Unsupported option: XYZ=1",
        "RET=SOME | 501 5.5.4 Bad RET parameter syntax",
        "RET=FULL RET=FULL | 501 5.5.4 Bad RET parameter syntax",
        "ENVID= | 501 5.5.4 Bad ENVID parameter syntax",
        "ENVID=+0A | 501 5.5.4 Bad ENVID parameter syntax",
        "ENVID=+7F | 501 5.5.4 Bad ENVID parameter syntax",
        "ENVID=a ENVID=a | 501 5.5.4 Bad ENVID parameter syntax",
        "AUTH=a AUTH=b | 503 5.5.4 Error: multiple AUTH= options",
        "AUTH=a AUTH=<> | 503 5.5.4 Error: multiple AUTH= options",
      })
  void whatMailSaysWrongIsSaid(String parameters, String reply) {
    refused("MAIL FROM:<ann@our.example> " + parameters, reply);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOTIFY=NEVER | ''",
        "NOTIFY=success | SUCCESS",
        "NOTIFY=FAILURE,DELAY, | FAILURE,DELAY",
      })
  void theEventsOfNotifyAreRead(String parameter, String events) {
    Set<Notify.Event> expected =
        events.isEmpty()
            ? Set.of()
            : Arrays.stream(events.split(",", -1))
                .map(Notify.Event::valueOf)
                .collect(Collectors.toSet());
    assertThat(rcpt(parameter).notifyOn()).hasValue(new Notify(expected));
    assertThat(rcpt("").notifyOn()).isEmpty();
  }

  @Test
  void theOriginalRecipientIsReadUnlessItIsNobody() {
    assertThat(rcpt("ORCPT=rfc822;ann+40our.example").orcpt()).hasValue("rfc822;ann@our.example");
    assertThat(rcpt("ORCPT=rfc822;").orcpt()).isEmpty();
    assertThat(rcpt("").orcpt()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOTIFY= | 501 5.5.4 Error: Bad NOTIFY parameter syntax",
        "NOTIFY=NEVER,DELAY | 501 5.5.4 Error: Bad NOTIFY parameter syntax",
        "NOTIFY=ALWAYS | 501 5.5.4 Error: Bad NOTIFY parameter syntax",
        "NOTIFY=DELAY NOTIFY=DELAY | 501 5.5.4 Error: Bad NOTIFY parameter syntax",
        "ORCPT=ann | 501 5.5.4 Error: Bad ORCPT parameter syntax",
        "ORCPT=rfc822; ORCPT=rfc822;a | 501 5.5.4 Error: Bad ORCPT parameter syntax",
        "NOTIFY | 555 5.5.4 Unsupported option: NOTIFY",
        "SIZE=1 | 555 5.5.4 Unsupported option: SIZE=1",
      })
  void whatRcptSaysWrongIsSaid(String parameters, String reply) {
    refused("RCPT TO:<ann@our.example> " + parameters, reply);
  }

  private static Command.Mail mail(String parameters) {
    return (Command.Mail) CommandParser.parse("MAIL FROM:<ann@our.example> " + parameters, ORIGIN);
  }

  private static Command.Rcpt rcpt(String parameters) {
    return (Command.Rcpt) CommandParser.parse("RCPT TO:<ann@our.example> " + parameters, ORIGIN);
  }

  private static void refused(String line, String reply) {
    assertThat(CommandParser.parse(line, ORIGIN))
        .isInstanceOfSatisfying(
            Command.Refused.class, refused -> assertThat(refused.reply()).hasToString(reply));
  }
}
