package org.caravanmta.restriction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.caravanmta.policy.RestrictionList;

/// All restrictions there are, by the names that Postfix has for them (postfix
/// `SMTPD_ACCESS_README`). A route writes `rejectUnauthDestination` or `checkClientAccess
/// cidr:/etc/caravan/clients`, with `warnIfReject` before it if it is to be tried; tables that name
/// restrictions write them as Postfix does.
public final class Restrictions {
  private static final Map<String, RestrictionList> LISTS =
      Map.of(
          "smtpd_client_restrictions", RestrictionList.CLIENT,
          "smtpd_helo_restrictions", RestrictionList.HELO,
          "smtpd_sender_restrictions", RestrictionList.SENDER,
          "smtpd_relay_restrictions", RestrictionList.RELAY,
          "smtpd_recipient_restrictions", RestrictionList.RECIPIENT,
          "smtpd_data_restrictions", RestrictionList.DATA,
          "smtpd_end_of_data_restrictions", RestrictionList.END_OF_DATA);

  private final Catalogue catalogue;
  private final Evaluation evaluation;
  private final Map<String, RestrictionStep> steps = new ConcurrentHashMap<>();
  private volatile boolean atData;

  public Restrictions(RestrictionContext surroundings) {
    this.catalogue = new Catalogue(surroundings, list -> entries(list, true));
    this.evaluation = new Evaluation(surroundings.classes());
  }

  /// The step that a route's bean name stands for; empty if it is the name of something else.
  ///
  /// @throws IllegalArgumentException says what is wrong with a restriction's argument
  public Optional<RestrictionStep> step(String written) {
    Optional<RestrictionStep> known = Optional.ofNullable(steps.get(written));
    if (known.isPresent() || !isRestriction(written)) {
      return known;
    }
    return Optional.of(steps.computeIfAbsent(written, this::make));
  }

  /// Whether a route asks at DATA: it names the list for it.
  public boolean atData() {
    return atData;
  }

  private boolean isRestriction(String written) {
    ListWords words = ListWords.of(written);
    String first = words.more() ? ListWords.postfix(words.next()) : "";
    return LISTS.containsKey(first) || catalogue.has(first);
  }

  private RestrictionStep make(String written) {
    Optional<RestrictionList> start = Optional.ofNullable(LISTS.get(ListWords.postfix(written)));
    if (start.isPresent()) {
      atData |= start.get() == RestrictionList.DATA;
      return new RestrictionStep(c -> c.with(c.restrictionState().at(start.get())), Set.of());
    }
    var made = ClassRestriction.made(() -> entries(written, false));
    List<Finding.Entry> entries = made.what();
    if (entries.size() != 1) {
      throw new IllegalArgumentException(
          "\"" + written + "\": expected one restriction for each step");
    }
    return new RestrictionStep(c -> evaluation.after(c, entries.getFirst()), made.classes());
  }

  /// @param nested whether a table has named them
  private List<Finding.Entry> entries(String list, boolean nested) {
    var entries = new ArrayList<Finding.Entry>();
    ListWords words = ListWords.of(list);
    while (words.more()) {
      String word = words.next();
      boolean warn = ListWords.postfix(word).equals("warn_if_reject");
      if (warn) {
        word = words.argument("warn_if_reject", "a restriction");
      }
      entries.add(
          new Finding.Entry(warn, catalogue.make(ListWords.postfix(word), word, words, nested)));
    }
    return List.copyOf(entries);
  }
}
