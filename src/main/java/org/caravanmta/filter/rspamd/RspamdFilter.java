package org.caravanmta.filter.rspamd;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterJson;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.FilterWeb;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.filter.contract.WireInput;

/// Has rspamd judge each message.
public final class RspamdFilter implements MessageFilter {
  private static final int LONGEST = 16 << 20;

  /// Also with a message that rspamd has rewritten.
  private static final int LONGEST_OF_ALL = 128 << 20;

  private final URI server;
  private final RspamdTerms terms;
  private final FilterWeb web;

  /// Whether it has said that it does not know `/checkv3`.
  private final AtomicBoolean plain = new AtomicBoolean();

  /// @param written `http://127.0.0.1:11333`
  /// @throws IllegalArgumentException says what was expected
  public RspamdFilter(String written, FilterPatience patience, RspamdTerms terms) {
    this.server = server(written);
    this.terms = terms;
    this.web = new FilterWeb(patience);
  }

  private static URI server(String written) {
    try {
      var uri = new URI(written);
      boolean plain = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
      if (uri.getHost() != null
          && plain
          && uri.getRawQuery() == null
          && ("http".equalsIgnoreCase(uri.getScheme())
              || "https".equalsIgnoreCase(uri.getScheme()))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "expected the address of rspamd such as http://127.0.0.1:11333, found \"" + written + "\"");
  }

  @Override
  public FilterAnswer examine(Examined message) {
    try {
      return answer(new RspamdQuestion(server, terms, message));
    } catch (IOException | UncheckedIOException e) {
      // it may come back as another version
      plain.set(false);
      return FilterAnswer.none(server + ": " + WireInput.shown(String.valueOf(e.getMessage())), e);
    }
  }

  private FilterAnswer answer(RspamdQuestion question) throws IOException {
    Examined message = question.message();
    if (!plain.get()) {
      FilterWeb.Answer said =
          web.ask(
              question.inParts(), (int) Math.min(LONGEST + message.mail().size(), LONGEST_OF_ALL));
      if (said.code() == 200 && RspamdParts.isOne(said)) {
        RspamdParts parts = RspamdParts.of(said);
        return new RspamdReply(read(parts.result()), message, terms, parts.message()).answer();
      }
      if (!isUnknown(said)) {
        throw new IOException("HTTP " + said.code());
      }
      plain.set(true);
    }
    try (InputStream whole = message.whole()) {
      FilterWeb.Answer said = web.ask(question.inFields(whole), LONGEST);
      if (said.code() != 200) {
        throw new IOException("HTTP " + said.code());
      }
      return new RspamdReply(read(said.body()), message, terms, Optional.empty()).answer();
    }
  }

  /// Whether it is the answer of an rspamd that does not know `/checkv3`: the controller has no
  /// such path, the scanner no such command, and the proxy says that it has skipped a message.
  private static boolean isUnknown(FilterWeb.Answer said) throws IOException {
    return switch (said.code()) {
      case 404 -> true;
      case 500 ->
          new String(said.body(), StandardCharsets.ISO_8859_1).contains("\"invalid command\"");
      case 200 -> RspamdReply.isUnseen(read(said.body()));
      default -> false;
    };
  }

  private static JsonObject read(byte[] body) throws IOException {
    if (FilterJson.read(body) instanceof JsonObject object) {
      return object;
    }
    throw new IOException("not an answer of rspamd");
  }

  @Override
  public void close() {
    web.close();
  }
}
