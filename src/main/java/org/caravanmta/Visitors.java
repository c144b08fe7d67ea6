package org.caravanmta;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.NetworkList;
import org.caravanmta.config.Settings;
import org.caravanmta.config.TableName;
import org.caravanmta.policy.access.AccessTable;
import org.caravanmta.port.Descriptors;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.server.ClientLimits;
import org.caravanmta.smtp.server.Conduct;
import org.caravanmta.smtp.server.Intermediaries;
import org.caravanmta.smtp.server.RejectFooter;
import org.caravanmta.smtp.server.Service;
import org.caravanmta.smtp.server.Sessions;
import org.caravanmta.smtp.server.Usage;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Search;
import org.caravanmta.table.Tables;
import org.caravanmta.table.Values;

/// Who may come in (RFC 5321 §3.1): how many sessions at a time, how much each client may have of
/// them, and who may come in another's name, as the settings say it.
final class Visitors {
  private Visitors() {}

  static Sessions sessions(Settings settings, InstantSource clock) {
    var limits = settings.limits();
    NetworkList own = OwnAddresses.networks(settings, clock);
    return new Sessions(
        Math.min(settings.smtp().sessionLimit(), Descriptors.sessions()),
        new Usage(
            new ClientLimits(
                limits.connectionCount(),
                limits.connectionRate(),
                limits.messageRate(),
                limits.recipientRate(),
                limits.ipv4Prefix(),
                limits.ipv6Prefix(),
                address ->
                    limits.exempt().contains(address)
                        || limits.exemptOwn() && own.contains(address)),
            clock));
  }

  static Intermediaries intermediaries(Settings settings) {
    var listeners = settings.listeners();
    return new Intermediaries(
        settings.smtp().xclientHosts(),
        settings.smtp().xforwardHosts(),
        Map.of(
            Service.SMTP, listeners.smtp().proxies(),
            Service.SUBMISSION, listeners.submission().proxies(),
            Service.SUBMISSIONS, listeners.submissions().proxies(),
            Service.REINJECTION, listeners.reinjection().proxies()));
  }

  /// How the dialogue with them is conducted.
  ///
  /// @throws IllegalArgumentException says which setting or table cannot be used, and why
  static Conduct conduct(Settings settings, InstantSource clock) {
    var smtp = settings.smtp();
    return new Conduct(
        smtp.heloRequired(),
        smtp.delayReject(),
        smtp.forbiddenCommands().stream()
            .map(word -> Ascii.upper(word))
            .collect(Collectors.toSet()),
        Set.copyOf(smtp.discardEhloKeywords()),
        discardedFor(smtp.discardEhloKeywordMaps(), clock),
        new RejectFooter(smtp.rejectFooter().orElse("")),
        smtp.bareNewline() == Settings.Smtp.BareNewline.NORMALIZE);
  }

  private static Optional<Function<InetAddress, Set<Extension>>> discardedFor(
      List<TableName> maps, InstantSource clock) {
    if (maps.isEmpty()) {
      return Optional.empty();
    }
    var table =
        new AccessTable(
            Tables.search(maps.stream().map(Object::toString).toList(), clock, Values.ANY),
            new Extensions(""));
    return Optional.of(
        client ->
            switch (table.address(client)) {
              case Search.Found(String keywords, _, _) ->
                  Stream.of(keywords.split("[\\s,]+"))
                      .flatMap(keyword -> Extension.of(keyword).stream())
                      .collect(Collectors.toSet());
              case Search.Absent() -> Set.of();
              case Search.Unavailable(String why) -> throw new IllegalStateException(why);
            });
  }
}
