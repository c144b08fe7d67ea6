package org.caravanmta.message;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;

/// Writes and reads a {@link Mail}: envelope, header section and content, mostly in the order of
/// the records' components.
public final class MailCodec implements Codec<Mail> {
  /// Bytes of a usual envelope without its recipients.
  private static final int ENVELOPE = 384;

  /// Bytes of a usual recipient.
  private static final int RECIPIENT = 160;

  /// The first version that has {@link Envelope#filter}.
  private static final int FILTERS = 3;

  /// The first version that has {@link Entrance#server}.
  private static final int SERVERS = 4;

  /// The first version that has {@link Recipient#done}.
  private static final int PARTS = 4;

  /// The first version that has {@link MailOptions#verp} and {@link MailOptions#requireTls}.
  private static final byte VARIABLE_PATHS = 5;

  /// The first version that has {@link Envelope#passage}.
  private static final byte PASSAGES = 6;

  /// The transport of a content filter that is no filter, but fails or defers all mail.
  private static final String REFUSING = Transport.ERROR.key();

  @Override
  public byte tag() {
    return 'M';
  }

  @Override
  public Class<Mail> type() {
    return Mail.class;
  }

  @Override
  public int room(Mail mail) {
    int inline = mail.content() instanceof Content.Inline(byte[] bytes) ? bytes.length : 64;
    return ENVELOPE + mail.recipients().size() * RECIPIENT + mail.headers().length() + inline;
  }

  @Override
  public byte version(Mail mail) {
    MailOptions given = mail.envelope().parameters();
    if (!mail.envelope().passage().equals(Passage.NONE)) {
      return PASSAGES;
    }
    return given.verp().isPresent() || given.requireTls() ? VARIABLE_PATHS : USUAL;
  }

  @Override
  public void write(Mail mail, WireWriter to) {
    Envelope envelope = mail.envelope();
    to.text(envelope.id());
    writePath(to, envelope.reversePath());
    to.list(envelope.recipients(), MailCodec::writeRecipient);
    writeClient(to, envelope.purpose().sent(envelope.client()));
    writeParameters(to, envelope.parameters());
    to.instant(envelope.arrived());
    to.number(envelope.progress().attempt());
    to.number(envelope.progress().faults());
    to.instant(envelope.progress().due());
    to.instant(envelope.progress().queued());
    to.flag(envelope.progress().warned());
    to.optional(envelope.destination(), MailCodec::writeDestination);
    to.optional(envelope.filter(), MailCodec::writeFilter);
    if (to.version() >= PASSAGES) {
      writePassage(to, envelope.passage());
    }
    to.bytes(mail.headers().bytes());
    switch (mail.content()) {
      case Content.Inline(byte[] bytes) -> {
        to.octet('I');
        to.bytes(bytes);
      }
      case Content.Stored(String ref, long length, int crc) -> {
        to.octet('S');
        to.text(ref);
        to.number(length);
        to.number(crc);
      }
    }
  }

  @Override
  public Optional<Mail> mail(Mail value) {
    return Optional.of(value);
  }

  @Override
  public Optional<Glance> glance(WireReader from) {
    return Optional.of(glanceAt(from));
  }

  static Glance glanceAt(WireReader from) {
    Envelope envelope = readEnvelope(from);
    long headers = from.skip();
    int kind = from.octet();
    long body;
    switch (kind) {
      case 'I' -> body = from.skip();
      case 'S' -> {
        from.skip();
        body = from.longNumber();
        from.number();
      }
      default -> throw new Malformed("content of kind " + kind);
    }
    return new Glance(envelope, headers + 2 + body, Optional.empty());
  }

  @Override
  public Mail read(WireReader from) {
    Envelope envelope = readEnvelope(from);
    var headers = Headers.parse(from.bytes());
    int kind = from.octet();
    Content content =
        switch (kind) {
          case 'I' -> new Content.Inline(from.bytes());
          case 'S' -> new Content.Stored(from.text(), from.longNumber(), from.number());
          default -> throw new Malformed("content of kind " + kind);
        };
    return new Mail(envelope, headers, content);
  }

