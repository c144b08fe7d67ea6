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

/// What milters ask for, as edits of a message.
class MilterEditsTest {
  @TempDir Path directory;

  private Mail edited(Modification... changes) throws IOException {
    Examined message = ExaminedLetters.of("Subject: x\r\n", "hello\r\n", directory);
    Mail mail = message.mail();
    return EditedMail.edit(mail, edits(message, changes), List::of);
  }

  private static List<Edit> edits(Examined message, Modification... changes) throws IOException {
    var grammar = Grammar.of(new Domain("example.com"));
    try (var edits = new MilterEdits(grammar, message.bodyWriter(), 1000)) {
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
