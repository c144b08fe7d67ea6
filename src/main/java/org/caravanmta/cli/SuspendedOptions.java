package org.caravanmta.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.suspension.Suspension;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// What is suspended or resumed: a transport, a next hop or a domain.
final class SuspendedOptions {
  @Option(
      names = "--transport",
      paramLabel = "TRANSPORT",
      description = "All mail by this transport: a name or a pattern.")
  private @Nullable String transport;

  @Option(
      names = "--next-hop",
      paramLabel = "NEXTHOP",
      description = "Mail to this next hop, as queue show writes it: a text or a pattern.")
  private @Nullable String nextHop;

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      description =
          "Mail for recipients in this domain: a name or a pattern such as *.example.org.")
  private @Nullable String domain;

  @Option(names = "--json", description = "Answers with one JSON object per line.")
  private boolean json;

  boolean json() {
    return json;
  }

  /// The kind and the pattern.
  ///
  /// @throws ParameterException unless there is just one
  List<String> one(CommandSpec spec) {
    List<List<String>> given =
        Stream.of(
                of(Suspension.Kind.TRANSPORT, transport),
                of(Suspension.Kind.NEXT_HOP, nextHop),
                of(Suspension.Kind.DOMAIN, domain))
            .flatMap(Optional::stream)
            .toList();
    if (given.size() != 1) {
      throw new ParameterException(
          spec.commandLine(), "say one of --transport, --next-hop and --domain");
    }
    return given.getFirst();
  }

  private static Optional<List<String>> of(Suspension.Kind kind, @Nullable String pattern) {
    return Optional.ofNullable(pattern).map(text -> List.of(kind.word(), text));
  }
}
