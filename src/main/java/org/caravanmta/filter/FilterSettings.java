package org.caravanmta.filter;

import java.time.Duration;
import org.caravanmta.config.Flat;
import org.caravanmta.filter.contract.FilterPatience;

/// The section `filters`: how long content filters are waited for, what stands in for an answer, and
/// what milters are told. A step of a route may say otherwise for its own filter.
///
/// @param defaultAction what stands in for an answer (postfix `milter_default_action`)
public record FilterSettings(
    @Flat Times times, DefaultAction defaultAction, MacroSettings macros) {
  /// How long a filter is waited for.
  ///
  /// @param connectTimeout see {@link FilterPatience#connect}
  /// @param commandTimeout see {@link FilterPatience#command}
  /// @param contentTimeout see {@link FilterPatience#content}
  public record Times(Duration connectTimeout, Duration commandTimeout, Duration contentTimeout) {
    FilterPatience patience() {
      return new FilterPatience(connectTimeout, commandTimeout, contentTimeout);
    }
  }
}
