package org.caravanmta.delivery.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.caravanmta.smtp.Attempt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the operator has declared a failure to mean.
class FailureRuleTest {
  private static final List<FailureRule> HTTP =
      rules(
          "defer http=408,425,429; fail 5.1.1 http=404,410; fail http=4xx; defer 4.7.0"
              + " http=500-599");

  @ParameterizedTest
  @CsvSource({
    "300, 4.3.0",
    "399, 4.3.0",
    "400, 5.3.0",
    "404, 5.1.1",
    "408, 4.3.0",
    "410, 5.1.1",
    "425, 4.3.0",
    "429, 4.3.0",
    "499, 5.3.0",
    "500, 4.7.0",
    "599, 4.7.0"
  })
  void theFirstThatHoldsCounts(int http, String status) {
    assertThat(meaning(HTTP, answer(http), "https")).isEqualTo(status);
    assertThat(status(FailureRule.meaning(HTTP, EndpointFailure.of(http, "https")).attempt()))
        .isEqualTo(status);
  }

  @Test
  void withoutARuleEverythingWaits() {
    assertThat(meaning(List.of(), answer(404), "https")).isEqualTo("4.3.0");
    assertThat(meaning(List.of(), new IllegalStateException("never"), "bean")).isEqualTo("4.3.0");
    assertThat(meaning(HTTP, new ConnectException("refused"), "https")).isEqualTo("4.3.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fail exception=ConnectException | 5.3.0",
        "fail exception=java.net.ConnectException | 5.3.0",
        "fail exception=IOException | 5.3.0",
        "fail exception=java.io.FileNotFoundException,CamelExchangeException | 5.3.0",
        "fail exception=onnectException | 4.3.0",
        "fail text=/no such [dq]/ | 5.3.0",
        "fail text=/^no such/ | 4.3.0",
        "fail scheme=kafka,bean text=/such/ | 5.3.0",
        "fail scheme=kafka text=/such/ | 4.3.0",
        "fail 5.1.1 scheme=bean exception=IOException text=/a space/ | 4.3.0",
        "fail http=4xx | 4.3.0"
      })
  void causesAndKindsCountToo(String rule, String status) {
    var exchange = new DefaultExchange(new DefaultCamelContext());
    var failure =
        new CamelExchangeException("outer", exchange, new ConnectException("no such desk there"));

    assertThat(meaning(rules(rule), failure, "bean")).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bounce http=404 | expected fail, defer or suspend, found bounce",
        "fail | expected a condition",
        "fail 5.1.1 | expected a condition",
        "fail 4.1.1 http=404 | needs a status that begins with 5",
        "defer 5.1.1 http=404 | needs a status that begins with 4",
        "suspend 5.1.1 http=404 | suspend needs a status that begins with 4",
        "fail http=600-500 | not a range",
        "fail http=40 | must be statuses",
        "fail http= | expected http=",
        "fail code=404 | expected http=, exception=",
        "fail text=no | pattern between slashes",
        "fail text=/(/ | missing closing"
      })
  void whatIsWrongIsSaid(String rule, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FailureRule.parse(rule))
        .withMessageContaining(why);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CamelSettings(Duration.ofMinutes(1), 1, 1, List.of(rule)))
        .withMessageStartingWith("failures must be rules: \"" + rule + "\": ");
  }

  /// What the mail's outcome is does not tell whether others have a chance.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- | 500 | REACHED",
        "- | 501 | REACHED",
        "- | 502 | MISSED",
        "- | 503 | MISSED",
        "- | 504 | MISSED",
        "- | 429 | REACHED",
        "suspend 4.7.0 http=429 | 429 | MISSED",
        "suspend http=429 | 404 | REACHED",
        "defer http=5xx | 503 | MISSED",
        "fail http=5xx | 503 | REACHED",
        "- | java.net.ConnectException | MISSED",
        "- | java.net.http.HttpConnectTimeoutException | MISSED",
        "- | java.net.UnknownHostException | MISSED",
        "- | javax.net.ssl.SSLHandshakeException | MISSED",
        "- | java.nio.file.NoSuchFileException | REACHED",
        "- | java.lang.IllegalStateException | REACHED",
        "suspend exception=IOException | java.nio.file.NoSuchFileException | MISSED"
      })
  void someFailuresSayThatNobodyIsThere(String rule, String failure, String contact)
      throws Exception {
    var thrown =
        failure.matches("\\d+")
            ? answer(Integer.parseInt(failure))
            : (Exception)
                Class.forName(failure).getConstructor(String.class).newInstance("so it is");

    assertThat(
            FailureRule.meaning(
                    rule.equals("-") ? List.of() : rules(rule), failure(thrown, "https"))
                .contact())
        .hasToString(contact);
  }

  @ParameterizedTest
  @ValueSource(strings = {"desk.example", "desk"})
  void aMessageThatIsANameIsSaidWithItsClass(String name) {
    var failure = new IOException("x", new java.net.UnknownHostException(name));

    assertThat(failure(failure, "https").shown()).isEqualTo("UnknownHostException: " + name);
  }

  private static List<FailureRule> rules(String rules) {
    return Arrays.stream(rules.split("; ")).map(FailureRule::parse).toList();
  }

  private static HttpOperationFailedException answer(int status) {
    return new HttpOperationFailedException(
        "http://h/x?p=s3cret", status, "So", null, null, "body");
  }

  private static EndpointFailure failure(Throwable failure, String scheme) {
    return EndpointFailure.of(failure, scheme, UriSecrets.of(scheme + ":x", uri -> uri));
  }

  private static String meaning(List<FailureRule> rules, Throwable failure, String scheme) {
    return status(FailureRule.meaning(rules, failure(failure, scheme)).attempt());
  }

  private static String status(Attempt attempt) {
    return switch (attempt) {
      case Attempt.Deferred(var reason) -> reason.status().toString();
      case Attempt.Failed(var reason) -> reason.status().toString();
      case Attempt.Delivered delivered -> delivered.toString();
    };
  }
}
