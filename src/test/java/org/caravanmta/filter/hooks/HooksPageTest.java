package org.caravanmta.filter.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The operations that the manual's page about content filters shows do what it says.
class HooksPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/filters.md");
  private static final Pattern OPERATION = Pattern.compile("(?m)^\\| `(\\{\"op\".*})` \\|");

  @TempDir Path store;

  private FilterAnswer answer(String... operations) throws Exception {
    Examined letter =
        ExaminedLetters.of("X-Old: 1\r\nSubject: x\r\nX-Old: 2\r\n", "hello\r\n", store);
    return Hooks.answer("[" + String.join(",", operations) + "]", letter);
  }

  @Test
  void eachDoesWhatItSays() throws Exception {
    List<String> shown =
        OPERATION.matcher(Files.readString(PAGE)).results().map(found -> found.group(1)).toList();
    assertThat(shown).hasSize(7);
    assertThat(answer(shown.getFirst()).judgement())
        .isInstanceOfSatisfying(
            Judgement.Refuse.class,
            refused -> assertThat(refused.reply().permanentFailure()).isTrue());
    assertThat(answer(shown.getFirst(), shown.get(1)).judgement())
        .isInstanceOfSatisfying(
            Judgement.Refuse.class,
            refused -> assertThat(refused.reply()).hasToString("451 4.7.1 Later"));
    var kinds = new ArrayList<Class<?>>();
    for (String operation : shown.subList(2, shown.size())) {
      FilterAnswer answer = answer(operation);
      assertThat(answer.judgement()).as(operation).isEqualTo(Judgement.PASS);
      kinds.add(answer.edits().getLast().getClass());
    }
    assertThat(kinds.subList(1, 4))
        .containsExactly(Edit.ChangeField.class, Edit.AddRecipient.class, Edit.ChangeSender.class);
    assertThat(answer(shown.get(2)).edits().toString()).contains("X-Seen");
    assertThat(answer(shown.get(6)).edits()).isNotEmpty();
    assertThat(shown.get(6)).contains(base64("Subject: new\r\n\r\nnew\r\n"));
  }

  @Test
  void theOtherActionsAreJudgements() throws Exception {
    for (String action : List.of("discard", "quarantine", "disconnect")) {
      assertThat(Files.readString(PAGE)).contains("`" + action + "`");
      assertThat(
              answer("{\"op\":\"replace\",\"path\":\"/action\",\"value\":\"" + action + "\"}")
                  .judgement()
                  .getClass()
                  .getSimpleName())
          .isEqualToIgnoringCase(action);
    }
    assertThat(answer("{\"op\":\"remove\",\"path\":\"/envelope/to/0\"}").edits())
        .hasOnlyElementsOfType(Edit.RemoveRecipient.class);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
