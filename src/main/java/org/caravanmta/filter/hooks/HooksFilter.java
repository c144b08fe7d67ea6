package org.caravanmta.filter.hooks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;

/// Has a service judge each message at {@link HooksStage#DATA}.
public final class HooksFilter implements MessageFilter {
  private final HooksService service;
  private final InstantSource clock;

  public HooksFilter(HooksService service) {
    this.service = service;
    this.clock = service.clock();
  }

  @Override
  public FilterAnswer examine(Examined message) {
    try {
      Optional<HooksService.Told> told = service.ask(Description.of(message, clock.instant()));
      if (told.isEmpty()) {
        throw new IOException("the service does not want to be asked about messages");
      }
      return answer(told.get(), message);
    } catch (IOException | UncheckedIOException e) {
      return FilterAnswer.of(service.none(e));
    }
  }

  static FilterAnswer answer(HooksService.Told told, Examined message) throws IOException {
    Judgement judgement = InboundVerdict.of(told);
    List<String> skipped = told.changed().skipped();
    String note = skipped.isEmpty() ? "" : "skipped: " + String.join(", ", skipped);
    var edits = new ArrayList<Edit>();
    if (judgement instanceof Judgement.Pass || judgement instanceof Judgement.Quarantine) {
      edits.addAll(MessageChanges.of(told.before(), told.changed().result(), message));
      edits.addAll(EnvelopeChanges.of(told.before(), told.changed().result()));
    }
    return new FilterAnswer(judgement, edits, note);
  }

  @Override
  public void close() {
    service.close();
  }
}
