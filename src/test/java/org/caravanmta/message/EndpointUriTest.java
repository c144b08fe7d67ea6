package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What of the URI of a Camel endpoint anybody may read.
class EndpointUriTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafka:tickets | kafka:tickets",
        "kafka:tickets?brokers=a:1&saslJaasConfig=RAW(x password=\"p?q\";) | kafka:tickets",
        "https://ann:s3cret@desk.example/in?x=1 | https://xxxxxx@desk.example/in",
        "https://s3cret@desk.example/in | https://xxxxxx@desk.example/in",
        "ftp://ann:s3/cr@et@host/dir | ftp://xxxxxx@host/dir",
        "ftp:ann:s3cret@host/dir | ftp:xxxxxx@host/dir",
        "bean:desk@home | bean:desk@home",
        "file:/var/spool/x?fileName=${header.CaravanId} | file:/var/spool/x",
        "nonsense | nonsense"
      })
  void itIsShownWithoutOptionsAndLogin(String uri, String shown) {
    assertThat(EndpointUri.shown(uri)).isEqualTo(shown);
    assertThat(new Destination.Endpoint(uri).nextHop()).isEqualTo(shown);
    assertThat(new Destination.Endpoint(uri)).hasToString("camel:" + shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing of that: kind? | nothing of that: kind?",
        "a=camel:https://u:p@h/x?y=z, b=smtp:[h] | a=camel:https://xxxxxx@h/x?xxxxxx, b=smtp:[h]",
        "s: camel:kafka:x?p=q: wrong | s: camel:kafka:x?xxxxxx: wrong",
        "x: CAMEL:kafka:t?p=RAW(a b) is wrong | x: CAMEL:kafka:t?xxxxxx is wrong",
        "camel:a:b?c=d then camel:e:$1?f=g end | camel:a:b?xxxxxx then camel:e:$1?xxxxxx end"
      })
  void soItIsInALineThatNamesIt(String line, String shown) {
    assertThat(EndpointUri.shownIn(line)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"camel, kafka:t?password=p, kafka:t?password=p", "smtp, [h]:25, [h]:25"})
  void theQueueKeepsAllOfIt(String transport, String written, String kept) {
    Destination read = Destination.of(transport, written);

    assertThat(read.kept()).isEqualTo(kept);
    assertThat(Destination.of(read.transport(), read.kept())).isEqualTo(read);
    assertThat(read.by(Transport.CAMEL).kept()).isEqualTo(kept);
  }
}
