package org.caravanmta.filter.icap;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import org.caravanmta.filter.contract.WireInput;
import org.caravanmta.message.Headers;
import org.caravanmta.smtp.Reply;

/// Shows each message to an ICAP service, in the way that the service has said it wants: all of it,
/// or its first bytes before the rest (RFC 3507 §4.5).
public final class IcapFilter implements MessageFilter {
  private static final int BLOCK = 64 * 1024;
  private static final int MOST_HEAD = 64 * 1024;
  private static final Pattern HTTP_STATUS = Pattern.compile("HTTP/\\d\\.\\d (\\d{3})(?: .*)?");

  private final IcapService service;
  private final FilterPatience patience;
  private final InstantSource clock;
  private final AtomicReference<Optional<Known>> known = new AtomicReference<>(Optional.empty());

  /// What the service has said of itself, and until when it counts.
  private record Known(IcapOptions options, Instant until) {}

  /// @param written `icap://host:1344/service`
  /// @throws IllegalArgumentException says what was expected
  public IcapFilter(String written, FilterPatience patience, InstantSource clock) {
    this.service = IcapService.parse(written);
    this.patience = patience;
    this.clock = clock;
  }

  @Override
  public FilterAnswer examine(Examined message) {
    try (FilterSocket socket = FilterSocket.connect(service.address(), patience.connect())) {
      var in = new WireInput(socket.in());
      var out = new BufferedOutputStream(socket.out(), BLOCK + 16);
      Optional<Known> counts = known.get().filter(each -> each.until().isAfter(clock.instant()));
      IcapOptions options =
          counts.isPresent()
              ? counts.get().options()
              : socket.within(patience.command(), () -> ask(in, out));
      return socket.within(patience.content(), () -> examine(message, options, in, out));
    } catch (IOException e) {
      return FilterAnswer.of(new Judgement.NoAnswer(String.valueOf(e.getMessage())));
    }
  }

  private IcapOptions ask(WireInput in, OutputStream out) throws IOException {
    write(out, "OPTIONS " + service.uri() + " ICAP/1.0\r\nHost: " + service.host() + "\r\n\r\n");
    out.flush();
    IcapAnswer answer = IcapAnswer.read(in);
    if (answer.code() != 200) {
      throw new IOException("the service answers OPTIONS with " + answer.code());
    }
    if (answer.encapsulated().contains("opt-body")) {
      new ChunkedInput(in).transferTo(OutputStream.nullOutputStream());
    }
    var options = IcapOptions.of(answer.fields());
    known.set(Optional.of(new Known(options, clock.instant().plusSeconds(options.lifetime()))));
    return options;
  }

  private FilterAnswer examine(
      Examined message, IcapOptions options, WireInput in, OutputStream out) throws IOException {
    IcapAnswer answer = show(message, options, in, out);
    if (!answer.tag().isEmpty() && !answer.tag().equals(options.tag())) {
      known.set(Optional.empty());
    }
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
  private IcapAnswer show(Examined message, IcapOptions options, WireInput in, OutputStream out)
      throws IOException {
    write(out, head(message, options));
    try (InputStream whole = message.whole()) {
      if (options.preview().isEmpty()) {
        return rest(whole, in, out);
      }
      byte[] first = whole.readNBytes(options.preview().getAsInt());
      boolean all = first.length == message.mail().size();
      chunk(out, first, first.length);
      write(out, all ? "0; ieof\r\n\r\n" : "0\r\n\r\n");
      out.flush();
      IcapAnswer answer = IcapAnswer.read(in);
      return answer.code() == 100 && !all ? rest(whole, in, out) : answer;
    }
  }

  /// A service may say what it thinks before it has taken everything, and close.
  private static IcapAnswer rest(InputStream whole, WireInput in, OutputStream out)
      throws IOException {
    byte[] block = new byte[BLOCK];
    for (int count = whole.read(block); count >= 0; count = whole.read(block)) {
      chunk(out, block, count);
    }
    write(out, "0\r\n\r\n");
    out.flush();
    return IcapAnswer.read(in);
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
  /// says why there is none.
  private static FilterAnswer changed(Examined message, IcapAnswer answer, WireInput in)
      throws IOException {
    String parts = answer.encapsulated();
    String first = in.line();
    var status = HTTP_STATUS.matcher(first);
    Headers head = in.headers(MOST_HEAD);
    boolean page =
        status.matches() && !status.group(1).startsWith("2")
            || head.first("Content-Type")
                .filter(type -> !type.value().regionMatches(true, 0, "message/", 0, 8))
                .isPresent();
    if (page) {
      String why = status.matches() ? status.group(1) : "another page";
      return refused("Message refused by the content scanner", "blocked=" + why);
    }
    if (!parts.contains("-body=")) {
      throw new IOException("the service answers with neither a message nor a reason");
    }
    var body = new ChunkedInput(in);
    List<Edit> edits = RemadeMessage.read(new WireInput(body), message);
    return new FilterAnswer(Judgement.PASS, edits, "");
  }

  /// Of an answer with parts of the message, only the one that has none of them is understood: all
  /// of it is as it was.
  private static FilterAnswer partly(IcapAnswer answer, WireInput in) throws IOException {
    if (answer.encapsulated().contains("-hdr=")) {
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
