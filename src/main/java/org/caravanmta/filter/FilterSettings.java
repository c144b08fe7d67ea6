package org.caravanmta.filter;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.pipe.FilterProgram;

/// The section `filters`: how long content filters are waited for, what stands in for an answer,
/// and what milters are told. A step of a route may say otherwise for its own filter.
///
/// @param defaultAction what stands in for an answer (postfix `milter_default_action`)
/// @param programs those that filters of the kind `pipe` name, each a line that {@link
///   FilterProgram} reads
/// @param outbound services that hear of deliveries and reports, each as a step of a route names
///   one: `http https://127.0.0.1:8080/register token=... stages=delivery+defer+dsn`
public record FilterSettings(
    @Flat Times times,
    DefaultAction defaultAction,
    List<String> programs,
    List<String> outbound,
    AfterQueueSettings afterQueue,
    MacroSettings macros) {
  public FilterSettings {
    programs = List.copyOf(programs);
    outbound = List.copyOf(outbound);
    Require.named("programs", programs, line -> FilterProgram.parse(line).name());
  }

  /// The program of a name.
  Optional<FilterProgram> program(String name) {
    return programs.stream()
        .map(FilterProgram::parse)
        .filter(program -> program.name().equals(name))
        .findFirst();
  }

  /// What would keep programs from being run, a line each: mail for them would wait.
  public List<String> hindrances() {
    return programs.stream()
        .map(FilterProgram::parse)
        .flatMap(
            program ->
                program.hindrances().stream()
                    .map(why -> "filters.programs: " + program.name() + ": " + why))
        .toList();
  }

  /// How long a filter is waited for.
  ///
  /// @param connectTimeout see {@link FilterPatience#connect}
  /// @param commandTimeout see {@link FilterPatience#command}
  /// @param contentTimeout see {@link FilterPatience#content}
  public record Times(Duration connectTimeout, Duration commandTimeout, Duration contentTimeout) {
    public Times {
      Require.positive("connect-timeout", connectTimeout);
      Require.positive("command-timeout", commandTimeout);
      Require.positive("content-timeout", contentTimeout);
    }

    FilterPatience patience() {
      return new FilterPatience(connectTimeout, commandTimeout, contentTimeout);
    }
  }
}