  private static Envelope readEnvelope(WireReader from) {
    String id = from.text();
    ReversePath path = readPath(from);
    List<Recipient> recipients = from.list(MailCodec::readRecipient);
    Client client = readClient(from);
    Purpose purpose = Purpose.of(client);
    return new Envelope(
        id,
        path,
        recipients,
        purpose.read(client),
        purpose,
        readParameters(from),
        from.instant(),
        new Progress(from.number(), from.number(), from.instant(), from.instant(), from.flag()),
        from.optional(MailCodec::readDestination),
        from.version() < FILTERS ? Optional.empty() : from.optional(MailCodec::readFilter),
        from.version() < PASSAGES ? Passage.NONE : readPassage(from));
  }

  private static void writePassage(WireWriter to, Passage passage) {
    to.list(passage.passed(), WireWriter::text);
    to.optional(
        passage.custody(),
        (writer, custody) -> {
          writer.text(custody.filter());
          writer.text(custody.why());
          writer.text(
              custody.score().isEmpty() ? "" : String.valueOf(custody.score().getAsDouble()));
          writer.instant(custody.since());
        });
  }

  private static Passage readPassage(WireReader from) {
    return new Passage(
        from.list(WireReader::text),
        from.optional(
            reader ->
                new Custody(reader.text(), reader.text(), score(reader.text()), reader.instant())));
  }

  private static OptionalDouble score(String text) {
    return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
  }

  private static void writeDestination(WireWriter to, Destination destination) {
    to.text(destination.transport());
    to.text(destination.kept());
  }

  private static Destination readDestination(WireReader from) {
    return Destination.of(from.text(), from.text());
  }

  /// Writes a content filter; one that only fails or defers mail is written like a destination:
  /// `error`, `retry:text`.
  public static void writeFilter(WireWriter to, NamedTransport filter) {
    to.text(filter.refuses() ? REFUSING : filter.name());
    to.text(filter.refuses() ? filter.name() + ":" + filter.nextHop() : filter.nextHop());
  }

  /// Reads what {@link #writeFilter} has written.
  public static NamedTransport readFilter(WireReader from) {
    String name = from.text();
    String nextHop = from.text();
    return name.equals(REFUSING)
        ? NamedTransport.parse(nextHop, "")
        : new NamedTransport(name, nextHop);
  }

  public static void writeAddress(WireWriter to, Address address) {
    to.text(address.localPart());
    to.text(address.domain().name());
  }

  public static Address readAddress(WireReader from) {
    return Address.of(from.text(), from.text());
  }

  public static void writePath(WireWriter to, ReversePath path) {
    to.optional(
        path instanceof ReversePath.Mailbox(Address address)
            ? Optional.of(address)
            : Optional.empty(),
        MailCodec::writeAddress);
  }

  public static ReversePath readPath(WireReader from) {
    return from.optional(MailCodec::readAddress).map(ReversePath::of).orElse(ReversePath.NULL);
  }

  public static void writeClient(WireWriter to, Client client) {
    to.bytes(client.address().getAddress());
    to.number(client.port());
    for (String text :
        List.of(client.name(), client.helo(), client.protocol(), client.listener())) {
      to.text(text);
    }
    to.optional(client.login(), WireWriter::text);
    to.optional(client.tls(), WireWriter::text);
    to.flag(client.own());
    to.optional(client.method(), WireWriter::text);
    to.optional(client.certificate(), MailCodec::writeCertificate);
    to.text(client.reverse().name());
    to.octet(client.reverse().state().ordinal());
    to.optional(
        client.server(),
        (writer, server) -> {
          writer.bytes(server.getAddress().getAddress());
          writer.number(server.getPort());
        });
  }

