package org.caravanmta.filter.hooks;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.apache.hc.core5.http.ContentType;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterWeb;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;

/// Has a program judge each message that takes its questions from a queue of the broker. Question
/// and answer are those of MTA Hooks at the stage `data`, in JSON, all that can be told and the
/// whole message with it; an empty answer changes nothing.
///
/// @param program its queue
/// @param patience from the question to the answer
/// @param most larger messages it is not asked about, in bytes
public record QueuedFilter(ProgramQueue program, Duration patience, long most, InstantSource clock)
    implements MessageFilter {
  @Override
  public FilterAnswer examine(Examined message) {
    long size = message.mail().size();
    if (size > most) {
      return FilterAnswer.of(
          new Judgement.NoAnswer(
              "a message of " + size + " bytes, more than size-limit=" + most,
              Judgement.NoAnswer.Cause.MESSAGE));
    }
    try {
      HookQuestion question = Description.of(message, clock.instant());
      byte[] said = program.ask(bytes(question), patience);
      var answer =
          new FilterWeb.Answer(
              said.length == 0 ? 204 : 200, ContentType.APPLICATION_JSON.toString(), said);
      return HooksFilter.answer(
          new HooksService.Told(question.described(), HooksPatch.of(answer, question)), message);
    } catch (IOException | UncheckedIOException e) {
      return FilterAnswer.none(String.valueOf(e.getMessage()), e);
    }
  }

  private static byte[] bytes(HookQuestion question) throws IOException {
    JsonObject all = question.described();
    var everything =
        new Subscription(
            Set.of(question.stage()), all.keySet().stream().map(name -> "/" + name).toList());
    var out = new ByteArrayOutputStream();
    question.entity(everything, HooksSerialization.JSON).writeTo(out);
    return out.toByteArray();
  }
}
