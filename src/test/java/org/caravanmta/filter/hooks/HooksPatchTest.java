package org.caravanmta.filter.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers of a service that are not understood, in whole or in part.
class HooksPatchTest {
  @TempDir Path store;

  private Examined letter() {
    return ExaminedLetters.of("X-Old: 1\r\nSubject: x\r\nX-Old: 2\r\n", "hello\r\n", store);
  }

  @Test
  void skipsWhatIsNotThereAsDraft01Says() throws Exception {
    FilterAnswer answer =
        Hooks.answer(
            """
            {"set": [{"path": "/message/headers/99/value", "value": "x"}],
             "add": [{"path": "/message/headers", "value": {"name": "X", "value": "1"},
                      "index": 77},
                     {"path": "/message/headers", "value": {"name": "Y", "value": "1"}}],
             "delete": [{"path": "/envelope/to/9"}]}
            """,
            letter());
    assertThat(answer.judgement()).isEqualTo(Judgement.PASS);
    assertThat(answer.edits()).hasSize(1);
    assertThat(answer.note())
        .isEqualTo(
            "skipped: set /message/headers/99/value, add /message/headers/77,"
                + " delete /envelope/to/9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "7",
        "null",
        "\"accept\"",
        "{\"action\":\"accept\"}",
        "{\"action\":\"accept\",\"modifications\":[]}",
        "{\"set\":{}}",
        "{\"set\":[7]}",
        "{\"set\":[{\"path\":\"/action\"}]}",
        "{\"set\":[{\"path\":\"/action\",\"value\":\"dance\"}]}",
        "{\"set\":[{\"path\":\"/action\",\"value\":7}]}",
        "{\"set\":[{\"path\":\"/action\",\"value\":\"continue\"}]}",
        "{\"set\":[{\"path\":\"/stage\",\"value\":\"x\"}]}",
        "{\"set\":[{\"path\":\"/client/ip\",\"value\":\"x\"}]}",
        "{\"set\":[{\"path\":\"/response/code\",\"value\":451}]}",
        "{\"set\":[{\"path\":\"/response\",\"value\":\"no\"}]}",
        "{\"set\":[{\"path\":\"/response\",\"value\":{\"code\":999}}]}",
        "{\"set\":[{\"path\":\"/action\",\"value\":\"reject\"},"
            + "{\"path\":\"/response/code\",\"value\":200}]}",
        "{\"set\":[{\"path\":\"/rawMessage\",\"value\":\"(as is)\"}]}",
        "{\"set\":[{\"path\":\"/rawMessage\",\"value\":\"\"}]}",
        "{\"set\":[{\"path\":\"/rawMessage\",\"value\":null}]}",
        "{\"delete\":[{\"path\":\"/rawMessage\"}]}",
        "{\"delete\":[{\"path\":\"/message\"}]}",
        "{\"delete\":[{\"path\":\"/action\"}]}",
        "{\"set\":[{\"path\":\"/message/size\",\"value\":1}]}",
        "{\"set\":[{\"path\":\"/message/subject\",\"value\":1}]}",
        "{\"set\":[{\"path\":\"/message/headers\",\"value\":null}]}",
        "{\"add\":[{\"path\":\"/message/headers\",\"value\":\"X: y\"}]}",
        "{\"add\":[{\"path\":\"/message/headers\",\"value\":{\"name\":\"X y\",\"value\":\"z\"}}]}",
        "{\"add\":[{\"path\":\"/message/headers\",\"value\":{\"name\":\"X\",\"value\":7}}]}",
        "{\"add\":[{\"path\":\"/message/headers\",\"value\":{\"name\":\"X\",\"value\":\"y\"},"
            + "\"index\":-1}]}",
        "{\"set\":[{\"path\":\"/message/headers/0/colour\",\"value\":\"red\"}]}",
        "{\"add\":[{\"path\":\"/envelope/to\",\"value\":{\"address\":\"nobody\"}}]}",
        "{\"add\":[{\"path\":\"/envelope/to\",\"value\":{\"address\":null}}]}",
        "{\"add\":[{\"path\":\"/envelope/to\",\"value\":{\"address\":\"a@example.net\","
            + "\"parameters\":{\"NOTIFY\":\"SOMETIMES\"}}}]}",
        "{\"add\":[{\"path\":\"/envelope/to\",\"value\":{\"address\":\"a@example.net\","
            + "\"parameters\":{\"NOTIFY\":\"NEVER ORCPT=rfc822;x\"}}}]}",
        "{\"set\":[{\"path\":\"/envelope/to\",\"value\":7}]}",
        "{\"set\":[{\"path\":\"/envelope/from\",\"value\":{\"address\":\"joe@far.example\","
            + "\"parameters\":{\"RET\":\"FULL\"}}}]}",
        "{\"set\":[{\"path\":\"/envelope\",\"value\":{}}]}",
        "[{}]",
        "[{\"op\":\"dance\",\"path\":\"/action\"}]",
        "[{\"op\":\"replace\",\"path\":\"/action\"}]",
        "[{\"op\":\"test\",\"path\":\"/stage\",\"value\":\"rcpt\"}]",
        "[{\"op\":\"remove\",\"path\":\"/message/headers/99\"}]",
        "[{\"op\":\"remove\",\"path\":\"/message/headers/-\"}]",
        "[{\"op\":\"replace\",\"path\":\"\",\"value\":{}}]",
        "[{\"op\":\"copy\",\"from\":\"/message\",\"path\":\"/message/headers/0\"}]",
        "[{\"op\":\"copy\",\"from\":\"/message/headers/0\",\"path\":\"/message/subject\"}]",
        "[{\"op\":\"move\",\"from\":\"/rawMessage\",\"path\":\"/message/headers/0\"}]",
        "[{\"op\":\"copy\",\"from\":\"/envelope/to/0\",\"path\":\"/message/headers/0\"}]"
      })
  void whatIsNotAnAnswerIsNone(String json) throws Exception {
    assertThat(Hooks.answer(json, letter()).judgement())
        .isInstanceOfSatisfying(
            Judgement.NoAnswer.class,
            none -> assertThat(none.why()).startsWith("http://127.0.0.1"));
  }

  @Test
  void noServiceHasMoreToChangeThanThat() throws Exception {
    String one =
        "{\"op\":\"copy\",\"from\":\"/message/headers/1\",\"path\":\"/message/headers/-\"}";
    Examined letter = letter();
    FilterAnswer answer = Hooks.answer("[" + (one + ",").repeat(999) + one + "]", letter);
    int before = letter.mail().headers().fields().size();
    assertThat(EditedMail.edit(letter.mail(), answer.edits(), List::of).headers().fields())
        .hasSize(before + 1000);
    assertThat(Hooks.answer("[" + (one + ",").repeat(1000) + one + "]", letter()).judgement())
        .isInstanceOf(Judgement.NoAnswer.class);
  }
}
