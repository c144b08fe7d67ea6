package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.selector.NumberField;
import org.caravanmta.queue.selector.TextField;
import org.junit.jupiter.api.Test;

/// The manual's page about selecting mail: each of its commands prints what it says.
class SelectingPageTest extends AdminAtBroker {
  private static final Path PAGE = Path.of("src/site/markdown/selecting-mail.md");
  private static final String PROMPT = "$ caravan queue ";
  private static final Pattern CONSOLE = Pattern.compile("(?s)```console\n(.*?)```");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  private static Mail to(String id, Reason why, String... recipients) {
    Mail mail = letter(id);
    return mail.with(
            mail.envelope().with(Destination.of("smtp", recipients[0].replaceAll(".*@", ""))))
        .with(
            Arrays.stream(recipients)
                .map(to -> Recipient.of(Address.parse(to)).because(why))
                .toList());
  }

  @Test
  void eachCommandPrintsWhatThePageSays() throws Exception {
    var refused = Reason.of("4.4.1", "connect to mx.customer.example[192.0.2.1]:25: refused");
    var full = Reason.of("4.2.2", "host mx.other.example[192.0.2.2] said: mailbox full");
    put("deferred.1h", to("4dK1", refused, "kim@customer.example"));
    put("deferred.1h", to("4dK2", refused, "kim@customer.example", "lee@customer.example"));
    put("deferred.1m", to("4dK3", full, "pat@other.example"));
    Mail unwanted = to("4dK4", refused, "kim@customer.example");
    put(
        "hold",
        unwanted.with(
            unwanted.envelope().with(ReversePath.of(Address.parse("prize@bad.example")))));

    int commands = 0;
    for (var console : CONSOLE.matcher(Files.readString(PAGE)).results().toList()) {
      for (String step : console.group(1).split("(?m)^(?=\\$ )")) {
        String command = step.lines().findFirst().orElseThrow();
        assertThat(command).startsWith(PROMPT);
        try (var asked = asked(List.of())) {
          int status = asked.run(words(command.substring(PROMPT.length())));
          assertThat(asked.out()).as(command).isEqualTo(step.substring(command.length() + 1));
          assertThat(asked.err()).as(command).isEmpty();
          assertThat(status).as(command).isZero();
        }
        commands++;
      }
    }
    assertThat(commands).isEqualTo(8);
    assertThat(where())
        .hasSize(2)
        .containsEntry("routing", "4dK1 4dK2")
        .containsEntry("force-expired", "4dK3");
  }

  @Test
  void thePageNamesWhatSelectorsKnow() throws Exception {
    String page = Files.readString(PAGE);
    for (TextField field : TextField.values()) {
      assertThat(page).contains("| `" + field.word() + "` |");
    }
    for (NumberField field : NumberField.values()) {
      assertThat(page).contains("| `" + field.word() + "` |");
    }
    for (Deed deed : Deed.values()) {
      assertThat(page).contains("| `" + deed.word() + "` |");
    }
  }

  private static String[] words(String line) {
    return WORD.matcher(line)
        .results()
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .toArray(String[]::new);
  }
}
