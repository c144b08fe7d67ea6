package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.Set;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationTest {
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "smtp     | example.org                 | Plain",
        "smtp     | [a.example]:25, b.example   | Plain",
        "smtp     | what is not a next hop      | Plain",
        "lmtp     | unix:/run/lmtp              | Plain",
        "local    | example.org                 | Plain",
        "virtual  | example.org                 | Plain",
        "filter   | smtp:[127.0.0.1]:10025      | Filter",
        "filter   | lmtp:unix:/run/filter       | Filter",
        "filter   | [127.0.0.1]:10025           | Other",
        "filter   | ''                          | Other",
        "pipe     | drop:there                  | Program",
        "pipe     | drop:there:and there        | Program",
        "pipe     | drop                        | Program",
        "error    | error:5.1.1 User unknown    | Fail",
        "error    | error:4.7.1 User unknown    | Fail",
        "error    | error:5.1.1                 | Fail",
        "error    | error:go away: now          | Fail",
        "error    | error:                      | Fail",
        "error    | retry:4.3.2 Not now         | Retry",
        "error    | retry:                      | Retry",
        "discard  | not wanted                  | Plain",
        "discard  | ''                          | Plain",
        "archive  | any thing: at all           | Other",
        "retry    | example.org                 | Other",
      })
  void whatATaskCarriesIsReadAndWrittenAsItWas(String transport, String nextHop, String kind) {
    var destination = Destination.of(transport, nextHop);
    assertThat(destination.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(destination.transport()).isEqualTo(transport);
    assertThat(destination.nextHop()).isEqualTo(nextHop);
    Mail mail = Letters.hopping(Letters.to("a@far.example"), transport, nextHop);
    byte[] encoded = Wire.encode(new MailCodec(), mail);
    assertThat(Wire.decode(new MailCodec(), encoded).envelope().destination())
        .contains(destination);
  }

  @Test
  void ofARefusalIsKnownWhatWasWrittenAndWhatItComesTo() {
    var fail = (Destination.Fail) Destination.of("error", "error:4.7.1   closed for   now");
    assertThat(fail.why().status()).contains(Status.of("4.7.1"));
    assertThat(fail.why().status(Status.of("5.0.0"))).isEqualTo(Status.of("5.7.1"));
    assertThat(fail.why().shown()).isEqualTo("closed for   now");
    assertThat(Destination.Retry.UNSAID.why().status(Status.of("4.0.0")))
        .isEqualTo(Status.of("4.0.0"));
  }

  @ParameterizedTest(name = "{0} {1} by {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "slow    | smtp:[127.0.0.1]:10025 | FILTER |"
            + " Filter[server=Plain[way=SMTP, nextHop=[127.0.0.1]:10025]]",
        "slow    | drop:there             | PIPE   | Program[name=drop, argument=there]",
        "pipe    | drop:there             | PIPE   | Program[name=drop, argument=there]",
        "slow    | retry:later            | ERROR  | Retry[why=later]",
        "error   | retry:later            | ERROR  | Retry[why=later]",
      })
  void aRouteOfTheOperatorsMayHaveTheStepsOfOneOfOurs(
      String transport, String nextHop, Transport other, String read) {
    assertThat(Destination.of(transport, nextHop).by(other)).hasToString(read);
  }

  @Test
  void serversAreReadInTheNotationOfNextHops() {
    assertThat(Destination.of("slow", "[a.example]:25, b.example").servers())
        .containsExactly(
            new NextHop.Host("a.example", Optional.of(25), true),
            new NextHop.Host("b.example", Optional.empty(), false));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Destination.of("smtp", "a b:c").servers());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "smtp:[a.example]     | Plain[way=SMTP, nextHop=[a.example]]",
        "SMTP:[a.example]     | Other[transport=SMTP, nextHop=[a.example]]",
        "smtp                 | Plain[way=SMTP, nextHop=unsaid]",
        "local:               | Plain[way=LOCAL, nextHop=unsaid]",
        "Error:5.1.1 nobody   | Fail[why=5.1.1 nobody]",
        "RETRY:               | Retry[why=]",
        "discard              | Plain[way=DISCARD, nextHop=]",
        "drop                 | Program[name=drop, argument=unsaid]",
        "drop:there           | Program[name=drop, argument=there]",
        "elsewhere:there      | Other[transport=elsewhere, nextHop=there]",
      })
  void whatAnOperatorWritesLeadsThere(String written, String destination) {
    assertThat(NamedTransport.parse(written, "unsaid").destination(Set.of("drop")))
        .hasToString(destination);
  }

  @ParameterizedTest
  @CsvSource({"smtp:[127.0.0.1]:10025", "error:5.7.1 no", "retry:", "drop:", "Lmtp:unix:/x"})
  void aFilterTravelsAsItWasWritten(String written) {
    var filter = NamedTransport.parse(written, "");
    Mail mail = Letters.to("a@far.example");
    Mail filtered = mail.with(mail.envelope().through(Optional.of(filter)));
    byte[] encoded = Wire.encode(new MailCodec(), filtered);
    assertThat(Wire.decode(new MailCodec(), encoded).envelope().filter()).contains(filter);
  }
}
