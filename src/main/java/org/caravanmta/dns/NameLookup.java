package org.caravanmta.dns;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/// Asks name servers for the records of a name, and follows its aliases (RFC 1034 §5.3.3).
///
/// @param hosts the hosts file that is read first; absent for none
/// @param timeout how long one lookup may take
record NameLookup(Resolver servers, Optional<HostsFileParser> hosts, Duration timeout) {
  private static final Executor VIRTUAL = Thread::startVirtualThread;

  /// The same by other name servers.
  NameLookup by(Resolver other) {
    return new NameLookup(other, hosts, timeout);
  }

  Answer of(Name name, int type) {
    var witness = new Witness(servers);
    var builder = LookupSession.builder().resolver(witness).executor(VIRTUAL).ndots(0);
    hosts.ifPresent(builder::hostsFileParser);
    var lookup = builder.build().lookupAsync(name, type).toCompletableFuture();
    try {
      List<Record> records =
          lookup.get(timeout.toMillis(), TimeUnit.MILLISECONDS).getRecords().stream()
              .filter(record -> record.getType() == type)
              .toList();
      return records.isEmpty()
          ? Answer.none(false, witness.secure(), witness.absence())
          : new Answer(records, Optional.empty(), false, witness.secure(), witness.lifetime());
    } catch (TimeoutException e) {
      lookup.cancel(true);
      return Answer.unavailable("no answer within " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.unavailable("stopped");
    } catch (ExecutionException e) {
      return switch (Objects.requireNonNullElse(e.getCause(), e)) {
        case NoSuchDomainException gone ->
            Answer.none(isOf(name, gone.getName()), witness.secure(), witness.absence());
        case NoSuchRRSetException _ -> Answer.none(false, witness.secure(), witness.absence());
        case Throwable other -> Answer.unavailable(said(other));
      };
    }
  }

  /// Why there was no answer. A port that nobody listens on is reported without a word.
  private static String said(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String message = each.getMessage();
      if (message != null) {
        return message;
      }
    }
    return "the name servers cannot be reached";
  }

  /// Whether it is the name itself that does not exist, and not one that it is an alias for.
  private static boolean isOf(Name name, @Nullable Name gone) {
    return name.equals(gone);
  }
}
