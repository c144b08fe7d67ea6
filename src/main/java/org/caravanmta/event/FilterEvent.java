package org.caravanmta.event;

import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;

/// What content filters say of mail (postfix `MILTER_README`), and what they do not say.
public sealed interface FilterEvent extends Event {
  /// The filter, as the step of the route names it.
  String filter();

  /// What the filter decides, other than that it has nothing against it: `milter-reject:
  /// END-OF-MESSAGE from`.
  ///
  /// @param id the message's, empty if it has none yet
  /// @param word `reject`, `discard`, `quarantine`, `accept`
  /// @param step of the dialogue, `RCPT`
  record Judged(
      String filter,
      String id,
      String word,
      String step,
      Client client,
      Optional<ReversePath> sender,
      Optional<Address> recipient,
      String text)
      implements FilterEvent {}

  /// The filter has nothing against the message, and says something about it.
  ///
  /// @param note `score=2.1`
  record Passed(String filter, String id, String note) implements FilterEvent {}

  /// The filter gave no answer.
  ///
  /// @param id empty if the message has none yet
  /// @param instead what stands for its answer: `tempfail`
  record Unanswered(String filter, String id, String why, String instead) implements FilterEvent {}

  /// A server of the filter fails again and again, and is not asked for a while.
  ///
  /// @param why its last failure
  record GivenUp(String filter, String server, String why) implements FilterEvent {}

  /// A server that was given up answers again.
  record Restored(String filter, String server) implements FilterEvent {}

  /// A fault of ours, which counts as no answer.
  ///
  /// @param id empty if the message has none yet
  record Broken(String filter, String id, Throwable why) implements FilterEvent {}
}
