package org.caravanmta.filter.milter;

import org.caravanmta.filter.contract.DialogueFilter;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Follower;

/// A milter: a filter that follows each session over a connection of its own.
///
/// @param names the macros it is given, unless it asks for others
public record MilterFilter(
    FilterAddress address, FilterPatience patience, MacroNames names, MilterHouse house)
    implements DialogueFilter {
  @Override
  public Follower follow() {
    return new MilterFollower(new MilterSession(address, patience, names, System::nanoTime), house);
  }
}
