package org.caravanmta.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandardFormTest {
  private static final Origin ORIGIN = new Origin(new Domain("ex.com"));

  private final StandardForm standardForm = new StandardForm(ORIGIN, Origins.shipped(ORIGIN));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "From: joe (Joe) | From: joe@ex.com (Joe)",
        "To: ann, bob@host | To: ann@ex.com, bob@host",
        "Cc:Ann A. <ann>,  Bob <bob@b.org> | Cc: Ann A. <ann@ex.com>, Bob <bob@b.org>",
        "Reply-To: \"A, B\" < ann > | Reply-To: \"A, B\" <ann@ex.com>",
        "To: friends: ann, bob@b.org; | To: friends: ann@ex.com, bob@b.org;",
        "To: <@a.org,@b.org:ann@c.org> | To: <ann@c.org>",
        "Sender: site!user | Sender: user@site",
        "To: user%site | To: user@site",
        "To: \"first last\" | To: \"first last\"@ex.com",
        "To: ann@c.org. | To: ann@c.org",
        "Resent-Cc: (a, b) ann (\\) c) | Resent-Cc: ann@ex.com (a, b) (\\) c)",
      })
  void addressesOfOurOwnClientsGetADomain(String written, String completed) {
    assertThat(headers(Cases.own(), written + "\r\n")).isEqualTo(completed + "\r\n");
    assertThat(headers(Cases.loggedIn(), written + "\r\n")).isEqualTo(completed + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "From: joe (Joe)",
        "To: ann, bob@host",
        "To:   odd   spacing ,,  ann",
      })
  void whatAStrangerWroteIsNotOurs(String written) {
    assertThat(headers(Cases.stranger("192.0.2.9"), written + "\r\n")).isEqualTo(written + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "From:joe@b.org   (Joe)",
        "To:  Ann   <ann@b.org>\r\n  , bob@c.org ,",
        "To: undisclosed-recipients:;",
        "To: joe@b.org; ann@b.org bob@c.org <d@d.org>",
        "To: friends: joe@b.org ann@b.org;",
        "To: <>",
        "To:",
        "To: a@b@c, <ann@b.org",
        "To: \"ann\"@b.org, ann@[192.0.2.1]",
        "Subject: joe, ann",
        "Message-ID: <joe>",
      })
  void aFieldInWhichNoAddressChangesKeepsItsBytes(String written) {
    assertThat(headers(Cases.own(), written + "\r\n")).isEqualTo(written + "\r\n");
  }

  @Test
  void aLongListIsFoldedAndOnlyThatFieldChanges() {
    String before = "Received: from a\r\n\tby b;  now\r\nTo: ann,\r\n bob@b.org\r\nX: \u00ff\r\n";
    String names = "a".repeat(30) + ", " + "b".repeat(30) + ", c";

    assertThat(headers(Cases.own(), before))
        .isEqualTo(
            "Received: from a\r\n\tby b;  now\r\nTo: ann@ex.com, bob@b.org\r\nX: \u00ff\r\n");
    assertThat(headers(Cases.own(), "To: " + names + "\r\n"))
        .isEqualTo(
            "To: " + "a".repeat(30) + "@ex.com,\r\n\t" + "b".repeat(30) + "@ex.com, c@ex.com\r\n");
  }

  @Test
  void namesInAnyCharacterSetKeepTheirBytes() {
    assertThat(headers(Cases.own(), "To: J\u00f6rg <j>\r\n"))
        .isEqualTo("To: J\u00f6rg <j@ex.com>\r\n");
  }

  @Test
  void theEnvelopeIsInStandardFormForEverybody() {
    for (Client client : new Client[] {Cases.own(), Cases.stranger("192.0.2.9")}) {
      Mail mail = Cases.mail(client, "", "u@b.org.", "x%y@c.org");
      Mail rewritten = rewritten(mail);

      assertThat(rewritten.recipients())
          .extracting(r -> r.address().toString())
          .containsExactly("u@b.org", "x%y@c.org");
      assertThat(rewritten.recipients())
          .extracting(r -> r.original().toString())
          .containsExactly("u@b.org.", "x%y@c.org");
    }
  }

  @Test
  void ourOwnMailerDaemonIsTheNullReversePath() {
    Mail mail = Cases.mail(Cases.own(), "", "u@b.org");

    assertThat(
            rewritten(mail.with(mail.envelope().with(ReversePath.parse("MAILER-DAEMON@ex.com."))))
                .reversePath())
        .isEqualTo(ReversePath.NULL);
    assertThat(
            rewritten(mail.with(mail.envelope().with(ReversePath.parse("mailer-daemon@b.org"))))
                .reversePath())
        .hasToString("mailer-daemon@b.org");
  }

  @Test
  void whatIsDecidedStaysAsItIs() {
    Case held =
        new Case.Message(Cases.mail(Cases.own(), "To: ann\r\n", "u@b.org."))
            .decided(new Verdict.Hold("why"));

    assertThat(standardForm.rewrite(held)).isSameAs(held);
  }

  @Example
  void aBackslashOfANameStaysOne() {
    String once = headers(Cases.own(), "To: @\\\\@\"a\"a\r\nX:  y\r\n");
    assertThat(headers(Cases.own(), once)).isEqualTo(once);
    assertThat(headers(Cases.own(), "To: a\\\\b\r\n")).contains("\"a\\\\b\"@ex.com");
  }

  @Property
  void noFieldMakesItFailAndASecondTimeChangesNothing(
      @ForAll
          @StringLength(max = 40)
          @CharRange(from = 'a', to = 'c')
          @Chars({
            '@', '!', '%', '.', '"', ':', ';', ',', '<', '>', '(', ')', ' ', '\\', '[', ']',
            '\u00fc'
          })
          String value) {
    String once = headers(Cases.own(), "To: " + value + "\r\nX:  y\r\n");

    assertThat(headers(Cases.own(), once)).isEqualTo(once);
    assertThat(once).endsWith("\r\nX:  y\r\n");
    assertThat(Headers.parse(once.getBytes(StandardCharsets.ISO_8859_1)).fields()).hasSize(2);
  }

  private String headers(Client client, String headers) {
    Mail mail = rewritten(Cases.mail(client, headers, "u@b.org"));
    return new String(mail.headers().bytes(), StandardCharsets.ISO_8859_1);
  }

  private Mail rewritten(Mail mail) {
    return ((Case.Message) standardForm.rewrite(new Case.Message(mail))).mail();
  }
}