  public static Client readClient(WireReader from) {
    InetAddress address = readInetAddress(from);
    int port = from.number();
    String name = from.text();
    var greeting = new Greeting(from.text(), from.text());
    String listener = from.text();
    Optional<String> user = from.optional(WireReader::text);
    Optional<String> agreed = from.optional(WireReader::text);
    boolean own = from.flag();
    Optional<String> method = from.optional(WireReader::text);
    Optional<ClientCertificate> certificate = from.optional(MailCodec::readCertificate);
    var reverse = new Reverse(from.text(), from.pick(Reverse.State.values()));
    Optional<InetSocketAddress> server =
        from.version() < SERVERS ? Optional.empty() : from.optional(MailCodec::readServer);
    return new Client(
        new ClientHost(address, port, name, reverse, own),
        greeting,
        agreed.map(tls -> new ClientTls(tls, certificate)),
        user.map(login -> new Login(login, method)),
        new Entrance(listener, server));
  }

  private static InetSocketAddress readServer(WireReader from) {
    return new InetSocketAddress(readInetAddress(from), from.number());
  }

  private static void writeCertificate(WireWriter to, ClientCertificate certificate) {
    to.text(certificate.fingerprint());
    to.text(certificate.keyFingerprint());
    to.text(certificate.subject());
    to.text(certificate.issuer());
    to.flag(certificate.verified());
  }

  private static ClientCertificate readCertificate(WireReader from) {
    return new ClientCertificate(from.text(), from.text(), from.text(), from.text(), from.flag());
  }

  private static InetAddress readInetAddress(WireReader from) {
    byte[] bytes = from.bytes();
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new Malformed("a client address of " + bytes.length + " bytes");
    }
  }

  private static void writeRecipient(WireWriter to, Recipient recipient) {
    writeAddress(to, recipient.address());
    writeAddress(to, recipient.original());
    to.optional(
        recipient.notifyOn(),
        (w, notify) ->
            w.octet(notify.events().stream().mapToInt(event -> 1 << event.ordinal()).sum()));
    to.optional(recipient.orcpt(), WireWriter::text);
    to.optional(recipient.last(), MailCodec::writeReason);
    to.list(List.copyOf(recipient.done()), WireWriter::text);
  }

  private static Recipient readRecipient(WireReader from) {
    return new Recipient(
        readAddress(from),
        readAddress(from),
        from.optional(MailCodec::readNotify),
        from.optional(WireReader::text),
        from.optional(MailCodec::readReason),
        from.version() < PARTS ? Set.of() : Set.copyOf(from.list(WireReader::text)));
  }

  private static Notify readNotify(WireReader from) {
    int bits = from.octet();
    return new Notify(
        Set.copyOf(
            Arrays.stream(Notify.Event.values())
                .filter(event -> (bits & 1 << event.ordinal()) != 0)
                .toList()));
  }

  private static void writeReason(WireWriter to, Reason reason) {
    to.text(reason.status().toString());
    to.text(reason.text());
    to.optional(reason.remote(), WireWriter::text);
    to.optional(reason.reply(), WireWriter::text);
  }

  private static Reason readReason(WireReader from) {
    return new Reason(
        Status.of(from.text()),
        from.text(),
        from.optional(WireReader::text),
        from.optional(WireReader::text));
  }

  private static void writeParameters(WireWriter to, MailOptions parameters) {
    to.optional(parameters.body(), (w, body) -> w.octet(body.ordinal()));
    to.flag(parameters.smtputf8());
    to.optional(parameters.ret(), (w, ret) -> w.octet(ret.ordinal()));
    to.optional(parameters.envid(), WireWriter::text);
    if (to.version() >= VARIABLE_PATHS) {
      to.optional(parameters.verp(), (w, verp) -> w.text(verp.delimiters()));
      to.flag(parameters.requireTls());
    }
  }

  private static MailOptions readParameters(WireReader from) {
    return new MailOptions(
        from.optional(r -> r.pick(MailOptions.Body.values())),
        from.flag(),
        from.optional(r -> r.pick(MailOptions.Ret.values())),
        from.optional(WireReader::text),
        from.version() < VARIABLE_PATHS
            ? Optional.empty()
            : from.optional(WireReader::text).map(Verp::new),
        from.version() >= VARIABLE_PATHS && from.flag());
  }
}
