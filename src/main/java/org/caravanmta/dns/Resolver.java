package org.caravanmta.dns;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Idn;
import org.caravanmta.address.Literals;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;

/// A stub resolver (RFC 1034 §5.3.1): it asks the given name servers, follows CNAME records, and
/// remembers answers for their time to live, also that there is none (RFC 2308 §5). Address
/// literals and `localhost` (RFC 6761 §6.3) are answered without asking.
public final class Resolver implements DnsNames {
  private static final Executor VIRTUAL = Thread::startVirtualThread;

  private final KnownAnswers answers = new KnownAnswers(System::nanoTime);
  private final DnsSettings own;
  private final Path directory;
  private final InstantSource clock;
  private final Optional<TrustAnchors> anchors;
  private final Validation validation;
  private final NameLookup plain;
  private volatile NameLookup validated;

  /// One that keeps nothing on the disk: if we validate, the operator must have named the trust
  /// anchors.
  public Resolver(DnsSettings own) {
    this(own, Path.of(""), InstantSource.system());
  }

  /// @param directory where the keys of the root are kept, if we validate
  public Resolver(DnsSettings own, Path directory, InstantSource clock) {
    this.own = own;
    this.directory = directory;
    this.clock = clock;
    this.anchors =
        own.dnssec().dnssec() == Dnssec.VALIDATE
            ? Optional.of(TrustAnchors.of(own.dnssec(), directory))
            : Optional.empty();
    Optional<HostsFileParser> hosts =
        own.servers().isEmpty() ? Optional.of(new HostsFileParser()) : Optional.empty();
    plain = new NameLookup(Upstream.plain(own), hosts, own.timeout());
    validated =
        switch (own.dnssec().dnssec()) {
          case OFF -> plain;
          case RESOLVER -> plain.by(Upstream.validated(own));
          case VALIDATE -> plain.by(Upstream.validating(own, anchors.orElseThrow().text()));
        };
    validation = Validation.of(own, () -> validated, plain, answers::clear, this::refresh);
  }

  @Override
  public DnsAnswer<MailExchange> mailExchanges(Domain domain) {
    if (domain.isLiteral()) {
      return new DnsAnswer.None<>();
    }
    return switch (ask(domain.name(), Type.MX, MXRecord.class, Resolver::exchange)) {
      case DnsAnswer.Records<MailExchange>(var records, boolean secure) -> {
        var hosts = records.stream().filter(mx -> !mx.host().isEmpty()).toList();
        yield new DnsAnswer.Records<>(
            (hosts.isEmpty() ? records.subList(0, 1) : hosts)
                .stream().sorted(Comparator.comparingInt(MailExchange::preference)).toList(),
            secure);
      }
      case DnsAnswer.None<MailExchange> none -> none;
      case DnsAnswer.Unavailable<MailExchange> unavailable -> unavailable;
    };
  }

  @Override
  public DnsAnswer<InetAddress> addresses(String host) {
    if (isLocalhost(host)) {
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

  @Override
  public DnsAnswer<String> canonical(String host) {
    if (isLocalhost(host) || Literals.address(host).isPresent()) {
      return new DnsAnswer.Records<>(List.of(host));
    }
    DnsAnswer<String> four = ask(host, Type.A, ARecord.class, record -> host(record.getName()));
    DnsAnswer<String> found =
        four instanceof DnsAnswer.None<String>
            ? ask(host, Type.AAAA, AAAARecord.class, record -> host(record.getName()))
            : four;
    return found instanceof DnsAnswer.Records<String>(var names, boolean secure)
        ? new DnsAnswer.Records<>(names.subList(0, 1), secure)
        : found;
  }

  @Override
  public DnsAnswer<String> alias(String host) {
    return ask(host, Type.CNAME, CNAMERecord.class, record -> host(record.getTarget()));
  }

  @Override
  public DnsAnswer<Association> associations(String name) {
    return ask(name, Type.TLSA, TLSARecord.class, Resolver::association);
  }

  @Override
  public Validation validation() {
    return validation;
  }

  /// Brings the keys of the root up to date, if they are what we begin with.
  private void refresh() {
    if (anchors.isPresent()
        && own.dnssec().trustAnchors().isEmpty()
        && anchors.get().refresh(directory, Upstream.signed(own), clock)) {
      validated = plain.by(Upstream.validating(own, anchors.get().text()));
    }
  }

  private <R extends Record, T> DnsAnswer<T> ask(
      String name, int type, Class<R> kind, Function<R, T> value) {
    Name asked;
    try {
      asked = Name.fromString(ascii(name), Name.root);
    } catch (TextParseException | IllegalArgumentException e) {
      return new DnsAnswer.None<>(); // such a name cannot exist
    }
    Answer answer = answers.of(asked, type).orElseGet(() -> fresh(asked, type));
    if (answer.failure().isPresent()) {
      return new DnsAnswer.Unavailable<>(answer.failure().get());
    }
    return answer.records().isEmpty()
        ? new DnsAnswer.None<>(answer.secure())
        : new DnsAnswer.Records<>(
            answer.records().stream().map(record -> value.apply(kind.cast(record))).toList(),
            answer.secure());
  }

  private Answer fresh(Name name, int type) {
    Answer answer = (validation.isOff() ? plain : validated).of(name, type);
    answers.keep(name, type, answer);
    return answer;
  }

  private static DnsAnswer<InetAddress> together(
      DnsAnswer<InetAddress> four, DnsAnswer<InetAddress> six) {
    var found = new ArrayList<InetAddress>();
    boolean secure = true;
    for (var answer : List.of(four, six)) {
      if (answer instanceof DnsAnswer.Records<InetAddress>(var records, boolean validated)) {
        found.addAll(records);
        secure &= validated;
      }
    }
    if (!found.isEmpty()) {
      return new DnsAnswer.Records<>(found, secure);
    }
    if (four instanceof DnsAnswer.None<InetAddress>(boolean proved)
        && six instanceof DnsAnswer.None<InetAddress>(boolean provedToo)) {
      return new DnsAnswer.None<>(proved && provedToo);
    }
    return four instanceof DnsAnswer.Unavailable<InetAddress> ? four : six;
  }

  private static MailExchange exchange(MXRecord record) {
    boolean none = record.getTarget().equals(Name.root);
    return new MailExchange(record.getPriority(), none ? "" : host(record.getTarget()));
  }

  private static Association association(TLSARecord record) {
    return new Association(
        record.getCertificateUsage(),
        record.getSelector(),
        record.getMatchingType(),
        HexFormat.of().formatHex(record.getCertificateAssociationData()));
  }

  private static boolean isLocalhost(String host) {
    return host.equalsIgnoreCase("localhost") || host.equalsIgnoreCase("localhost.");
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
