package org.caravanmta.restriction.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyServiceTest {
  private static final String PROBLEM = "451 4.3.5 Server configuration problem";

  @Test
  void aConnectionServesOneQuestionAfterTheOther() throws Exception {
    try (var server = PolicyServer.start("action=DUNNO\n\n", "action=REJECT go away\n\n")) {
      var service = service("inet:127.0.0.1:" + server.port());

      assertThat(service.ask(question("a@b.example"))).isEqualTo("DUNNO");
      assertThat(service.ask(question("c@d.example"))).isEqualTo("REJECT go away");

      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.questions())
          .containsExactly(
              "request=smtpd_access_policy\nsender=a@b.example\npolicy_context=\n",
              "request=smtpd_access_policy\nsender=c@d.example\npolicy_context=\n");
    }
  }

  @Test
  void aKeptConnectionThatHasBeenClosedIsReplaced() throws Exception {
    try (var server =
        PolicyServer.start("action=DUNNO\n\n" + PolicyServer.CLOSE, "action=OK\n\n")) {
      var service = service("inet:127.0.0.1:" + server.port());

      service.ask(question("a@b.example"));

      assertThat(service.ask(question("a@b.example"))).isEqualTo("OK");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PolicyServer.CLOSE,
        "\n",
        "nonsense\n\n",
        "action=DUNNO\n" + PolicyServer.CLOSE,
        PolicyServer.SILENCE,
        "action=\u00ff\n\n"
      })
  void anAnswerThatIsNoneIsAskedForAgainAndThenTheDefaultActionStands(String answer)
      throws Exception {
    try (var server = PolicyServer.start(answer, answer)) {
      var service = service("{ inet:127.0.0.1:" + server.port() + ", timeout=200ms }");

      assertThat(service.ask(question("a@b.example"))).isEqualTo(PROBLEM);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void aServerThatIsAwayIsTheOperatorsDefaultAction() throws Exception {
    int port;
    try (var server = PolicyServer.start()) {
      port = server.port();
    }
    assertThat(service("inet:127.0.0.1:" + port).ask(question("a@b.example"))).isEqualTo(PROBLEM);
    assertThat(
            service("{ inet:127.0.0.1:" + port + ", default_action=DUNNO, try_limit=1 }")
                .ask(question("a@b.example")))
        .isEqualTo("DUNNO");
  }

  @Test
  void nothingOfAPeersBecomesAnAttribute() throws Exception {
    try (var server = PolicyServer.start("action=DUNNO\n\n")) {
      service("{ inet:127.0.0.1:" + server.port() + ", policy_context=submission }")
          .ask(question("a\nrecipient=b@c.example"));

      assertThat(server.questions().getFirst())
          .isEqualTo(
              "request=smtpd_access_policy\nsender=a?recipient=b@c.example\n"
                  + "policy_context=submission\n");
    }
  }

  @Test
  void aServerMayListenOnAUnixSocket(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("policy");
    try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(path));
      try (var server = PolicyServer.on(listening, "action=PREPEND X-A: b\n\n")) {
        assertThat(service("unix:" + path).ask(question("a@b.example")))
            .isEqualTo("PREPEND X-A: b");
        assertThat(server.connections()).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:1", "inet:a", "unix:", "{ inet:a:1, timeout=0 }", "{ inet:a:1, x=1 }"})
  void aServerThatIsNoneIsRefused(String written) {
    assertThatThrownBy(() -> service(written)).isInstanceOf(IllegalArgumentException.class);
  }

  private static PolicyService service(String written) {
    return PolicyService.parse(written, InstantSource.system());
  }

  private static Map<String, String> question(String sender) {
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("request", "smtpd_access_policy");
    attributes.put("sender", sender);
    return attributes;
  }
}
