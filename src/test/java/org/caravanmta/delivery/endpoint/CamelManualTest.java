package org.caravanmta.delivery.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Cases;
import org.junit.jupiter.api.Test;

/// The manual's page on the transport `camel`: its examples are what they are said to be.
class CamelManualTest {
  private static final Path PAGE = Path.of("src/site/markdown/camel-transport.md");

  @Test
  void itsTableNamesEndpoints() throws IOException {
    List<String> uris = found("(?m)^\\S+ +camel:(\\S+)$");
    assertThat(uris).hasSize(3);
    try (var camel = new DefaultCamelContext()) {
      var endpoints = new Endpoints(camel);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> endpoints.make(uris.get(0)))
          .withMessageContaining("`caravan component add kafka`");
      assertThatNoException().isThrownBy(() -> endpoints.make(uris.get(1)));
      // the environment of a test has no such variable
      String uri = uris.get(2).replace("{{env:DESK_PASSWORD}}", "s3cret");
      assertThat(uri).isNotEqualTo(uris.get(2));
      assertThatNoException().isThrownBy(() -> endpoints.make(uri));
    }
  }

  @Test
  void itsRulesAreRules() throws IOException {
    List<String> rules = found("(?m)^ +- ((?:fail|defer) .*)$");
    assertThat(rules).hasSize(5);
    rules.forEach(rule -> assertThatNoException().isThrownBy(() -> FailureRule.parse(rule)));
  }

  @Test
  void itNamesEveryHeader() throws IOException {
    Mail mail = Cases.mail(Cases.own(), "Subject: x\r\n", "r@d.example");
    Mail task = mail.with(mail.envelope().with(Destination.of("camel", "https://h/x?a=b")));
    var text = new MailText(_ -> InputStream.nullInputStream());
    Map<String, Object> headers =
        OutgoingMessage.of(task, "delivery.camel", text, "https://h/x?a=b").headers();

    assertThat(new TreeSet<>(found("`((?:Caravan|Camel)[A-Z][A-Za-z]+|Content-Type)`")))
        .isEqualTo(new TreeSet<>(headers.keySet()));
  }

  private static List<String> found(String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult result) -> result.group(1))
        .toList();
  }
}
