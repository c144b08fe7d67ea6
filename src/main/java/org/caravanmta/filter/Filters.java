package org.caravanmta.filter;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.caravanmta.filter.clamd.ClamdFilter;
import org.caravanmta.filter.contract.DialogueFilter;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.FilterServers;
import org.caravanmta.filter.contract.FollowedServers;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.filter.hooks.FollowedHooks;
import org.caravanmta.filter.hooks.HooksFilter;
import org.caravanmta.filter.hooks.HooksService;
import org.caravanmta.filter.hooks.HooksStage;
import org.caravanmta.filter.hooks.HooksTerms;
import org.caravanmta.filter.hooks.QueuedFilter;
import org.caravanmta.filter.icap.IcapFilter;
import org.caravanmta.filter.milter.MacroNames;
import org.caravanmta.filter.milter.MilterFilter;
import org.caravanmta.filter.milter.MilterHouse;
import org.caravanmta.filter.pipe.PipeFilter;
import org.caravanmta.filter.proxy.ProxyFilter;
import org.caravanmta.filter.rspamd.RspamdFilter;
import org.caravanmta.filter.rspamd.RspamdTerms;
import org.caravanmta.filter.spamd.SpamdFilter;
import org.caravanmta.filter.spamd.SpamdTerms;
import org.caravanmta.message.Content;
import org.caravanmta.message.Queues;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All content filters that routes name, by the texts of their steps: `milter inet:127.0.0.1:8891`,
/// `clamd unix:/run/clamav/clamd.ctl`. Each is made once, however many steps name it.
public final class Filters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Filters.class);

  /// A question is in memory as a whole, here and in the broker.
  private static final long QUEUE_MOST = 20 << 20;

  private static final long SPAMD_MOST = 512_000;

  private final FilterSettings settings;
  private final FilterHouse house;
  private final MilterHouse milters;
  private final MacroNames macros;
  private final InstantSource clock;
  private final boolean root;
  private final Map<String, FilterStep> steps = new ConcurrentHashMap<>();

  /// The texts of steps, by the texts without secrets.
  private final Map<String, String> shown = new ConcurrentHashMap<>();

  private volatile boolean followed;

  /// @param root whether the server may run programs as other users
  Filters(
      FilterSettings settings,
      FilterHouse house,
      MilterHouse milters,
      boolean root,
      InstantSource clock) {
    this.root = root;
    this.settings = settings;
    this.house = house;
    this.milters = milters;
    this.macros = settings.macros().names();
    this.clock = clock;
  }

  /// The step that a route's bean name stands for; empty if it is the name of something else.
  ///
  /// @throws IllegalArgumentException says what is wrong with it
  public Optional<FilterStep> step(String written) {
    Optional<FilterStep> known = Optional.ofNullable(steps.get(written));
    return known.isPresent() ? known : FilterWords.read(written).map(this::step);
  }

  /// A message that waits or is set aside names steps as they are shown, without secrets.
  private FilterStep step(FilterWords words) {
    String same = shown.putIfAbsent(words.shown(), words.written());
    if (same != null && !same.equals(words.written())) {
      throw words.wrong("another step differs from it by its password or token only");
    }
    return steps.computeIfAbsent(words.written(), _ -> made(words));
  }

  /// The step of a route that is shown like this; empty if no route has it.
  public Optional<FilterStep> known(String step) {
    return Optional.ofNullable(shown.get(step)).map(steps::get);
  }

  /// Has servers tried at once that have failed again and again, and are left alone for a while.
  public void revive() {
    steps.values().forEach(FilterStep::revive);
  }

  /// Whether a step wants to be told of each step of the dialogue.
  public boolean followed() {
    return followed;
  }

  /// Gives back content that a filter has made and nothing refers to any more.
  public void release(Content content) {
    if (content instanceof Content.Stored(String ref, _, _)) {
      try {
        house.store().release(ref);
      } catch (IOException e) {
        LOG.warn("content {} stays until the next sweep: {}", ref, e.toString());
      }
    }
  }

  private FilterStep made(FilterWords words) {
    FilterPatience patience = words.patience(settings.times().patience());
    DefaultAction action = words.action(settings.defaultAction());
    try {
      if (follows(words)) {
        FilterStep step = FilterStep.of(words.shown(), action, house, following(words, patience));
        followed = true;
        return step;
      }
      return FilterStep.of(words.shown(), action, house, looking(words, patience));
    } catch (IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage());
      throw why.startsWith("\"" + words.shown()) ? e : words.wrong(why);
    }
  }

  private boolean follows(FilterWords words) {
    return words.kind() == FilterWords.Kind.MILTER
        || (words.kind() == FilterWords.Kind.HTTP
            && !hooks(words).stages().equals(Set.of(HooksStage.DATA)));
  }

  private DialogueFilter following(FilterWords words, FilterPatience patience) {
    boolean milter = words.kind() == FilterWords.Kind.MILTER;
    words.only(words.kind().options());
    Map<String, DialogueFilter> servers =
        words.each(
            place ->
                milter
                    ? new MilterFilter(FilterAddress.parse(place), patience, macros, milters)
                    : new FollowedHooks(
                        new HooksService(place, hooks(words), patience, clock), house.hostname()));
    return new FollowedServers(
        words.shown(), servers, prompt(patience), clock, System::nanoTime, random());
  }

  private MessageFilter looking(FilterWords words, FilterPatience patience) {
    words.only(words.kind().options());
    if (words.kind() == FilterWords.Kind.PIPE) {
      return program(words);
    }
    return new FilterServers(
        words.shown(),
        words.each(place -> filter(words, place, patience)),
        prompt(patience),
        clock,
        System::nanoTime,
        random());
  }

  /// A server to which no connection can be made in time is not the last that is asked.
  private static Duration prompt(FilterPatience patience) {
    return patience.connect().plus(patience.command());
  }

  private static RandomGenerator random() {
    return () -> ThreadLocalRandom.current().nextLong();
  }

  private HooksTerms hooks(FilterWords words) {
    var stages = EnumSet.noneOf(HooksStage.class);
    for (String stage : words.option("stages").orElse("data").split("\\+")) {
      stages.add(words.pick(HooksStage.class, stage));
    }
    if (!stages.stream().allMatch(HooksStage::isInbound)) {
      throw words.wrong("delivery, defer and dsn are stages of filters.outbound, not of a step");
    }
    return new HooksTerms(house.hostname(), words.option("token"), stages, words.serialization());
  }

  private PipeFilter program(FilterWords words) {
    return new PipeFilter(
        settings
            .program(words.place())
            .orElseThrow(
                () -> words.wrong("there is no program " + words.place() + " in filters.programs")),
        root);
  }

  private MessageFilter filter(FilterWords words, String place, FilterPatience patience) {
    return switch (words.kind()) {
      case CLAMD -> new ClamdFilter(FilterAddress.parse(place), patience);
      case SPAMD -> new SpamdFilter(FilterAddress.parse(place), patience, spamd(words));
      case RSPAMD -> new RspamdFilter(place, patience, rspamd(words));
      case ICAP -> new IcapFilter(place, patience, clock);
      case SMTP -> new ProxyFilter(ProxyFilter.parse(place), patience);
      case HTTP -> new HooksFilter(new HooksService(place, hooks(words), patience, clock));
      case QUEUE -> {
        if (!Queues.isFilter(place)) {
          throw words.wrong("expected a queue filter.NAME, found " + place);
        }
        yield new QueuedFilter(
            house.programs().apply(place),
            patience.content(),
            words.option("size-limit").map(text -> number(words, text)).orElse(QUEUE_MOST),
            clock);
      }
      case MILTER, PIPE -> throw new IllegalStateException(words.written());
    };
  }

  private static SpamdTerms spamd(FilterWords words) {
    return new SpamdTerms(
        words
            .option("mode")
            .map(text -> words.pick(SpamdTerms.Command.class, text))
            .orElse(SpamdTerms.Command.HEADERS),
        words.option("size-limit").map(text -> number(words, text)).orElse(SPAMD_MOST),
        words.option("user"),
        words
            .option("reject-score")
            .map(text -> OptionalDouble.of(score(words, text)))
            .orElse(OptionalDouble.empty()));
  }

  private static RspamdTerms rspamd(FilterWords words) {
    return new RspamdTerms(
        words.option("settings-id"),
        words.option("password"),
        words.option("spam-header").orElse(RspamdTerms.USUAL.spamField()));
  }

  private static long number(FilterWords words, String text) {
    try {
      long number = Long.parseLong(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw words.wrong("expected a number of bytes, found \"" + text + "\"");
  }

  private static double score(FilterWords words, String text) {
    try {
      double score = Double.parseDouble(text);
      if (Double.isFinite(score)) {
        return score;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw words.wrong("expected a score such as 15.0, found \"" + text + "\"");
  }

  @Override
  public void close() {
    steps.values().forEach(FilterStep::close);
  }
}
