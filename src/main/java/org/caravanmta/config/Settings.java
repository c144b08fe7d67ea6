package org.caravanmta.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Networks;
import org.caravanmta.delivery.program.PipeProgram;
import org.caravanmta.smtp.Keywords;
import org.caravanmta.smtp.RecipientLimits;
import org.caravanmta.table.DatabaseUrl;
import org.caravanmta.tls.server.TlsLevel;

/// All settings of Caravan: each record here is a section of `config/caravan.yaml`, which says what
/// its keys mean, and each component is a key (`sizeLimit` is `size-limit`). An absent value is the
/// empty text in the file. A constructor refuses nonsense with a message that starts with the key
/// it is about.
public record Settings(
    Optional<Domain> hostname,
    Data data,
    Domains domains,
    OwnNetworks networks,
    Recipients recipients,
    Listeners listeners,
    Tls tls,
    Sasl sasl,
    Submission submission,
    Maildrop maildrop,
    Smtp smtp,
    Limits limits,
    RestrictionSettings restrictions,
    Dnsbl dnsbl,
    GreylistSettings greylist,
    RewritingSettings rewriting,
    Checks checks,
    RoutingSettings routing,
    LocalSettings local,
    VirtualSettings virtual,
    MailboxSettings mailboxes,
    Delivery delivery,
    Dns dns,
    Queue queue,
    Report report,
    NoticeSettings notices,
    Content content,
    Broker broker,
    State state,
    LogSettings log,
    Metrics metrics) {
  public Settings {
    for (Listener listener : listeners.all()) {
      if (listener.enabled()
          && listener.tls().needsCertificate()
          && tls.certificates().isEmpty()
          && listener.certificates().isEmpty()) {
        throw new IllegalArgumentException(
            "a listener with tls " + listener.tls() + " needs tls.certificates");
      }
      if (listener.enabled() && listener.auth() == Auth.REQUIRED && !sasl.knowsUsers()) {
        throw new IllegalArgumentException(
            "a listener with auth required needs users: sasl.passwords, for one");
      }
    }
  }

  public record Data(Path directory) {}

  public record Domains(
      List<DomainPattern> own,
      List<DomainPattern> virtual,
      List<DomainPattern> virtualMailboxes,
      List<DomainPattern> relay) {}

  public record OwnNetworks(List<NetworkPattern> own, List<InetAddress> outside) {}

  public record Recipients(
      List<TableName> own, List<TableName> virtual, List<TableName> relay, boolean nameTable) {}

  public record Listeners(
      Listener smtp, Listener submission, Listener submissions, Listener reinjection) {
    public Listeners {
      var taken = new HashSet<InetSocketAddress>();
      for (Listener listener : List.of(smtp, submission, submissions, reinjection)) {
        // port 0 is any free port, so two of them never meet
        if (listener.enabled()
            && listener.address().getPort() != 0
            && !taken.add(listener.address())) {
          throw new IllegalArgumentException(
              "two enabled listeners have the address "
                  + Notation.write(listener.address())
                  + ", each needs its own");
        }
      }
    }

    public List<Listener> all() {
      return List.of(smtp, submission, submissions, reinjection);
    }
  }

  public record Listener(
      boolean enabled,
      InetSocketAddress address,
      TlsLevel tls,
      Auth auth,
      List<Path> certificates,
      List<Path> keys,
      Networks proxies) {
    public Listener {
      sameNumber(certificates, keys);
      notEverybody("proxies", proxies);
    }
  }

  /// Whether users log in at a listener.
  public enum Auth {
    NONE,
    MAY,
    /// {@link #REQUIRED} as soon as there are users.
    USERS,
    REQUIRED
  }

  public record Tls(
      List<Path> certificates,
      List<Path> keys,
      boolean askClientCertificate,
      List<Path> clientAuthorities,
      Duration handshakeTimeout,
      TlsStrengthSettings strength) {
    public Tls {
      sameNumber(certificates, keys);
      positive("handshake-timeout", handshakeTimeout);
    }
  }

  private static void sameNumber(List<Path> certificates, List<Path> keys) {
    if (!keys.isEmpty() && keys.size() != certificates.size()) {
      throw new IllegalArgumentException(
          "keys must name a file for each certificate, or none at all");
    }
  }

  public record Sasl(
      List<String> mechanisms,
      boolean plaintext,
      Optional<Path> passwords,
      Optional<String> dovecot,
      Jdbc jdbc,
      Ldap ldap,
      Oauth oauth,
      int failureLimit,
      int userFailureLimit,
      Duration failureWindow,
      Duration failureDelay) {
    public Sasl {
      long ways =
          Stream.of(passwords, dovecot, jdbc.url(), ldap.url()).filter(Optional::isPresent).count();
      if (ways > 1) {
        throw new IllegalArgumentException(
            "only one of passwords, dovecot, jdbc.url and ldap.url can know the users");
      }
      atLeast(1, "failure-limit", failureLimit);
      atLeast(1, "user-failure-limit", userFailureLimit);
      positive("failure-window", failureWindow);
      if (failureDelay.isNegative() || failureDelay.compareTo(Duration.ofMinutes(1)) > 0) {
        throw new IllegalArgumentException("failure-delay must be at most 1m");
      }
    }

    /// Whether anybody can log in at all.
    public boolean knowsUsers() {
      return Stream.of(passwords, dovecot, jdbc.url(), ldap.url(), oauth.keys())
          .anyMatch(Optional::isPresent);
    }
  }

  public record Jdbc(Optional<String> url, String user, Secret password, String query) {
    public Jdbc {
      database(url);
      if (query.chars().filter(c -> c == '?').count() != 1) {
        throw new IllegalArgumentException("query must have one ?, for the user");
      }
    }
  }

  public record Ldap(Optional<String> url, String entry) {
    public Ldap {
      if (url.isPresent() && !url.get().matches("ldaps?://.+")) {
        throw new IllegalArgumentException("url must be ldap://host or ldaps://host");
      }
      // without the user, everybody would be the same entry
      if (!entry.contains("%u")) {
        throw new IllegalArgumentException("entry must contain %u, the user");
      }
    }
  }

  public record Oauth(
      Optional<Path> keys, Optional<String> issuer, Optional<String> audience, String userClaim) {
    public Oauth {
      if (userClaim.isEmpty()) {
        throw new IllegalArgumentException("user-claim must be a claim such as email");
      }
    }
  }

  public record Submission(List<TableName> senderLoginMaps) {}

  public record Maildrop(String directory) {
    public Maildrop {
      if (directory.isBlank()) {
        throw new IllegalArgumentException("directory must name a directory");
      }
    }
  }

  public record Smtp(
      Size sizeLimit,
      Size headerLimit,
      Size lineLimit,
      int recipientLimit,
      Duration timeout,
      int minDataRate,
      int softErrorLimit,
      Duration errorDelay,
      int errorLimit,
      int idleLimit,
      boolean vrfy,
      boolean binarymime,
      int sessionLimit,
      int hopLimit,
      boolean clientNameLookup,
      boolean softBounce,
      boolean heloRequired,
      boolean delayReject,
      List<String> forbiddenCommands,
      List<String> discardEhloKeywords,
      List<TableName> discardEhloKeywordMaps,
      Optional<String> rejectFooter,
      BareNewline bareNewline,
      Networks xclientHosts,
      Networks xforwardHosts,
      DialogueSettings dialogue) {
    /// A header section travels in the queue message, which is to stay small.
    private static final Size MOST_HEADERS = Size.ofKiB(128);

    /// A command line of RFC 5321 §4.5.3.1.4.
    private static final Size LEAST_LINE = new Size(512);

    private static final Duration MOST_ERROR_DELAY = Duration.ofMinutes(1);

    public Smtp {
      atLeast(1, "size-limit", sizeLimit.bytes());
      atLeast(1024, "header-limit", headerLimit.bytes());
      atMost(MOST_HEADERS, "header-limit", headerLimit);
      atLeast(LEAST_LINE.bytes(), "line-limit", lineLimit.bytes());
      atMost(Size.ofKiB(64), "line-limit", lineLimit);
      new RecipientLimits(recipientLimit, dialogue.recipientOvershoot());
      positive("timeout", timeout);
      atLeast(1, "min-data-rate", minDataRate);
      atLeast(1, "soft-error-limit", softErrorLimit);
      if (errorDelay.isNegative() || errorDelay.compareTo(MOST_ERROR_DELAY) > 0) {
        throw new IllegalArgumentException("error-delay must be from 0s to 1m");
      }
      atLeast(1, "error-limit", errorLimit);
      atLeast(1, "idle-limit", idleLimit);
      atLeast(1, "session-limit", sessionLimit);
      atLeast(1, "hop-limit", hopLimit);
      notEverybody("xclient-hosts", xclientHosts);
      for (String word : forbiddenCommands) {
        if (word.isEmpty() || word.contains(" ")) {
          throw new IllegalArgumentException("forbidden-commands must be single words");
        }
      }
      try {
        Keywords.of(discardEhloKeywords);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("discard-ehlo-keywords has " + e.getMessage(), e);
      }
    }

    /// How many recipients one message may have.
    public RecipientLimits recipients() {
      return new RecipientLimits(recipientLimit, dialogue.recipientOvershoot());
    }

    /// What becomes of a line that ends with LF alone.
    public enum BareNewline {
      NO,
      NOTE,
      NORMALIZE,
      REJECT;

      /// As Postfix has it, `yes` is `normalize`.
      static BareNewline of(String text) {
        return switch (text) {
          case "no" -> NO;
          case "note" -> NOTE;
          case "yes", "normalize" -> NORMALIZE;
          case "reject" -> REJECT;
          default -> throw new IllegalArgumentException(text);
        };
      }

      @Override
      public String toString() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  public record Limits(
      int connectionCount,
      int connectionRate,
      int messageRate,
      int recipientRate,
      int ipv4Prefix,
      int ipv6Prefix,
      boolean exemptOwn,
      Networks exempt,
      MemorySettings memory) {
    public Limits {
      atLeast(0, "connection-count", connectionCount);
      atLeast(0, "connection-rate", connectionRate);
      atLeast(0, "message-rate", messageRate);
      atLeast(0, "recipient-rate", recipientRate);
      within(32, "ipv4-prefix", ipv4Prefix);
      within(128, "ipv6-prefix", ipv6Prefix);
    }
  }

  public record Dnsbl(List<String> zones, int threshold, List<TableName> replies) {
    public Dnsbl {
      if (threshold < 1) {
        throw new IllegalArgumentException("threshold must be at least 1, was " + threshold);
      }
    }
  }

  public record Checks(
      List<TableName> header,
      List<TableName> mimeHeader,
      List<TableName> nestedHeader,
      List<TableName> body,
      Size bodySizeLimit,
      Size fieldSizeLimit,
      boolean mime,
      int nestingLimit,
      int boundaryLimit,
      String rejectCharacters,
      String stripCharacters,
      List<String> dropHeaders,
      List<String> strict,
      List<TableName> attachments,
      String unreadableAttachments) {
    private static final Set<String> UNREADABLE = Set.of("hold", "reject", "defer", "pass");

    private static final Set<String> STRICT =
        Set.of("headers", "body", "encoding-domain", "nesting");

    public Checks {
      if (!STRICT.containsAll(strict)) {
        throw new IllegalArgumentException(
            "strict may contain only headers, body, encoding-domain, nesting");
      }
      if (fieldSizeLimit.bytes() < 1 || nestingLimit < 1 || boundaryLimit < 1) {
        throw new IllegalArgumentException(
            "field-size-limit, nesting-limit and boundary-limit must be at least 1");
      }
      characters("reject-characters", rejectCharacters);
      characters("strip-characters", stripCharacters);
      if (!UNREADABLE.contains(unreadableAttachments)) {
        throw new IllegalArgumentException(
            "unreadable-attachments must be hold, reject, defer or pass");
      }
    }
  }

  /// Refuses what is not characters and escapes, or would match line ends.
  private static void characters(String key, String text) {
    if (!text.matches("([ -~&&[^\\\\]]|\\\\([abftv\\\\]|(?!0?1[25](?![0-7]))[0-7]{1,3}))*")) {
      throw new IllegalArgumentException(
          key
              + " must be characters and escapes such as \\0 or \\200, without those that end"
              + " lines");
    }
  }

  /// Rules for mail on its way out.
  public record WireChecks(
      List<TableName> header,
      List<TableName> mimeHeader,
      List<TableName> nestedHeader,
      List<TableName> body) {}

  public record Delivery(
      Optional<Relayhost> relayhost,
      int port,
      Duration connectTimeout,
      Duration commandTimeout,
      Duration dataTimeout,
      int concurrency,
      Duration connectionIdle,
      Duration suspension,
      int lineLimit,
      boolean sevenBit,
      String maildir,
      List<String> programs,
      WireChecks checks,
      OutgoingSettings outgoing) {
    public Delivery {
      var names = new HashSet<String>();
      for (String program : programs) {
        try {
          if (!names.add(PipeProgram.parse(program).name())) {
            throw new IllegalArgumentException("each name only once");
          }
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("programs must have " + e.getMessage(), e);
        }
      }
      atLeast(1, "port", port);
      if (port > 65535) {
        throw new IllegalArgumentException("port must be at most 65535");
      }
      if (lineLimit != 0) {
        atLeast(78, "line-limit", lineLimit);
      }
      positive("connect-timeout", connectTimeout);
      positive("command-timeout", commandTimeout);
      positive("data-timeout", dataTimeout);
      atLeast(1, "concurrency", concurrency);
      // without the user, everybody's mail would be in one Maildir
      if (!maildir.contains("%u")) {
        throw new IllegalArgumentException("maildir must contain %u, the user");
      }
      if (Path.of(maildir).isAbsolute() || Stream.of(maildir.split("/")).anyMatch(".."::equals)) {
        throw new IllegalArgumentException("maildir must stay below data.directory");
      }
    }
  }

  public record Dns(List<NameServer> servers, Duration timeout) {
    public Dns {
      positive("timeout", timeout);
    }
  }

  public record Queue(
      List<Duration> lanes,
      Duration lifetime,
      Duration delayWarning,
      int faultLimit,
      List<DomainPattern> flushDomains) {
    public Queue {
      lanes = List.copyOf(lanes);
      if (lanes.isEmpty()) {
        throw new IllegalArgumentException("lanes must have at least one waiting time");
      }
      for (int i = 0; i < lanes.size(); i++) {
        positive("lanes", lanes.get(i));
        if (i > 0 && lanes.get(i).compareTo(lanes.get(i - 1)) <= 0) {
          throw new IllegalArgumentException(
              "lanes must grow: each waits longer than the one before");
        }
      }
      positive("lifetime", lifetime);
      if (delayWarning.compareTo(lifetime) >= 0) {
        throw new IllegalArgumentException(
            "delay-warning must be shorter than lifetime, or 0 for none");
      }
      atLeast(1, "fault-limit", faultLimit);
    }
  }

  public record Report(Size sizeLimit, Duration lifetime, Duration gather) {
    private static final Duration LONGEST_GATHER = Duration.ofMinutes(5);

    public Report {
      if (gather.isNegative() || gather.compareTo(LONGEST_GATHER) > 0) {
        throw new IllegalArgumentException("gather must be between 0s and 5m");
      }
    }
  }

  public record Content(Size inlineLimit) {
    /// A larger queue message would be a large message of the broker's: a file for every hop.
    private static final Size MOST_INLINE = Size.ofKiB(64);

    public Content {
      atMost(MOST_INLINE, "inline-limit", inlineLimit);
    }
  }

  public record Broker(
      Optional<String> url,
      String user,
      Secret password,
      List<String> transports,
      Size minDiskFree) {
    public Broker {
      if (url.isPresent() && !url.get().matches("(?s)\\(?tcp://.+")) {
        throw new IllegalArgumentException(
            "url must be tcp://host:61616 or (tcp://a:61616,tcp://b:61616)?ha=true");
      }
      if (!transports.isEmpty() && url.isEmpty()) {
        throw new IllegalArgumentException(
            "transports are on other machines, which needs a broker of their own: set broker.url");
      }
      for (String name : transports) {
        if (!name.matches("[A-Za-z0-9_-]+")) {
          throw new IllegalArgumentException(
              "transports are names such as archive, whose queue is delivery.archive, was " + name);
        }
      }
    }
  }

  public record State(Optional<String> url, String user, Secret password) {
    public State {
      database(url);
    }
  }

  private static void database(Optional<String> url) {
    try {
      url.ifPresent(DatabaseUrl::checked);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("url " + e.getMessage(), e);
    }
  }

  public record Metrics(Optional<InetSocketAddress> address) {}

  static void positive(String key, Duration duration) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(key + " must be longer than 0s");
    }
  }

  /// A proxy that may name the client may name one of ours: so never the whole internet.
  private static void notEverybody(String key, Networks networks) {
    if (networks.networks().stream().anyMatch(network -> network.bits() == 0)) {
      throw new IllegalArgumentException(
          key + " must not hold the whole internet, or anybody could pass for one of our clients");
    }
  }

  private static void within(int most, String key, int value) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(key + " must be from 1 to " + most);
    }
  }

  private static void atLeast(long least, String key, long value) {
    if (value < least) {
      throw new IllegalArgumentException(key + " must be at least " + least);
    }
  }

  private static void atMost(Size most, String key, Size value) {
    if (value.bytes() > most.bytes()) {
      throw new IllegalArgumentException(key + " must be at most " + most);
    }
  }
}
