package org.caravanmta.message;

import java.util.List;
import java.util.Optional;

/// Where a delivery task goes: a transport, and a next hop for it (RFC 5321 §3.6; postfix
/// `transport(5)`). In queues, and for the operator, it is two texts: the name of the transport,
/// and the next hop in the notation of that transport.
public sealed interface Destination {
  /// The name of the transport: the queue `delivery.<transport>` takes the task.
  String transport();

  /// The next hop in the transport's notation, as it may be shown.
  String nextHop();

  /// The next hop in the transport's notation, with what only the transport may know; for queues.
  default String kept() {
    return nextHop();
  }

  /// The servers that the next hop names, for delivery by SMTP or LMTP.
  ///
  /// @throws IllegalArgumentException names what is not a {@link NextHop}
  default List<NextHop> servers() {
    return NextHopReader.list(nextHop());
  }

  /// The same with the load that they share.
  ///
  /// @throws IllegalArgumentException likewise
  default List<NextHopSet> serverSets() {
    return NextHopReader.sets(nextHop());
  }

  /// The same next hop in the notation of another transport: the route of an operator's own
  /// transport may use the steps of one of ours.
  default Destination by(Transport other) {
    return transport().equals(other.key()) ? this : of(other, kept());
  }

  /// A transport of ours whose next hop is one text: servers, a domain, or a note.
  ///
  /// @param way the transport
  record Plain(Transport way, String nextHop) implements Destination {
    @Override
    public String transport() {
      return way.key();
    }
  }

  /// A content filter, which has a queue of its own.
  ///
  /// @param server where the filter listens, by a transport that {@link Transport#isRemote speaks}
  ///   SMTP or LMTP
  record Filter(Plain server) implements Destination {
    @Override
    public String transport() {
      return Transport.FILTER.key();
    }

    /// `smtp:[127.0.0.1]:10025`.
    @Override
    public String nextHop() {
      return server.transport() + ":" + server.nextHop();
    }
  }

  /// One of the operator's programs (postfix `pipe(8)`).
  ///
  /// @param name the name of the program in the settings
  /// @param argument what tables say after the name, often a domain; may be empty
  record Program(String name, String argument) implements Destination {
    @Override
    public String transport() {
      return Transport.PIPE.key();
    }

    /// `NAME:ARGUMENT`, or `NAME`.
    @Override
    public String nextHop() {
      return argument.isEmpty() ? name : name + ":" + argument;
    }
  }

  /// A Camel endpoint.
  ///
  /// @param uri with its options, which may hold passwords
  record Endpoint(String uri) implements Destination {
    @Override
    public String transport() {
      return Transport.CAMEL.key();
    }

    /// The URI without its options: `kafka:tickets`.
    @Override
    public String nextHop() {
      return EndpointUri.shown(uri);
    }

    @Override
    public String kept() {
      return uri;
    }

    /// `camel:kafka:tickets`.
    @Override
    public String toString() {
      return transport() + ":" + nextHop();
    }
  }

  /// Nowhere: every recipient fails, and the mail is returned (postfix `error(8)`).
  record Fail(Why why) implements Destination {
    private static final String MARK = "error:";

    /// @param text `5.1.1 User unknown`
    public static Fail of(String text) {
      return new Fail(Why.parse(text));
    }

    @Override
    public String transport() {
      return Transport.ERROR.key();
    }

    /// `error:5.1.1 User unknown`.
    @Override
    public String nextHop() {
      return MARK + why;
    }
  }

  /// Nowhere for now: every recipient is deferred (postfix `retry` of `master.cf`). The transport
  /// is `error`, as for {@link Fail}.
  record Retry(Why why) implements Destination {
    /// Without a reason given.
    public static final Retry UNSAID = new Retry(Why.parse(""));

    private static final String MARK = "retry:";

    @Override
    public String transport() {
      return Transport.ERROR.key();
    }

    /// `retry:4.3.2 Not now`.
    @Override
    public String nextHop() {
      return MARK + why;
    }
  }

  /// A transport of the operator's own, whose route knows the notation of its next hop.
  record Other(String transport, String nextHop) implements Destination {}

  /// The operator's reason why mail goes nowhere.
  ///
  /// @param status as the operator wrote it, of any class; absent if not written
  /// @param text the words after it; may be empty
  record Why(Optional<Status> status, String text) {
    private static final String UNSAID = "Address is undeliverable";

    /// Reads `5.1.1 text`; either part may be missing.
    static Why parse(String written) {
      String text = written.strip();
      String[] words = text.split("\\s+", 2);
      var status = Status.parse(words[0]);
      String rest = words.length > 1 ? words[1] : "";
      return new Why(status, status.isPresent() ? rest : text);
    }

    /// The status, with the class of what becomes of the mail.
    ///
    /// @param otherwise gives that class, and is the status if the operator has written none
    public Status status(Status otherwise) {
      return status
          .map(given -> new Status(otherwise.digit(), given.subject(), given.detail()))
          .orElse(otherwise);
    }

    /// The text for people, which is never empty.
    public String shown() {
      return text.isEmpty() ? UNSAID : text;
    }

    /// The reason as the operator wrote it.
    @Override
    public String toString() {
      return status
          .map(given -> text.isEmpty() ? given.toString() : given + " " + text)
          .orElse(text);
    }
  }

  /// Reads the two texts of a destination. A next hop that is not in the notation of its transport
  /// is kept as it is: the transport defers the mail until the operator has mended it.
  static Destination of(String transport, String nextHop) {
    return Transport.named(transport)
        .map(shipped -> of(shipped, nextHop))
        .orElseGet(() -> new Other(transport, nextHop));
  }

  private static Destination of(Transport transport, String nextHop) {
    return switch (transport.notation()) {
      case HOSTS, SERVERS, DOMAIN, NOTE -> new Plain(transport, nextHop);
      case FILTER -> filter(nextHop);
      case PROGRAM -> program(nextHop);
      case ENDPOINT -> new Endpoint(nextHop);
      case REFUSAL -> nowhere(nextHop);
    };
  }

  private static Destination filter(String nextHop) {
    int colon = Math.max(nextHop.indexOf(':'), 0);
    String server = nextHop.substring(Math.min(colon + 1, nextHop.length()));
    return of(nextHop.substring(0, colon), server) instanceof Plain plain && plain.way().isRemote()
        ? new Filter(plain)
        : new Other(Transport.FILTER.key(), nextHop);
  }

  private static Destination program(String nextHop) {
    int colon = nextHop.indexOf(':');
    return colon < 0
        ? new Program(nextHop, "")
        : new Program(nextHop.substring(0, colon), nextHop.substring(colon + 1));
  }

  private static Destination nowhere(String nextHop) {
    return nextHop.startsWith(Retry.MARK)
        ? new Retry(Why.parse(nextHop.substring(Retry.MARK.length())))
        : Fail.of(nextHop.startsWith(Fail.MARK) ? nextHop.substring(Fail.MARK.length()) : nextHop);
  }
}
