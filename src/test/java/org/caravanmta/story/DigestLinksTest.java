package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Pattern;
import org.caravanmta.Ports;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.caravanmta.peers.FilterRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recipient whose mail was set aside gets a digest, follows its links, and has the mail.
class DigestLinksTest {
  @TempDir Path directory;

  @Test
  void aRecipientReleasesAMessageAndBlocksItsSender() throws Exception {
    int port = Ports.free();
    try (var milter = new ScriptedMilter()) {
      Path routes =
          FilterRoutes.in(
              directory.resolve("routes"),
              "- bean: { ref: \"milter %s\" }".formatted(milter.address()));
      try (var caravan =
          Server.start(
              directory.resolve("var"),
              "--routes",
              routes.toString(),
              "--set",
              "networks.own=[192.0.2.0/24]",
              "--set",
              "quarantine.digest=recipients",
              "--set",
              "quarantine.digest-every=1s",
              "--set",
              "quarantine.links=http://127.0.0.1:" + port + "/quarantine",
              "--set",
              "quarantine.address=127.0.0.1:" + port)) {
        milter.answers('E', packet('q', text("looks odd")), packet('c'));
        try (var talk = Talk.to(caravan.smtp)) {
          assertThat(
                  talk.send(
                      "ann@far.example",
                      "alice@caravan.test",
                      "Subject: You have won\r\n\r\nx\r\n"))
              .startsWith("250");
        }
        milter.answers('E', packet('r'));
        try (var talk = Talk.to(caravan.smtp)) {
          assertThat(
                  talk.send(
                      "bob@far.example", "alice@caravan.test", "Subject: A virus\r\n\r\nx\r\n"))
              .startsWith("550 5.7.1 ");
        }
        // one digest or two
        await()
            .atMost(Duration.ofMinutes(3))
            .untilAsserted(
                () ->
                    assertThat(digests(caravan))
                        .contains("You have won", "looks odd", "have not let this mail in")
                        .contains("A virus", "Why:     rejected: 550 5.7.1 "));
        String list = digests(caravan);
        int digests = caravan.maildir("alice").size();

        assertThat(ask("GET", link(list, "Release:"))).contains("You have won", "<button");
        assertThat(caravan.maildir("alice")).hasSize(digests);
        assertThat(ask("POST", link(list, "Release:"))).contains("The message is released");
        await().until(() -> caravan.maildir("alice").size() == digests + 1);
        await().until(() -> caravan.says("from the quarantine by a link of alice@caravan.test"));

        assertThat(ask("POST", link(list, "Block:"))).contains("is refused now");
        try (var talk = Talk.to(caravan.smtp)) {
          assertThat(talk.send("ann@far.example", "alice@caravan.test", "x"))
              .isEqualTo("550 5.7.1 <alice@caravan.test>: sender <ann@far.example> is blocked");
        }
      }
    }
  }

  private static String digests(Server caravan) throws Exception {
    var all = new StringBuilder();
    for (Path letter : caravan.maildir("alice")) {
      String text = Files.readString(letter);
      all.append(
          new String(
              Base64.getMimeDecoder().decode(text.substring(text.indexOf("\n\n") + 2)),
              StandardCharsets.UTF_8));
    }
    return all.toString();
  }

  private static String link(String digest, String word) {
    var found = Pattern.compile("(?m)^" + word + " +(http\\S+)").matcher(digest);
    assertThat(found.find()).as(digest).isTrue();
    return found.group(1);
  }

  private static String ask(String method, String link) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(link))
                  .method(method, HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer.body();
    }
  }
}
