package org.caravanmta.filter.rspamd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/// An rspamd of version 4, as far as its protocol goes: it reads `/checkv3` as strictly as rspamd
/// does, and answers in parts what the test says. It fails the test if anything that it has got was
/// not as it has to be.
final class ScriptedRspamd implements Closeable {
  private static final Pattern FORM =
      Pattern.compile("multipart/form-data; boundary=\"?([-A-Za-z0-9]{1,70})\"?");
  private static final Set<String> TEXTS =
      Set.of("from", "ip", "helo", "hostname", "queue_id", "user", "deliver_to", "settings_id");

  private final HttpServer server;
  private final List<String> faults = new CopyOnWriteArrayList<>();
  final List<Asked> asked = new CopyOnWriteArrayList<>();
  final List<String> plain = new CopyOnWriteArrayList<>();
  volatile Answer answer = Answer.parts("{\"action\":\"no action\"}", Optional.empty());
  volatile String plainAnswer = "{\"action\":\"discard\"}";

  /// What it was asked.
  record Asked(JsonObject metadata, String message, Optional<String> password) {}

  /// What it answers.
  record Answer(int code, String type, String body) {
    static Answer parts(String result, Optional<String> message) {
      String boundary = "rspamd-v3-00c0ffee-1";
      String start = "--" + boundary + "\r\nContent-Disposition: form-data; name=";
      return new Answer(
          200,
          "multipart/mixed; boundary=\"" + boundary + "\"",
          start
              + "\"result\"\r\nContent-Type: application/json\r\n\r\n"
              + result
              + "\r\n"
              + message
                  .map(
                      text ->
                          start
                              + "\"body\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                              + text
                              + "\r\n")
                  .orElse("")
              + "--"
              + boundary
              + "--\r\n");
    }
  }

  ScriptedRspamd() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1);
      Answer said;
      try {
        check(exchange.getRequestMethod().equals("POST"), "POST");
        if (exchange.getRequestURI().getPath().equals("/checkv2")) {
          plain.add(body);
          said = new Answer(200, "application/json", plainAnswer);
        } else {
          check(exchange.getRequestURI().getPath().equals("/checkv3"), "the path");
          asked.add(read(exchange, body));
          said = answer;
        }
      } catch (RuntimeException e) {
        faults.add(e.toString());
        said = new Answer(500, "application/json", "{\"error\":\"bad request\"}");
      }
      byte[] bytes = said.body().getBytes(ISO_8859_1);
      exchange.getResponseHeaders().add("Content-Type", said.type());
      exchange.sendResponseHeaders(said.code(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static Asked read(HttpExchange exchange, String body) {
    var form = FORM.matcher(exchange.getRequestHeaders().getFirst("Content-Type"));
    check(form.matches(), "the type");
    check(
        Integer.toString(body.length())
            .equals(exchange.getRequestHeaders().getFirst("Content-Length")),
        "the length");
    for (String name : List.of("From", "Rcpt", "Helo", "Hostname", "User")) {
      check(!exchange.getRequestHeaders().containsKey(name), name + " of HTTP");
    }
    String line = "--" + form.group(1);
    check(body.startsWith(line + "\r\n") && body.endsWith("\r\n" + line + "--\r\n"), "the ends");
    String[] parts =
        body.substring(line.length(), body.length() - line.length() - 6)
            .split("\r\n" + Pattern.quote(line) + "(?=\r\n)");
    check(parts.length == 2, "two parts");
    String metadata =
        part(
            parts[0],
            "\r\nContent-Disposition: form-data; name=\"metadata\"\r\n"
                + "Content-Type: application/json\r\n\r\n");
    String message =
        part(
            parts[1],
            "\r\nContent-Disposition: form-data; name=\"message\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n");
    try (var reader =
        Json.createReader(new StringReader(new String(metadata.getBytes(ISO_8859_1), UTF_8)))) {
      JsonObject json = reader.readObject();
      json.forEach((name, value) -> check(isKnown(name, value), name));
      return new Asked(
          json,
          new String(message.getBytes(ISO_8859_1), UTF_8),
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("Password")));
    }
  }

  private static String part(String part, String fields) {
    check(part.startsWith(fields), fields);
    return part.substring(fields.length());
  }

  private static boolean isKnown(String name, JsonValue value) {
    return switch (name) {
      case "rcpt" ->
          value instanceof JsonArray all && all.stream().allMatch(JsonString.class::isInstance);
      case "tls", "mta" -> value instanceof JsonObject;
      default -> TEXTS.contains(name) && value instanceof JsonString;
    };
  }

  private static void check(boolean right, String what) {
    if (!right) {
      throw new IllegalStateException(what);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    if (!faults.isEmpty()) {
      throw new AssertionError("rspamd was not asked as it has to be: " + faults);
    }
  }
}
