package org.caravanmta.filter.hooks;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.caravanmta.filter.contract.Judgement;

/// Has a service judge what clients say before the message, each time by itself: nothing is kept
/// from one command to the next. A stage at which the service does not want to be asked is passed.
public final class HooksSession {
  private final HooksService service;
  private final InstantSource clock;

  public HooksSession(HooksService service) {
    this.service = service;
    this.clock = service.clock();
  }

  /// What it says of a client that has connected.
  public Judgement connect(SessionFacts facts) {
    return judge(HooksStage.CONNECT, facts);
  }

  /// What it says of HELO or EHLO.
  public Judgement ehlo(SessionFacts facts) {
    return judge(HooksStage.EHLO, facts);
  }

  /// What it says of MAIL.
  public Judgement mail(SessionFacts facts) {
    return judge(HooksStage.MAIL, facts);
  }

  /// What it says of the last recipient.
  public Judgement rcpt(SessionFacts facts) {
    return judge(HooksStage.RCPT, facts);
  }

  private Judgement judge(HooksStage stage, SessionFacts facts) {
    try {
      Optional<HooksService.Told> told = service.ask(Description.of(stage, facts, clock.instant()));
      if (told.isEmpty()) {
        return Judgement.PASS;
      }
      Judgement judgement = InboundVerdict.of(told.get());
      JsonObject result = told.get().changed().result();
      if (!Objects.equals(result.get("envelope"), told.get().before().get("envelope"))
          || result.containsKey("message")
          || result.containsKey(HookQuestion.RAW)) {
        throw new IOException("the service changes the message at " + stage.word());
      }
      return judgement;
    } catch (IOException e) {
      return service.none(e);
    }
  }
}
