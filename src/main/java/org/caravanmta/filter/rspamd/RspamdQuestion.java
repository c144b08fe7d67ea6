package org.caravanmta.filter.rspamd;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.caravanmta.address.Literals;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;

/// What rspamd is asked (rspamd documentation, "Protocol").
record RspamdQuestion(URI server, RspamdTerms terms, Examined message) {
  /// What is known of the message in one part of a form, the message in another (RFC 7578): no
  /// address of a peer's is read as a field of HTTP.
  HttpPost inParts() {
    String boundary = "caravan-" + UUID.randomUUID();
    byte[] before =
        ("--"
                + boundary
                + "\r\nContent-Disposition: form-data; name=\"metadata\"\r\n"
                + "Content-Type: application/json\r\n\r\n"
                + metadata()
                + "\r\n--"
                + boundary
                + "\r\nContent-Disposition: form-data; name=\"message\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] after = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    HttpPost request = to("/checkv3");
    request.addHeader("Accept", "multipart/mixed");
    request.setEntity(
        new EntityTemplate(
            before.length + message.mail().size() + after.length,
            ContentType.create("multipart/form-data", new BasicNameValuePair("boundary", boundary)),
            null,
            out -> {
              out.write(before);
              message.writeTo(out);
              out.write(after);
            }));
    return request;
  }

  private JsonObject metadata() {
    Mail mail = message.mail();
    Client client = mail.envelope().client();
    var recipients = Json.createArrayBuilder();
    mail.recipients().forEach(each -> recipients.add(each.original().toString()));
    var metadata =
        Json.createObjectBuilder()
            .add("from", "<" + mail.reversePath() + ">")
            .add("rcpt", recipients)
            .add("ip", Literals.text(client.address()))
            .add("helo", client.helo())
            .add("hostname", client.name())
            .add("queue_id", mail.id())
            .add("mta", Json.createObjectBuilder().add("name", message.hostname()));
    if (mail.recipients().size() == 1) {
      metadata.add("deliver_to", mail.recipients().getFirst().address().toString());
    }
    client.login().ifPresent(user -> metadata.add("user", user));
    client
        .tls()
        .ifPresent(
            tls -> {
              List<String> words = List.of(tls.split(" ", 2));
              metadata.add(
                  "tls",
                  Json.createObjectBuilder()
                      .add("version", words.getFirst())
                      .add("cipher", words.getLast()));
            });
    terms.settingsId().ifPresent(id -> metadata.add("settings_id", id));
    return metadata.build();
  }

  /// What is known of the message in fields of HTTP.
  ///
  /// @param whole the message
  HttpPost inFields(InputStream whole) {
    Mail mail = message.mail();
    Client client = mail.envelope().client();
    HttpPost request = to("/checkv2");
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
    request.setEntity(
        new InputStreamEntity(whole, mail.size(), ContentType.APPLICATION_OCTET_STREAM));
    return request;
  }

  private HttpPost to(String path) {
    var request = new HttpPost(server.resolve(path));
    terms.password().ifPresent(password -> add(request, "Password", password));
    return request;
  }

  /// A value is one line: nothing of a peer's becomes another field.
  private static void add(HttpPost request, String name, String value) {
    request.addHeader(name, value.replaceAll("\\p{Cntrl}", "?"));
  }
}
