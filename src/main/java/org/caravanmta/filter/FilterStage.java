package org.caravanmta.filter;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.filter.hooks.ProgramQueue;
import org.caravanmta.filter.milter.MilterHouse;
import org.caravanmta.message.Deferral;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Queues;
import org.caravanmta.policy.Case;
import org.caravanmta.smtp.Grammar;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// Content filters: those that route steps name, and which after-queue filter mail goes to.
public final class FilterStage implements Stage {
  private final ContentFilter filter;
  private final Filters filters;
  private final AfterQueue afterQueue;

  /// What filters take from other sections of the settings.
  ///
  /// @param chosen in the notation of postfix `content_filter`
  /// @param user whom it runs as, when it is a program of ours
  /// @param inline `content.inline-limit`
  /// @param sizeLimit the most bytes of a message
  /// @param grammar how the addresses are read that filters add
  /// @param ways where mail for an address goes
  /// @param programs the queue of a program, by its name
  /// @param expected throws an `IllegalArgumentException` that says why mail that goes through a
  ///   filter would wait forever
  /// @param refusals hears of what filters keep from its recipients
  /// @param rewriting of the addresses of a message that comes in
  /// @param deferral what becomes of a message that waits for a filter
  /// @param root whether the server may run programs as other users
  /// @param version our name and version
  public record Terms(
      Optional<String> chosen,
      OptionalInt user,
      int inline,
      long sizeLimit,
      Grammar grammar,
      MilterHouse.Ways ways,
      UnaryOperator<Case> rewriting,
      Function<String, ProgramQueue> programs,
      Consumer<String> expected,
      Refusals refusals,
      Deferral deferral,
      boolean root,
      String version) {}

  public FilterStage(FilterSettings own, Terms terms, House house) {
    expectFailing(own.afterQueue().failing(), terms.expected());
    this.filter =
        new ContentFilter(
            terms.chosen().map(NamedTransport::filter), terms.user(), house.hostname());
    this.afterQueue = new AfterQueue(own.afterQueue(), terms.deferral(), house.clock());
    this.filters =
        new Filters(
            own,
            new FilterHouse(
                house.hostname(),
                house.store(),
                house.ids()::next,
                terms.inline(),
                terms.rewriting(),
                terms.programs(),
                own.afterQueue().refused(),
                terms.refusals(),
                house.clock()),
            new MilterHouse(
                house.hostname(),
                own.macros().version().orElse(terms.version()),
                own.macros().daemonName().orElse(house.hostname()),
                own.macros().values(),
                terms.ways(),
                terms.grammar(),
                terms.sizeLimit()),
            terms.root(),
            house.clock());
  }

  private static void expectFailing(String failing, Consumer<String> expected) {
    if (!Queues.isFilter(failing)) {
      return;
    }
    try {
      expected.accept(failing + ":");
    } catch (IllegalArgumentException e) {
      throw new WrongSetting("filters.after-queue.failing", String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("contentFilter", filter, "filtered", afterQueue);
  }

  /// The step for each text that is a filter.
  public Filters filters() {
    return filters;
  }

  @Override
  public void close() {
    filters.close();
  }
}
