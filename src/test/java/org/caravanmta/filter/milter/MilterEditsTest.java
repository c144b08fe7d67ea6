package org.caravanmta.filter.milter;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.caravanmta.smtp.Grammar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What milters ask for, as edits of a message.
class MilterEditsTest {
  @TempDir Path directory;

  private Mail edited(Modification... changes) throws IOException {
    Examined message = ExaminedLetters.of("Subject: x\r\n", "hello\r\n", directory);
    Mail mail = message.mail();
    return EditedMail.edit(mail, edits(message, changes), List::of);
  }

  private static List<Edit> edits(Examined message, Modification... changes) throws IOException {
    return edits(message, false, changes);
  }

  private static List<Edit> edits(Examined message, boolean spaces, Modification... changes)
      throws IOException {
    var grammar = Grammar.of(new Domain("example.com"));
    try (var edits = new MilterEdits(grammar, spaces, message.bodyWriter(), 1000)) {
      for (Modification change : changes) {
        edits.take(change);
      }
      return edits.finish();
    }
  }

  @Test
  void aNewSenderMayHaveParametersOfItsOwn() throws IOException {
    Mail mail =
        edited(
            new Modification.ChangeSender("<new@far.example>", "RET=HDRS SIZE=1 NO=3 ENVID=QQ314"));
    assertThat(mail.reversePath()).isEqualTo(ReversePath.of(Address.parse("new@far.example")));
    MailOptions parameters = mail.envelope().parameters();
    assertThat(parameters.ret()).contains(MailOptions.Ret.HDRS);
    assertThat(parameters.envid()).contains("QQ314");
  }

  @Test
  void anInternationalizedSenderNeedsNoParameter() throws IOException {
    assertThat(edited(new Modification.ChangeSender("<jö@grün.example>", "")).reversePath())
        .hasToString("jö@grün.example");
  }

  /// A signature by the simple canonicalization (RFC 6376 §3.4.1) holds for these bytes only.
  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "false,b,X-A: b",
        "false, b,X-A:  b",
        "false,\tb,X-A: \tb",
        "false,bLF c,X-A: bCRLF c",
        "true,b,X-A:b",
        "true, b,X-A: b",
        "true,\tb,X-A:\tb",
        "true,  bLF\tc,X-A:  bCRLF\tc"
      })
  void whatStandsAfterTheColonIsAsAgreed(boolean spaces, String value, String field)
      throws IOException {
    Examined message = ExaminedLetters.of("Subject: x\r\nX-A: old\r\n", "hello\r\n", directory);
    String given = value.replace("LF", "\n");
    for (Modification change :
        List.of(
            new Modification.AddHeader("X-A", given),
            new Modification.InsertHeader(1, "X-A", given),
            new Modification.ChangeHeader(1, "X-A", given))) {
      Mail mail = EditedMail.edit(message.mail(), edits(message, spaces, change), List::of);
      assertThat(new String(mail.headers().bytes(), US_ASCII))
          .as("%s", change)
          .contains("\r\n" + field.replace("CRLF", "\r\n") + "\r\n");
    }
  }

  @Test
  void parametersOfRecipientsThatMeanNothingAreIgnored() throws IOException {
    Examined message = ExaminedLetters.of("Subject: x\r\n", "hello\r\n", directory);
    assertThat(
            edits(
                message,
                new Modification.AddRecipient(
                    "<q@far.example>", "NOTIFY=NEVER,SUCCESS COLOUR=red ORCPT=rfc822;o@o")))
        .containsExactly(
            new Edit.AddRecipient(
                Address.parse("q@far.example"), Optional.empty(), Optional.of("rfc822;o@o")));
    assertThat(edits(message, new Modification.AddRecipient("<q@far.example>", "NOTIFY=NEVER")))
        .containsExactly(
            new Edit.AddRecipient(
                Address.parse("q@far.example"), Optional.of(Notify.NEVER), Optional.empty()));
  }

  @Test
  void linesOfANewBodyEndWithCrlf() throws IOException {
    Mail mail =
        edited(
            new Modification.ReplaceBody("a\nb\r".getBytes(US_ASCII)),
            new Modification.ReplaceBody("\n.\n".getBytes(US_ASCII)));
    assertThat(mail.content())
        .isInstanceOfSatisfying(
            Content.Inline.class,
            it -> assertThat(new String(it.bytes(), US_ASCII)).isEqualTo("a\r\nb\r\n.\r\n"));
  }
}
