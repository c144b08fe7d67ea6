package org.caravanmta.filter.icap;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.FilterSocket;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.filter.contract.RemadeMessage;
import org.caravanmta.filter.contract.UnreadableMessage;
import org.caravanmta.filter.contract.WireInput;
import org.caravanmta.message.Headers;
import org.caravanmta.smtp.Reply;

/// Shows each message to an ICAP service, in the way that the service has said it wants: all of it,
/// or its first bytes before the rest (RFC 3507 §4.5).
public final class IcapFilter implements MessageFilter {
  private static final int BLOCK = 64 * 1024;
  private static final int MOST_HEAD = 64 * 1024;
  private static final Pattern HTTP_STATUS = Pattern.compile("HTTP/\\d\\.\\d (\\d{3})(?: .*)?");
  private static final Pattern HTTP_REQUEST = Pattern.compile("[A-Z]+ \\S+ HTTP/\\d\\.\\d");

  private final IcapService service;
  private final FilterPatience patience;
  private final InstantSource clock;
  private final AtomicReference<Optional<Known>> known = new AtomicReference<>(Optional.empty());

  /// What the service has said of itself, and until when it counts.
  private record Known(IcapOptions options, Instant until) {}

  /// What the service has said of itself now.
  ///
  /// @param closes whether it takes nothing more on the same connection
  private record Introduction(IcapOptions options, boolean closes) {}

