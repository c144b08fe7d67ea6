package org.caravanmta.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Idn;
import org.caravanmta.address.Literals;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.Credibility;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SetResponse;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/// A stub resolver (RFC 1034 §5.3.1): it asks the given name servers, follows CNAME records, and
/// remembers answers for their time to live, also that there is none (RFC 2308 §5). Address
/// literals and `localhost` (RFC 6761 §6.3) are answered without asking.
public final class Resolver implements DnsNames {
  /// How often each server is asked within the time-out, as a datagram may be lost.
  private static final int TRIES = 2;

  /// That a name does not exist is remembered for an hour at most, so that a new name is soon
  /// found.
  private static final int LONGEST_ABSENCE_SECONDS = 3600;

  private static final Executor VIRTUAL = Thread::startVirtualThread;

  private final Cache cache;
  private final LookupSession session;
  private final Duration timeout;

  public Resolver(DnsSettings own) {
    this.timeout = own.timeout();
    List<NameServer> servers = own.servers();
    List<InetSocketAddress> asked =
        servers.isEmpty()
            ? ResolverConfig.getCurrentConfig().servers()
            : servers.stream().map(NameServer::address).toList();
    var resolvers = new ArrayList<org.xbill.DNS.Resolver>();
    for (InetSocketAddress server : asked) {
      var resolver = new SimpleResolver(server);
      resolver.setTimeout(timeout.dividedBy((long) TRIES * asked.size()));
      resolvers.add(resolver);
    }
    var all = new ExtendedResolver(resolvers);
    all.setRetries(TRIES);
    all.setTimeout(timeout);
    cache = new Cache();
    cache.setMaxNCache(LONGEST_ABSENCE_SECONDS);
    var builder = LookupSession.builder().resolver(all).cache(cache).executor(VIRTUAL).ndots(0);
    session = (servers.isEmpty() ? builder.defaultHostsFileParser() : builder).build();
  }

  @Override
  public DnsAnswer<MailExchange> mailExchanges(Domain domain) {
    if (domain.isLiteral()) {
      return new DnsAnswer.None<>();
    }
    return switch (ask(domain.name(), Type.MX, MXRecord.class, Resolver::exchange)) {
      case DnsAnswer.Records<MailExchange>(var records) -> {
        var hosts = records.stream().filter(mx -> !mx.host().isEmpty()).toList();
        yield new DnsAnswer.Records<>(
            (hosts.isEmpty() ? records.subList(0, 1) : hosts)
                .stream().sorted(Comparator.comparingInt(MailExchange::preference)).toList());
      }
      case DnsAnswer.None<MailExchange> none -> none;
      case DnsAnswer.Unavailable<MailExchange> unavailable -> unavailable;
    };
  }

  @Override
  public DnsAnswer<InetAddress> addresses(String host) {
    if (host.equalsIgnoreCase("localhost") || host.equalsIgnoreCase("localhost.")) {
      return new DnsAnswer.Records<>(
          List.of(
              Literals.address("127.0.0.1").orElseThrow(), Literals.address("::1").orElseThrow()));
    }
    var literal = Literals.address(host);
    if (literal.isPresent()) {
      return new DnsAnswer.Records<>(List.of(literal.get()));
    }
    var six =
        CompletableFuture.supplyAsync(
            () -> ask(host, Type.AAAA, AAAARecord.class, AAAARecord::getAddress), VIRTUAL);
    var four = ask(host, Type.A, ARecord.class, ARecord::getAddress);
    return together(four, six.join());
  }

  @Override
  public DnsAnswer<InetAddress> listing(String name) {
    return ask(name, Type.A, ARecord.class, ARecord::getAddress);
  }

  @Override
  public DnsAnswer<String> text(String name) {
    return ask(name, Type.TXT, TXTRecord.class, record -> String.join("", record.getStrings()));
  }

  @Override
  public DnsAnswer<String> pointers(InetAddress address) {
    return ask(
        ReverseMap.fromAddress(address).toString(),
        Type.PTR,
        PTRRecord.class,
        record -> host(record.getTarget()));
  }

  @Override
  public DnsAnswer<String> nameServers(Domain domain) {
    return domain.isLiteral()
        ? new DnsAnswer.None<>()
        : ask(domain.name(), Type.NS, NSRecord.class, record -> host(record.getTarget()));
  }

  private <R extends Record, T> DnsAnswer<T> ask(
      String name, int type, Class<R> kind, Function<R, T> value) {
    Name asked;
    try {
      asked = Name.fromString(ascii(name), Name.root);
    } catch (TextParseException | IllegalArgumentException e) {
      return new DnsAnswer.None<>(); // such a name cannot exist
    }
    if (isKnownAbsent(asked, type)) {
      return new DnsAnswer.None<>();
    }
    var lookup = session.lookupAsync(asked, type).toCompletableFuture();
    try {
      var records =
          lookup.get(timeout.toMillis(), TimeUnit.MILLISECONDS).getRecords().stream()
              .filter(kind::isInstance)
              .map(record -> value.apply(kind.cast(record)))
              .toList();
      return records.isEmpty() ? new DnsAnswer.None<>() : new DnsAnswer.Records<>(records);
    } catch (TimeoutException e) {
      lookup.cancel(true);
      return new DnsAnswer.Unavailable<>("no answer within " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new DnsAnswer.Unavailable<>("stopped");
    } catch (ExecutionException e) {
      return switch (Objects.requireNonNullElse(e.getCause(), e)) {
        case NoSuchDomainException _, NoSuchRRSetException _ -> new DnsAnswer.None<>();
        case Throwable other -> new DnsAnswer.Unavailable<>(String.valueOf(other.getMessage()));
      };
    }
  }

  /// Whether the cache knows that there is no such record. The lookup session would say so too, but
  /// by four nested exceptions, for every client that a DNS list does not name.
  private boolean isKnownAbsent(Name name, int type) {
    SetResponse known = cache.lookupRecords(name, type, Credibility.NORMAL);
    return known.isNXDOMAIN() || known.isNXRRSET();
  }

  private static DnsAnswer<InetAddress> together(
      DnsAnswer<InetAddress> four, DnsAnswer<InetAddress> six) {
    var found = new ArrayList<InetAddress>();
    for (var answer : List.of(four, six)) {
      if (answer instanceof DnsAnswer.Records<InetAddress>(var records)) {
        found.addAll(records);
      }
    }
    if (!found.isEmpty()) {
      return new DnsAnswer.Records<>(found);
    }
    return four instanceof DnsAnswer.Unavailable<InetAddress> ? four : six;
  }

  private static MailExchange exchange(MXRecord record) {
    boolean none = record.getTarget().equals(Name.root);
    return new MailExchange(record.getPriority(), none ? "" : host(record.getTarget()));
  }

  /// The name without its trailing dot, in lower case: servers return the letters of the question,
  /// or their own.
  private static String host(Name name) {
    return name.toString(true).toLowerCase(Locale.ROOT);
  }

  /// The A-label form (RFC 5890 §2.3.2.1), in which the DNS has a name that is not ASCII.
  private static String ascii(String name) {
    return Idn.ascii(name);
  }
}
