package org.caravanmta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a line asks for, and what its sender is told when it asks for nothing.
class CommandLinesTest {
  private static final Domain ORIGIN = new Domain("our.example");

  @Test
  void eachCommandIsWhatItSays() {
    assertThat(List.of("DATA", "rset ", "NOOP x", "QUIT now", "HELP me", "STARTTLS"))
        .map(CommandLinesTest::read)
        .containsExactly(
            new Command.Data(),
            new Command.Rset(),
            new Command.Noop(),
            new Command.Quit(),
            new Command.Help(),
            new Command.StartTls());
    assertThat(read("ehlo  [192.0.2.1] x"))
        .isEqualTo(new Command.Hello(Verb.EHLO, "[192.0.2.1] x"));
    assertThat(read("XCLIENT ADDR=192.0.2.1"))
        .isEqualTo(new Command.ProxyAttributes(Verb.XCLIENT, "ADDR=192.0.2.1"));
    assertThat(read("auth plain AGEAYg=="))
        .isEqualTo(new Command.Auth("PLAIN", Optional.of("AGEAYg==")));
    assertThat(read("AUTH LOGIN")).isEqualTo(new Command.Auth("LOGIN", Optional.empty()));
    assertThat(read("BDAT 1000")).isEqualTo(new Command.Bdat(1000, false));
    assertThat(read("BDAT 0 last")).isEqualTo(new Command.Bdat(0, true));
    assertThat(read("ETRN @a.example")).isEqualTo(new Command.Etrn(new Domain("a.example")));
    assertThat(read("ETRN #a.example")).isEqualTo(new Command.Etrn(new Domain("a.example")));
    assertThat(read("ETRN a.example")).isEqualTo(new Command.Etrn(new Domain("a.example")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DATA",
        "RSET",
        "NOOP",
        "QUIT",
        "HELP",
        "STARTTLS",
        "EHLO a",
        "HELO a",
        "XFORWARD NAME=a",
        "AUTH LOGIN",
        "BDAT 1",
        "ETRN a.example",
        "VRFY a",
        "MAIL FROM:<>",
        "RCPT TO:<a>",
        "DATA x",
        "BDAT x",
        "EXPN list",
      })
  void itsVerbIsItsFirstWord(String line) {
    assertThat(read(line).verb()).hasToString(line.split(" ", -1)[0]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 500 5.5.2 Error: bad syntax",
        "HELO | 501 Syntax: HELO hostname",
        "EHLO | 501 Syntax: EHLO hostname",
        "DATA now | 501 5.5.4 Syntax: DATA",
        "RSET now | 501 5.5.4 Syntax: RSET",
        "STARTTLS now | 501 5.5.4 Syntax: STARTTLS",
        "XCLIENT | 501 5.5.4 Syntax: XCLIENT attribute=value...",
        "AUTH | 501 5.5.4 Syntax: AUTH mechanism",
        "AUTH PLAIN a b | 501 5.5.4 Syntax: AUTH mechanism",
        "MAIL | 501 5.5.4 Syntax: MAIL FROM:<address>",
        "MAIL TO:<a> | 501 5.5.4 Syntax: MAIL FROM:<address>",
        "MAIL FROM: | 501 5.5.4 Syntax: MAIL FROM:<address>",
        "MAIL FROM:<a@> | 501 5.1.7 Bad sender address syntax",
        "RCPT FROM:<a> | 501 5.5.4 Syntax: RCPT TO:<address>",
        "RCPT TO:<> | 501 5.1.3 Bad recipient address syntax",
        "VRFY | 501 5.5.4 Syntax: VRFY address",
        "VRFY <> | 501 5.1.3 Bad recipient address syntax",
        "BDAT | 521 5.5.4 Syntax: BDAT count [LAST]",
        "BDAT -1 | 521 5.5.4 Syntax: BDAT count [LAST]",
        "BDAT 1 LAST x | 521 5.5.4 Syntax: BDAT count [LAST]",
        "BDAT 1 FIRST | 521 5.5.4 Syntax: BDAT count [LAST]",
        "BDAT 1234567890123456789 | 521 5.5.4 Syntax: BDAT count [LAST]",
        "ETRN | 500 5.5.4 Syntax: ETRN domain",
        "ETRN a b | 500 5.5.4 Syntax: ETRN domain",
        "ETRN a..b | 501 5.5.4 Error: invalid parameter syntax",
        "ETRN bücher.example | 501 5.5.4 Error: invalid parameter syntax",
        "EXPN list | 502 5.5.1 Error: command not implemented",
      })
  void whatItSaysWrongIsSaid(String line, String reply) {
    assertThat(read(line))
        .isInstanceOfSatisfying(
            Command.Refused.class, refused -> assertThat(refused.reply()).hasToString(reply));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TURN", "UNKNOWN", "Zulu", "aaa", "zzz", "AAA"})
  void whatIsNoCommandIsUnknown(String word) {
    assertThat(read(word + " with words")).isEqualTo(new Command.Unknown(word));
    assertThat(Command.Unknown.REPLY).hasToString("500 5.5.2 Error: command not recognized");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1", "connect a:25", "Subject: x", "@x", "[x", "`x", "{x"})
  void otherProtocolsAndHeaderFieldsAreForeign(String line) {
    assertThat(read(line)).isEqualTo(new Command.Foreign());
  }

  @Test
  void theOperatorSaysWhichWordsAreIgnoredAndForbidden() {
    Grammar usual = Grammar.of(ORIGIN);
    var grammar =
        new Grammar(
            usual.origin(), usual.paths(), Set.of("TURN"), Set.of("XYZ", "VRFY"), usual.verps());
    assertThat(CommandParser.parse("xyz a", grammar)).isEqualTo(new Command.Ignored());
    assertThat(CommandParser.parse("VRFY a", grammar)).isEqualTo(new Command.Ignored());
    assertThat(CommandParser.parse("turn", grammar)).isEqualTo(new Command.Foreign());
    assertThat(CommandParser.parse("GET /", grammar)).isEqualTo(new Command.Unknown("GET"));
  }

  /// RFC 6531 §3.4, §3.7.4.2.
  @Test
  void charactersBeyondAsciiAreToBeDeclared() {
    assertThat(read("MAIL FROM:<jörg@our.example>")).isInstanceOf(Command.Refused.class);
    assertThat(read("MAIL FROM:<jörg@our.example> SIZE=1")).isInstanceOf(Command.Refused.class);
    assertThat(read("MAIL FROM:<jörg@our.example> SIZE=1 smtputf8"))
        .isInstanceOf(Command.Mail.class);
    assertThat(read("VRFY jörg")).isInstanceOf(Command.Refused.class);
    for (String line : List.of("VRFY jörg SMTPUTF8", "VRFY <jörg> smtputf8")) {
      assertThat(read(line))
          .isInstanceOfSatisfying(
              Command.Vrfy.class,
              vrfy -> assertThat(vrfy.address()).hasToString("jörg@our.example"));
    }
    assertThat(read("VRFY smtputf8"))
        .isInstanceOfSatisfying(
            Command.Vrfy.class,
            vrfy -> assertThat(vrfy.address()).hasToString("smtputf8@our.example"));
  }

  /// RFC 2920 §3.1; postfix `smtpd_junk_command_limit`.
  @Test
  void someVerbsEndAGroupAndSomeDoNothing() {
    assertThat(Verb.values())
        .filteredOn(Verb::endsGroup)
        .containsExactly(
            Verb.HELO,
            Verb.EHLO,
            Verb.STARTTLS,
            Verb.AUTH,
            Verb.DATA,
            Verb.XCLIENT,
            Verb.NOOP,
            Verb.VRFY,
            Verb.EXPN);
    assertThat(Verb.values())
        .filteredOn(Verb::isJunk)
        .containsExactly(
            Verb.HELO, Verb.EHLO, Verb.RSET, Verb.NOOP, Verb.VRFY, Verb.EXPN, Verb.ETRN, Verb.HELP);
  }

  private static Command read(String line) {
    return CommandParser.parse(line, ORIGIN);
  }
}