  /// A connection to the service.
  private record Line(FilterSocket socket, WireInput in, OutputStream out) implements Closeable {
    static Line open(IcapService service, FilterPatience patience) throws IOException {
      FilterSocket socket = FilterSocket.connect(service.address(), patience.connect());
      return new Line(
          socket, new WireInput(socket.in()), new BufferedOutputStream(socket.out(), BLOCK + 16));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /// What it has said of a message.
  ///
  /// @param cut why the message has not been sent whole; absent if it has
  private record Said(IcapAnswer answer, Optional<IOException> cut) {}

  /// Sends something.
  private interface Sending {
    void to(OutputStream out) throws IOException;
  }

  /// @param written `icap://host:1344/service`
  /// @throws IllegalArgumentException says what was expected
  public IcapFilter(String written, FilterPatience patience, InstantSource clock) {
    this.service = IcapService.parse(written);
    this.patience = patience;
    this.clock = clock;
  }

  @Override
  public FilterAnswer examine(Examined message) {
    try {
      Optional<Known> counts = known.get().filter(each -> each.until().isAfter(clock.instant()));
      return counts.isPresent() ? asked(message, counts.get().options()) : introduced(message);
    } catch (IOException e) {
      return FilterAnswer.none(String.valueOf(e.getMessage()), e);
    }
  }

  private FilterAnswer asked(Examined message, IcapOptions options) throws IOException {
    try (Line line = Line.open(service, patience)) {
      return asked(message, options, line);
    }
  }

  private FilterAnswer asked(Examined message, IcapOptions options, Line line) throws IOException {
    return line.socket()
        .within(patience.content(), () -> examine(message, options, line.in(), line.out()));
  }

  /// Has the service say first how it wants to be asked. It may close the connection after that,
  /// and not all say so.
  private FilterAnswer introduced(Examined message) throws IOException {
    Introduction said;
    try (Line line = Line.open(service, patience)) {
      said = line.socket().within(patience.command(), () -> introduction(line.in(), line.out()));
      if (!said.closes()) {
        long heard = line.in().position();
        try {
          return asked(message, said.options(), line);
        } catch (IOException e) {
          boolean late = e.getCause() instanceof ClosedChannelException;
          if (late
              || line.in().position() > heard
              || UnreadableMessage.cause(e) == Judgement.NoAnswer.Cause.MESSAGE) {
            throw e;
          }
        }
      }
    }
    return asked(message, said.options());
  }

  private Introduction introduction(WireInput in, OutputStream out) throws IOException {
    write(out, "OPTIONS " + service.uri() + " ICAP/1.0\r\nHost: " + service.host() + "\r\n\r\n");
    out.flush();
    IcapAnswer answer = IcapAnswer.read(in);
    if (answer.code() != 200) {
      throw new IOException("the service answers OPTIONS with " + answer.code());
    }
    if (answer.has("opt-body")) {
      new ChunkedInput(in).transferTo(OutputStream.nullOutputStream());
    }
    var options = IcapOptions.of(answer.fields());
    known.set(Optional.of(new Known(options, clock.instant().plusSeconds(options.lifetime()))));
    return new Introduction(options, answer.closes());
  }

  private FilterAnswer examine(
      Examined message, IcapOptions options, WireInput in, OutputStream out) throws IOException {
    Said said = show(message, options, in, out);
    IcapAnswer answer = said.answer();
    if (!answer.tag().isEmpty() && !answer.tag().equals(options.tag())) {
      known.set(Optional.empty());
    }
    FilterAnswer judged = judged(message, answer, in);
    if (said.cut().isPresent() && judged.judgement() instanceof Judgement.Pass) {
      // it may have found something, but has not seen that there is nothing
      throw said.cut().get();
    }
    return judged;
  }

  private static FilterAnswer judged(Examined message, IcapAnswer answer, WireInput in)
      throws IOException {
    Optional<String> found = answer.found();
    if (found.isPresent()) {
      return refused("Message contains malware (" + found.get() + ")", "found=" + found.get());
    }
    return switch (answer.code()) {
      case 204 -> FilterAnswer.of(Judgement.PASS);
      case 200, 201 -> changed(message, answer, in);
      case 206 -> partly(answer, in);
      default -> throw new IOException("the service answers " + answer.code());
    };
  }

  /// Sends the message, and reads the head of the answer about it.
  private Said show(Examined message, IcapOptions options, WireInput in, OutputStream out)
      throws IOException {
    String head = head(message, options);
    try (InputStream whole = message.whole()) {
      if (options.preview().isEmpty()) {
        return exchange(
            in,
            out,
            to -> {
              write(to, head);
              rest(whole, to);
            });
      }
      byte[] first = whole.readNBytes(options.preview().getAsInt());
      boolean all = first.length == message.mail().size();
      Said said =
          exchange(
              in,
              out,
              to -> {
                write(to, head);
                chunk(to, first, first.length);
                write(to, all ? "0; ieof\r\n\r\n" : "0\r\n\r\n");
              });
      return said.answer().code() == 100 && said.cut().isEmpty() && !all
          ? exchange(in, out, to -> rest(whole, to))
          : said;
    }
  }

  /// Sends, and reads the head of the answer. A service may say what it thinks before it has taken
  /// everything, and close.
  private static Said exchange(WireInput in, OutputStream out, Sending sending) throws IOException {
    try {
      sending.to(out);
      out.flush();
    } catch (UnreadableMessage e) {
      // the service waits for the rest, and has nothing to say
      throw e;
    } catch (IOException e) {
      return new Said(early(in, e), Optional.of(e));
    }
    return new Said(IcapAnswer.read(in), Optional.empty());
  }

  private static IcapAnswer early(WireInput in, IOException why) throws IOException {
    try {
      return IcapAnswer.read(in);
    } catch (IOException e) {
      why.addSuppressed(e);
      throw why;
    }
  }

  private static void rest(InputStream whole, OutputStream out) throws IOException {
    byte[] block = new byte[BLOCK];
    for (int count = whole.read(block); count >= 0; count = whole.read(block)) {
      chunk(out, block, count);
    }
    write(out, "0\r\n\r\n");
  }

  private String head(Examined message, IcapOptions options) {
    String length = "Content-Type: message/rfc822\r\nContent-Length: " + message.mail().size();
    String path = " http://" + message.hostname() + "/" + message.mail().id() + " HTTP/1.1\r\n";
    String host = "Host: " + message.hostname() + "\r\n";
    String parts =
        switch (options.method()) {
          case RESPMOD -> {
            String asked = "GET" + path + host + "\r\n";
            String answered = "HTTP/1.1 200 OK\r\n" + length + "\r\n\r\n";
            yield "Encapsulated: req-hdr=0, res-hdr="
                + asked.length()
                + ", res-body="
                + (asked.length() + answered.length())
                + "\r\n\r\n"
                + asked
                + answered;
          }
          case REQMOD -> {
            String asked = "PUT" + path + host + length + "\r\n\r\n";
            yield "Encapsulated: req-hdr=0, req-body=" + asked.length() + "\r\n\r\n" + asked;
          }
        };
    return options.method()
        + " "
        + service.uri()
        + " ICAP/1.0\r\nHost: "
        + service.host()
        + "\r\nAllow: 204\r\n"
        + (options.preview().isPresent() ? "Preview: " + options.preview().getAsInt() + "\r\n" : "")
        + parts;
  }

  /// What comes in place of the message: the message itself, as it was or changed, or a page that
  /// says why there is none. A message may come without a head of HTTP (RFC 3507 §4.4.1).
  private static FilterAnswer changed(Examined message, IcapAnswer answer, WireInput in)
      throws IOException {
    if (answer.has("res-hdr")) {
      Optional<String> page = page(in);
      if (page.isPresent()) {
        return refused("Message refused by the content scanner", "blocked=" + page.get());
      }
    } else if (answer.has("req-hdr")) {
      String first = in.line();
      if (!HTTP_REQUEST.matcher(first).matches() || !isMessage(in.headers(MOST_HEAD))) {
        throw new IOException("the service answers with something else than a message");
      }
    }
    if (!answer.has("res-body") && !answer.has("req-body")) {
      throw new IOException("the service answers with neither a message nor a reason");
    }
    var body = new ChunkedInput(in);
    List<Edit> edits = RemadeMessage.read(new WireInput(body), message);
    return new FilterAnswer(Judgement.PASS, edits, "");
  }

  /// Reads the head of a page; absent if a message follows.
  private static Optional<String> page(WireInput in) throws IOException {
    String first = in.line();
    var status = HTTP_STATUS.matcher(first);
    if (!status.matches()) {
      throw new IOException("not a status of HTTP: " + WireInput.shown(first));
    }
    boolean message = isMessage(in.headers(MOST_HEAD)) && status.group(1).startsWith("2");
    return message ? Optional.empty() : Optional.of(status.group(1));
  }

  private static boolean isMessage(Headers head) {
    return head.first("Content-Type")
        .filter(type -> !type.value().regionMatches(true, 0, "message/", 0, 8))
        .isEmpty();
  }

  /// Of an answer with parts of the message, only the one that has none of them is understood: all
  /// of it is as it was.
  private static FilterAnswer partly(IcapAnswer answer, WireInput in) throws IOException {
    if (answer.has("res-hdr") || answer.has("req-hdr")) {
      in.line();
      in.headers(MOST_HEAD);
    }
    var body = new ChunkedInput(in);
    if (body.read() < 0 && body.extension().replace(" ", "").equals(";use-original-body=0")) {
      return FilterAnswer.of(Judgement.PASS);
    }
    throw new IOException(
        "the service answers with a part of the message, which it was not asked for");
  }

  private static FilterAnswer refused(String text, String note) {
    return new FilterAnswer(new Judgement.Refuse(Reply.of(554, "5.7.1", text)), List.of(), note);
  }

  private static void chunk(OutputStream out, byte[] bytes, int length) throws IOException {
    if (length > 0) {
      write(out, Integer.toHexString(length) + "\r\n");
      out.write(bytes, 0, length);
      write(out, "\r\n");
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
