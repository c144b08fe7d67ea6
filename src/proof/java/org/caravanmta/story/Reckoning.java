package org.caravanmta.story;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What one mishap came to: what became of each message that was answered 250, and how long nothing
/// went on.
///
/// @param accepted how many 250s there were
/// @param lost what did not come
/// @param changed what came with another body
/// @param doubled what came more than once: from which nodes, and how many seconds after the mishap
/// @param forbidden deliveries begun by a node that had no lock
/// @param unwanted not answered 250, and delivered all the same: the client has sent it again
/// @param refusals other replies than 250, and how often
/// @param first seconds from the mishap to the first 250 of what was offered after it
/// @param gap the longest time between two 250s in seconds
/// @param gapAt when that began, in seconds after the mishap
/// @param survivors the same for the worst of the nodes that it did not happen to
/// @param arrivals the same between two arrivals
/// @param late how long after the mishap the last message came that was accepted before it and was
///   to go at once, in seconds
/// @param taken how long after the mishap the first message came from another node than the one
///   that has accepted it, in seconds; 0 if none did
/// @param p50 how long a 250 took, the middle one, in seconds
record Reckoning(
    int accepted,
    List<String> lost,
    List<String> changed,
    List<String> doubled,
    List<String> forbidden,
    int unwanted,
    Map<String, Integer> refusals,
    double first,
    double gap,
    double gapAt,
    double survivors,
    double arrivals,
    double late,
    double taken,
    double p50) {
  /// A session, and what it may take to note the time.
  private static final Duration SESSION = Duration.ofMillis(4100);

  static Reckoning of(List<Clients.Offer> offers, NextHop hop, Mishap.Scene scene, long begun) {
    long event = scene.when();
    List<Clients.Offer> accepted =
        offers.stream().filter(one -> one.outcome() == Clients.Outcome.ACCEPTED).toList();
    List<NextHop.Arrival> all = hop.arrivals();
    List<Clients.Offer> others =
        accepted.stream().filter(one -> !Machines.node(one.node()).equals(scene.victim)).toList();
    return new Reckoning(
        accepted.size(),
        accepted.stream()
            .filter(one -> !hop.has(one.sequence()))
            .map(
                one ->
                    one.sequence() + " of " + Machines.node(one.node()) + since(event, one.ended()))
            .toList(),
        all.stream().filter(one -> !one.intact()).map(NextHop.Arrival::sequence).toList(),
        hop.doubled().stream().map(times -> describe(times, event)).toList(),
        forbidden(accepted, hop, scene),
        (int)
            offers.stream()
                .filter(one -> one.outcome() != Clients.Outcome.ACCEPTED)
                .filter(one -> hop.has(one.sequence()))
                .count(),
        refusals(offers),
        seconds(
            accepted.stream()
                    .filter(one -> one.begun() > event)
                    .mapToLong(Clients.Offer::ended)
                    .min()
                    .orElse(Long.MAX_VALUE)
                - event),
        gap(ended(accepted)),
        seconds(gapAt(ended(accepted)) - event),
        others.stream()
            .collect(
                Collectors.groupingBy(
                    Clients.Offer::node,
                    Collectors.mapping(Clients.Offer::ended, Collectors.toList())))
            .values()
            .stream()
            .mapToDouble(Reckoning::gap)
            .max()
            .orElse(0),
        gap(all.stream().map(NextHop.Arrival::taken).filter(at -> at > begun).toList()),
        late(accepted, all, event),
        taken(accepted, all, event),
        middle(accepted.stream().map(one -> seconds(one.ended() - one.begun())).sorted().toList()));
  }

  /// What nodes have begun that had no lock: in a time when they could have none, or when another
  /// one had taken over the mail and had delivered it.
  private static List<String> forbidden(
      List<Clients.Offer> accepted, NextHop hop, Mishap.Scene scene) {
    Stream<String> lockless =
        hop.arrivals().stream()
            .filter(one -> scene.forbidden(one, SESSION))
            .map(one -> describe(List.of(one), scene.when()));
    Map<String, String> owners = owners(accepted);
    Stream<String> late =
        hop.doubled().stream()
            .filter(times -> comesBack(times, owners.get(times.getFirst().sequence())))
            .map(times -> describe(times, scene.when()));
    return Stream.concat(lockless, late).toList();
  }

  /// The nodes that have accepted what was accepted.
  private static Map<String, String> owners(List<Clients.Offer> accepted) {
    return accepted.stream()
        .collect(Collectors.toMap(Clients.Offer::sequence, one -> Machines.node(one.node())));
  }

  private static double taken(List<Clients.Offer> accepted, List<NextHop.Arrival> all, long event) {
    Map<String, String> owners = owners(accepted);
    return all.stream()
        .filter(one -> owners.containsKey(one.sequence()))
        .filter(one -> !Machines.node(one.from()).equals(owners.get(one.sequence())))
        .mapToDouble(one -> seconds(one.taken() - event))
        .min()
        .orElse(0);
  }

  /// Whether the node that has accepted a message begins with it after another one has delivered
  /// it.
  private static boolean comesBack(List<NextHop.Arrival> times, @Nullable String owner) {
    return times.stream()
        .filter(one -> Machines.node(one.from()).equals(owner))
        .anyMatch(
            own ->
                times.stream()
                    .filter(other -> !other.from().equals(own.from()))
                    .anyMatch(other -> other.taken() < own.begun()));
  }

  private static double late(List<Clients.Offer> accepted, List<NextHop.Arrival> all, long event) {
    Map<String, Long> came =
        all.stream()
            .collect(
                Collectors.toMap(NextHop.Arrival::sequence, NextHop.Arrival::taken, Math::min));
    return accepted.stream()
        .filter(one -> one.ended() < event && !Clients.waits(one.sequence()))
        .filter(one -> came.containsKey(one.sequence()))
        .mapToDouble(one -> seconds(came.get(one.sequence()) - event))
        .max()
        .orElse(0);
  }

  private static String describe(List<NextHop.Arrival> times, long event) {
    return times.stream()
        .map(one -> Machines.node(one.from()) + since(event, one.begun()))
        .collect(Collectors.joining(" ", times.getFirst().sequence() + " ", ""));
  }

  private static String since(long event, long at) {
    return String.format(Locale.ROOT, "%+.1fs", seconds(at - event));
  }

  private static Map<String, Integer> refusals(List<Clients.Offer> offers) {
    var refusals = new TreeMap<String, Integer>();
    for (Clients.Offer one : offers) {
      if (one.outcome() != Clients.Outcome.ACCEPTED) {
        String reply = one.reply().replaceAll("\\b\\d[0-9a-zA-Z]{15}\\b", "ID");
        refusals.merge(
            Machines.node(one.node()) + " " + one.outcome() + " " + reply, 1, Integer::sum);
      }
    }
    return refusals;
  }

  private static List<Long> ended(List<Clients.Offer> offers) {
    return offers.stream().map(Clients.Offer::ended).sorted().toList();
  }

  /// The longest time between two of these, which need not be sorted, in seconds.
  private static double gap(Collection<Long> times) {
    List<Long> sorted = times.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : seconds(sorted.get(after(sorted)) - sorted.get(before(sorted)));
  }

  private static long gapAt(List<Long> sorted) {
    return sorted.isEmpty() ? 0 : sorted.get(before(sorted));
  }

  /// The place of the one that the longest wait came before.
  private static int after(List<Long> sorted) {
    return Math.min(before(sorted) + 1, sorted.size() - 1);
  }

  /// The place of the one that the longest wait came after.
  private static int before(List<Long> sorted) {
    int longest = 0;
    for (int i = 1; i + 1 < sorted.size(); i++) {
      if (sorted.get(i + 1) - sorted.get(i) > sorted.get(longest + 1) - sorted.get(longest)) {
        longest = i;
      }
    }
    return longest;
  }

  static double middle(List<Double> sorted) {
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  boolean balances() {
    return lost.isEmpty() && changed.isEmpty() && forbidden.isEmpty() && accepted > 0;
  }

  /// How many came from more than one node.
  long byTwoNodes() {
    return doubled.stream()
        .filter(
            one ->
                java.util.Arrays.stream(one.split(" "))
                        .skip(1)
                        .map(time -> time.substring(0, 2))
                        .distinct()
                        .count()
                    > 1)
        .count();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d answered 250 (p50 %.2f s): %d lost, %d changed, %d doubled (%d by two nodes), %d begun"
            + " without a lock, %d told no and delivered; first 250 after %.1f s, longest gap of"
            + " 250s %.1f s (from %+.1f s), of those at one other node %.1f s, of arrivals %.1f s;"
            + " what was queued before had come after %.1f s, and what was taken over after %.1f s",
        accepted,
        p50,
        lost.size(),
        changed.size(),
        doubled.size(),
        byTwoNodes(),
        forbidden.size(),
        unwanted,
        first,
        gap,
        gapAt,
        survivors,
        arrivals,
        late,
        taken);
  }
}
