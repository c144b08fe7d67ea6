package org.caravanmta.reception;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.caravanmta.Ports;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Networks;
import org.caravanmta.address.Origin;
import org.caravanmta.config.Size;
import org.caravanmta.event.Trouble;
import org.caravanmta.message.ContentSettings;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MessageLimits;
import org.caravanmta.message.QueueIds;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.reception.limits.LimitSettings;
import org.caravanmta.reception.limits.MemoryBudget;
import org.caravanmta.reception.limits.MemorySettings;
import org.caravanmta.reception.limits.Patience;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.reception.limits.Usage;
import org.caravanmta.reception.session.DialogueRules;
import org.caravanmta.reception.session.DialogueSettings;
import org.caravanmta.reception.session.DiscardedExtensions;
import org.caravanmta.reception.session.Intermediaries;
import org.caravanmta.reception.session.QueueRun;
import org.caravanmta.reception.session.Reception;
import org.caravanmta.reception.session.RejectFooter;
import org.caravanmta.reception.session.Service;
import org.caravanmta.reception.session.SessionTerms;
import org.caravanmta.reception.session.SmtpSettings;
import org.caravanmta.reception.session.Tolerance;
import org.caravanmta.reception.session.VerpSettings;
import org.caravanmta.reception.wire.Newlines;
import org.caravanmta.smtp.Banner;
import org.caravanmta.smtp.EhloKeywords;
import org.caravanmta.smtp.Grammar;
import org.caravanmta.smtp.Reply;

/// A listener on a real port, in a real route whose one step answers the questions: mail for
/// `example.org` is ours to take, and special recipients and subjects get special verdicts.
public final class Server implements AutoCloseable {
  public static final Instant NOW = Instant.parse("2026-08-25T10:00:00Z");

  public final int port;
  public final Sessions sessions;
  final ContentStore store;
  public final ConcurrentLinkedQueue<Mail> queued = new ConcurrentLinkedQueue<>();
  final ConcurrentLinkedQueue<Case> questions = new ConcurrentLinkedQueue<>();
  final DefaultCamelContext camel = new DefaultCamelContext();
  public volatile Function<Case, Object> route = this::usual;

  /// The route's first step, which only looks.
  public volatile Consumer<Case> before = question -> {};

  volatile boolean roomLeft = true;
  volatile Instant now = NOW;

  /// Domains whose waiting mail was asked for; `broken.example`'s cannot be reached.
  final ConcurrentLinkedQueue<Domain> flushed = new ConcurrentLinkedQueue<>();

  private final QueueRun run =
      new QueueRun() {
        @Override
        public boolean serves(Domain domain) {
          return !domain.equals(new Domain("elsewhere.example"));
        }

        @Override
        public void start(Domain domain) {
          if (domain.equals(new Domain("broken.example"))) {
            throw new IllegalStateException("no queue can be reached");
          }
          flushed.add(domain);
        }
      };

