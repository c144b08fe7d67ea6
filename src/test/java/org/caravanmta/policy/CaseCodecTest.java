package org.caravanmta.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.ClientTls;
import org.caravanmta.message.Custody;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Passage;
import org.caravanmta.message.Verp;
import org.caravanmta.message.Wire;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CaseCodecTest {
  static List<Verdict> verdicts() {
    return List.of(
        Verdict.UNDECIDED,
        Verdict.PERMIT,
        new Verdict.Defer(Reply.of(451, "4.3.0", "later")),
        new Verdict.Reject(Reply.plain(554, "no", "not here")),
        new Verdict.Hold("looks odd"),
        new Verdict.Discard("spam"));
  }

  @ParameterizedTest
  @MethodSource("verdicts")
  void questionsAndAnswersTravel(Verdict verdict) throws Exception {
    var client =
        new Client(
                ClientHost.of(InetAddress.getByName("192.0.2.1"), 25, true),
                new Greeting("", "SMTP"),
                Entrance.by("smtp"))
            .with(new ClientTls("TLSv1.3 x", Optional.empty()));
    var rcpt =
        new Case.Rcpt(
            client,
            ReversePath.NULL,
            Address.of("a", "b.example"),
            499,
            true,
            verdict,
            restrictionState());
    var data = new Case.Data(client, ReversePath.NULL, List.of(), verdict, RestrictionState.START);
    var codec = new CaseCodec();

    for (Case sent :
        List.of(
            new Case.Connection(client, verdict),
            new Case.Connection(
                client,
                verdict,
                restrictionState().after(Set.of(RestrictionList.CLIENT), Optional.empty()),
                "MAIL",
                ReversePath.parse("a@b.example")),
            rcpt,
            data)) {
      byte[] encoded = Wire.encode(codec, sent);
      assertThat(Wire.check(encoded)).isEqualTo(codec.tag());
      assertThat(Wire.decode(codec, encoded)).isEqualTo(sent);
    }
  }

  /// The questions about an envelope together grow as it does, not with its square. What newer
  /// programs have added to a message goes through the stages that are asked about it.
  @Test
  void allThatAMessageAsksForTravelsInAQuestion() {
    var asked = MailOptions.NONE.with(Verp.USUAL).withRequireTls();
    Mail mail = Letters.to("ann@ex.example");
    var passage =
        new Passage(
            List.of("clamd inet:127.0.0.1:3310"),
            Optional.of(
                new Custody(
                    "milter inet:127.0.0.1:8891",
                    "spam",
                    OptionalDouble.of(15.2),
                    mail.envelope().arrived())));
    mail = mail.with(mail.envelope().with(asked).with(passage));
    var codec = new CaseCodec();
    byte[] encoded = Wire.encode(codec, new Case.Message(mail));
    assertThat(encoded[0]).isEqualTo(Wire.VERSION);
    assertThat(((Case.Message) Wire.decode(codec, encoded)).mail().envelope())
        .isEqualTo(mail.envelope());
  }

  @Test
  void theLastRecipientOfALongEnvelopeTakesNoMoreThanTheFirst() {
    var codec = new CaseCodec();
    var first = Cases.rcpt(Cases.own(), "ann@far.example", "u1@own.example");
    var last =
        new Case.Rcpt(
            first.client(), first.sender(), first.recipient(), 999, false, Verdict.UNDECIDED);
    assertThat(Wire.encode(codec, last)).hasSameSizeAs(Wire.encode(codec, first));
    assertThat(Wire.decode(codec, Wire.encode(codec, last))).isEqualTo(last);
  }

  private static RestrictionState restrictionState() {
    var someone = Address.of("x", "y.example");
    return new RestrictionState("1f", "4Xy", 1234, new GivenPaths("a", "c@d", "e+40f"))
        .at(RestrictionList.SENDER)
        .deferIfPermit(Reply.of(450, "4.7.1", "later"))
        .deferIfReject(Reply.of(450, "4.7.1", "soon"))
        .and(new MessageAction.Hold("odd"))
        .and(new MessageAction.Redirect(someone))
        .and(new MessageAction.Bcc(someone))
        .and(new MessageAction.Filter(new NamedTransport("smtp", "[127.0.0.1]:10025")))
        .and(new MessageAction.Prepend("X-A: b"))
        .permit();
  }
}
