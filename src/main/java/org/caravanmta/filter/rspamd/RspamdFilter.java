package org.caravanmta.filter.rspamd;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.caravanmta.address.Literals;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterJson;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.FilterWeb;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.filter.contract.WireInput;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;

/// Has rspamd judge each message.
public final class RspamdFilter implements MessageFilter {
  private static final int LONGEST = 16 << 20;

  private final URI server;
  private final RspamdTerms terms;
  private final FilterWeb web;

  /// @param written `http://127.0.0.1:11333`
  /// @throws IllegalArgumentException says what was expected
  public RspamdFilter(String written, FilterPatience patience, RspamdTerms terms) {
    this.server = server(written).resolve("/checkv2");
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
    try (InputStream whole = message.whole()) {
      FilterWeb.Answer said = web.ask(request(message, whole), LONGEST);
      if (said.code() != 200) {
        throw new IOException("HTTP " + said.code());
      }
      return new RspamdReply(read(said.body()), message, terms).answer();
    } catch (IOException | UncheckedIOException e) {
      return FilterAnswer.of(
          new Judgement.NoAnswer(server + ": " + WireInput.shown(String.valueOf(e.getMessage()))));
    }
  }

  private static JsonObject read(byte[] body) throws IOException {
    if (FilterJson.read(body) instanceof JsonObject object) {
      return object;
    }
    throw new IOException("not an answer of rspamd");
  }

  private HttpPost request(Examined message, InputStream whole) {
    Mail mail = message.mail();
    Client client = mail.envelope().client();
    var request = new HttpPost(server);
    add(request, "From", mail.reversePath().toString());
    for (Recipient recipient : mail.recipients()) {
      add(request, "Rcpt", recipient.original().toString());
    }
    if (mail.recipients().size() == 1) {
      add(request, "Deliver-To", mail.recipients().getFirst().address().toString());
    }
    add(request, "IP", Literals.text(client.address()));
    add(request, "Helo", client.helo());
    add(request, "Hostname", client.name());
    client.login().ifPresent(user -> add(request, "User", user));
    client
        .tls()
        .ifPresent(
            tls -> {
              List<String> words = List.of(tls.split(" ", 2));
              add(request, "TLS-Version", words.getFirst());
              add(request, "TLS-Cipher", words.getLast());
            });
    add(request, "Queue-Id", mail.id());
    add(request, "MTA-Name", message.hostname());
    terms.settingsId().ifPresent(id -> add(request, "Settings-ID", id));
    terms.password().ifPresent(password -> add(request, "Password", password));
    request.setEntity(
        new InputStreamEntity(whole, mail.size(), ContentType.APPLICATION_OCTET_STREAM));
    return request;
  }

  /// A value is one line: nothing of a peer's becomes another field.
  private static void add(HttpPost request, String name, String value) {
    request.addHeader(name, value.replaceAll("\\p{Cntrl}", "?"));
  }

  @Override
  public void close() {
    web.close();
  }
}