  /// @param changes of settings and of the server, by the names in `config/caravan.yaml`
  public Server(Path directory, Map<String, String> changes) {
    try {
      port = Ports.free();
      store = ContentStore.open(directory);
      SessionTerms settings = settings(changes);
      sessions =
          new Sessions(settings.smtp().sessionLimit(), usage(changes, () -> now), budget(changes));
      if (changes.getOrDefault("disk", "").equals("full")) {
        roomLeft = false;
      }
      var reception =
          new Reception(
              settings,
              sessions,
              intermediaries(changes),
              store,
              new QueueIds(() -> NOW, 0),
              () -> NOW,
              () -> roomLeft,
              fault -> Reply.of(451, "4.3.0", "Error: " + fault.getMessage()),
              () -> changes.containsKey("at-data"),
              () -> changes.containsKey("followed"),
              run);
      Service service = Service.valueOf(changes.getOrDefault("listener", "SMTP"));
      Reply reply = Reply.of(554, "5.7.1", "Service unavailable; client host is listed");
      if (changes.getOrDefault("client", "").equals("listed")) {
        route =
            question ->
                question instanceof Case.Connection
                    ? question.decided(new Verdict.Reject(reply))
                    : usual(question);
      }
      camel
          .getRegistry()
          .bind("listener", new Listener(service, reception, TestSecurity.of(directory, changes)));
      camel.getRegistry().bind("loops", sessions.loops());
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("netty:tcp://127.0.0.1:"
                      + port
                      + "?serverInitializerFactory=#listener&sync=true&usingExecutorService=false"
                      + "&workerGroup=#loops&bossGroup=#loops")
                  .routeId("smtp")
                  .process(exchange -> before.accept(exchange.getIn().getBody(Case.class)))
                  .process(
                      exchange -> {
                        var question = exchange.getIn().getBody(Case.class);
                        if (!question.stage().equals(exchange.getIn().getHeader("stage"))) {
                          throw new IllegalStateException("a wrong header stage");
                        }
                        questions.add(question);
                        Object answer = route.apply(question);
                        if (answer instanceof RuntimeException bug) {
                          throw bug;
                        }
                        exchange.getIn().setBody(answer);
                      });
            }
          });
      camel.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public Peer connect() {
    return new Peer(port);
  }

  /// What our route would say.
  public Object usual(Case question) {
    return switch (question) {
      case Case.Connection connection -> connection;
      case Case.Rcpt rcpt -> recipient(rcpt);
      case Case.Data data ->
          data.decided(new Verdict.Reject(Reply.of(550, "5.7.1", "<DATA>: Data command rejected")));
      case Case.Message message -> message(message);
      case Case.Event event -> event;
    };
  }

  private static Case recipient(Case.Rcpt rcpt) {
    if (!rcpt.recipient().domain().equals(new Domain("example.org"))) {
      // nobody says that the mail is ours to take
      return rcpt.recipient().localPart().equals("permitted")
          ? rcpt.decided(new Verdict.Permit())
          : rcpt;
    }
    String to = "<" + rcpt.recipient() + ">: Recipient address rejected: ";
    Case.Rcpt ours = rcpt.vouchedFor();
    return switch (rcpt.recipient().localPart()) {
      case "greylisted" ->
          ours.decided(new Verdict.Defer(Reply.of(450, "4.2.0", to + "Greylisted")));
      case "nobody" ->
          ours.decided(new Verdict.Reject(Reply.of(550, "5.1.1", to + "User unknown")));
      case "drop" -> ours.decided(new Verdict.Reject(Reply.of(521, "5.7.1", "Go away")));
      case "held" -> ours.decided(new Verdict.Hold("a recipient to be looked at"));
      default -> ours;
    };
  }

  private Object message(Case.Message message) {
    String subject = message.mail().headers().first("Subject").map(f -> f.value()).orElse("");
    Case.Message decided =
        switch (subject) {
          case "spam" ->
              message.decided(
                  new Verdict.Reject(Reply.of(550, "5.7.1", "message content rejected")));
          case "later" ->
              message.decided(new Verdict.Defer(Reply.of(451, "4.7.1", "Try again later")));
          case "discard" -> message.decided(new Verdict.Discard("unwanted"));
          case "hold" -> message.decided(new Verdict.Hold("to be looked at"));
          default -> message;
        };
    if (subject.equals("bug")) {
      return new IllegalStateException("a bug");
    }
    if (subject.equals("nonsense")) {
      return "nonsense";
    }
    if (subject.equals("forgotten")) {
      return decided;
    }
    return switch (decided.verdict()) {
      case Verdict.Undecided _, Verdict.Permit _, Verdict.Hold _ -> {
        queued.add(decided.mail());
        yield decided.kept("routing");
      }
      case Verdict.Defer _, Verdict.Reject _, Verdict.Discard _, Verdict.Taken _ -> decided;
    };
  }

  @Override
  public void close() {
    camel.stop();
    sessions.close();
  }

  static MemoryBudget budget(Map<String, String> changes) {
    return new MemoryBudget(Long.parseLong(changes.getOrDefault("memory", "100000000")));
  }

  static Usage usage(Map<String, String> changes, InstantSource clock) {
    var limits =
        new LimitSettings(
            Integer.parseInt(changes.getOrDefault("connection-count", "0")),
            Integer.parseInt(changes.getOrDefault("connection-rate", "0")),
            Integer.parseInt(changes.getOrDefault("message-rate", "0")),
            Integer.parseInt(changes.getOrDefault("recipient-rate", "0")),
            Integer.parseInt(changes.getOrDefault("ipv4-prefix", "32")),
            Integer.parseInt(changes.getOrDefault("ipv6-prefix", "84")),
            false,
            networks(changes, "exempt"),
            new MemorySettings(new Size(0)));
    return new Usage(limits, limits.exempt(), clock);
  }

  static Intermediaries intermediaries(Map<String, String> changes) {
    return new Intermediaries(
        new SmtpSettings.Trusted(
            networks(changes, "xclient-hosts"), networks(changes, "xforward-hosts")),
        Map.of(Service.SMTP, networks(changes, "proxies")));
  }

  private static Networks networks(Map<String, String> changes, String name) {
    return Networks.of(Stream.ofNullable(changes.get(name)).toList());
  }

  public static SessionTerms settings(Map<String, String> changes) {
    return new SessionTerms(
        "mx.example.org",
        new Domain("example.org"),
        Networks.of(
            changes.getOrDefault("own", "yes").equals("yes") ? List.of("127.0.0.0/8") : List.of()),
        smtp(changes),
        new ContentSettings(new Size(number(changes, "inline-limit", 65_536))),
        rules(changes));
  }

  private static SmtpSettings smtp(Map<String, String> changes) {
    return new SmtpSettings(
        new MessageLimits(
            new Size(number(changes, "size-limit", 10_240_000)),
            new Size(number(changes, "header-limit", 131_072)),
            number(changes, "hop-limit", 50)),
        new Size(number(changes, "line-limit", 2048)),
        number(changes, "recipient-limit", 100),
        number(changes, "session-limit", 100),
        new Patience(
            Duration.parse(changes.getOrDefault("timeout", "PT1M")),
            number(changes, "min-data-rate", 500),
            number(changes, "soft-error-limit", 10),
            Duration.parse(changes.getOrDefault("error-delay", "PT0.001S")),
            number(changes, "error-limit", 20),
            number(changes, "idle-limit", 100)),
        new SmtpSettings.Offers(
            changes.getOrDefault("vrfy", "true").equals("true"),
            changes.getOrDefault("binarymime", "false").equals("true"),
            List.of(),
            List.of()),
        true,
        changes.containsKey("soft-bounce"),
        new SmtpSettings.Conduct(
            changes.containsKey("helo-required"),
            !changes.containsKey("no-delay-reject"),
            List.of(),
            Optional.empty(),
            SmtpSettings.BareNewline.NORMALIZE),
        new SmtpSettings.Trusted(Networks.of(List.of()), Networks.of(List.of())),
        new DialogueSettings(
            Banner.USUAL.template(),
            false,
            List.of(),
            number(changes, "recipient-overshoot", 1000),
            false,
            Networks.of(List.of()),
            true,
            false,
            Networks.of(List.of())),
        new VerpSettings(networks(changes, "verp-clients"), "+=", "-=+"));
  }

  private static int number(Map<String, String> changes, String name, int usual) {
    return Optional.ofNullable(changes.get(name)).map(Integer::valueOf).orElse(usual);
  }

  private static DialogueRules rules(Map<String, String> changes) {
    return new DialogueRules(
        new Banner(changes.getOrDefault("banner", Banner.USUAL.template())).text("mx.example.org"),
        new Grammar(
            new Origin(new Domain("example.org")),
            new Grammar.Paths(
                changes.containsKey("strict-envelopes"),
                changes.containsKey("null-domain"),
                changes.containsKey("numeric-domain")),
            words(changes.getOrDefault("forbidden-commands", "CONNECT GET POST")),
            words(changes.getOrDefault("noop-commands", "")),
            Grammar.Verps.USUAL),
        new DiscardedExtensions(
            EhloKeywords.of(words(changes.getOrDefault("discard-ehlo-keywords", ""))),
            Optional.ofNullable(changes.get("discard-here"))
                .map(here -> _ -> Optional.of(EhloKeywords.of(words(here))))),
        new RejectFooter(changes.getOrDefault("reject-footer", "")),
        new Tolerance(
            Newlines.valueOf(changes.getOrDefault("bare-newline", "REFUSED")),
            new Tolerance.Exempt(
                changes.containsKey("bare-newline-exempt-own"),
                networks(changes, "bare-newline-exempt")),
            !changes.containsKey("allow-pipelining"),
            new Tolerance.Exempt(
                changes.containsKey("pipelining-exempt-own"),
                networks(changes, "pipelining-exempt"))),
        words(changes.getOrDefault("told", "")).stream()
            .map(Trouble::valueOf)
            .collect(Collectors.toSet()));
  }

  private static Set<String> words(String text) {
    return Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).collect(Collectors.toSet());
  }
}
