package org.caravanmta.filter.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A service that speaks MTA Hooks, on its own side of the draft: it registers, negotiates, and
/// checks each request as strictly as the draft lets it; what it answers, the test says. It fails
/// the test if anything that it has got was not as it has to be.
public final class ScriptedService implements Closeable {
  public static final String TOKEN = "sesame";
  static final String REGISTER = "/v1/hooks/register";

  private static final Set<String> INBOUND = Set.of("connect", "ehlo", "mail", "rcpt", "data");
  private static final Set<String> OUTBOUND = Set.of("delivery", "defer", "dsn");

  /// What rspamd and Stalwart name between them.
  private static final List<String> PROPERTIES =
      List.of(
          "/stage",
          "/action",
          "/timestamp",
          "/protocol",
          "/rawMessage",
          "/envelope",
          "/queue",
          "/client",
          "/message",
          "/server",
          "/tls",
          "/auth",
          "/response",
          "/senderAuth");

  private final HttpServer server;
  private final Map<String, JsonObject> agreed = new ConcurrentHashMap<>();
  private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
  private volatile Function<JsonObject, Optional<Answer>> own = _ -> Optional.empty();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  final List<JsonObject> registrations = new CopyOnWriteArrayList<>();
  public final List<Asked> asked = new CopyOnWriteArrayList<>();
  final List<String> left = new CopyOnWriteArrayList<>();
  public volatile String discovery = "";
  volatile Answer registering = Answer.of(201, "");
  volatile JsonObject changed = JsonValue.EMPTY_JSON_OBJECT;
  volatile Optional<List<String>> properties = Optional.empty();

  /// What it confirms, whatever it is asked for.
  volatile String serialization = "json";

  /// Whether it takes registrations in CBOR only.
  volatile boolean cborOnly;

  /// The types of the registrations.
  final List<String> types = new CopyOnWriteArrayList<>();

  /// A request that it was asked.
  public record Asked(String registration, String id, JsonObject body) {
    public String raw() {
      return new String(Base64.getDecoder().decode(body.getString("rawMessage")), UTF_8);
    }
  }

  /// What it answers.
  public record Answer(int code, String type, byte[] body) {
    Answer(int code, String type, String body) {
      this(code, type, body.getBytes(UTF_8));
    }

    public static Answer of(int code, String body) {
      return new Answer(code, "application/json", body);
    }
  }

  public ScriptedService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  public String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public String url() {
    return origin() + REGISTER;
  }

  /// The next answers; when there are none left, it has nothing to change.
  ScriptedService then(Answer... answers) {
    script.addAll(List.of(answers));
    return this;
  }

  /// Answers what it is asked in this way; where that is absent, as the script says.
  public ScriptedService answering(Function<JsonObject, Optional<Answer>> changed) {
    own = changed;
    return this;
  }

  /// Forgets all registrations.
  void forget() {
    agreed.clear();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] bytes = exchange.getRequestBody().readAllBytes();
      Answer answer;
      try {
        answer = answer(exchange, bytes);
      } catch (RuntimeException e) {
        faults.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + ": " + e);
        answer = Answer.of(400, "{\"error\":{\"code\":\"INVALID_REQUEST\",\"message\":\"\"}}");
      }
      byte[] said = answer.body();
      if (!answer.type().isEmpty()) {
        exchange.getResponseHeaders().add("Content-Type", answer.type());
      }
      exchange.sendResponseHeaders(answer.code(), said.length == 0 ? -1 : said.length);
      if (said.length > 0) {
        exchange.getResponseBody().write(said);
      }
    }
  }

  private Answer answer(HttpExchange exchange, byte[] body) {
    String path = exchange.getRequestURI().getPath();
    Headers fields = exchange.getRequestHeaders();
    if (path.equals("/.well-known/mta-hooks")) {
      check(exchange.getRequestMethod().equals("GET"), "GET");
      return discovery.isEmpty() ? Answer.of(404, "{}") : Answer.of(200, discovery);
    }
    if (!List.of("Bearer " + TOKEN).equals(fields.get("Authorization"))) {
      return Answer.of(401, "{\"error\":{\"code\":\"INVALID_CREDENTIALS\",\"message\":\"no\"}}");
    }
    if (exchange.getRequestMethod().equals("DELETE")) {
      String id = path.substring(REGISTER.length() + 1);
      check(id.equals(fields.getFirst("X-MTA-Hooks-Registration")), "the registration");
      left.add(id);
      agreed.remove(id);
      return Answer.of(200, "{\"status\":\"deregistered\"}");
    }
    check(exchange.getRequestMethod().equals("POST"), "POST");
    check(List.of("" + body.length).equals(fields.get("Content-Length")), "the length");
    boolean cbor = List.of(Cbor.TYPE).equals(fields.get("Content-Type"));
    check(cbor || List.of("application/json").equals(fields.get("Content-Type")), "Content-Type");
    if (path.equals(REGISTER)) {
      types.add(fields.getFirst("Content-Type"));
      if (!cbor && cborOnly) {
        return new Answer(415, "", "");
      }
      Answer answer = register(cbor ? Cbor.read(body) : json(body));
      return cbor && answer.type().equals("application/json")
          ? Cbor.answer(answer.code(), new String(answer.body(), UTF_8))
          : answer;
    }
    check(cbor == serialization.equals("cbor"), "the serialization that was negotiated");
    return hook(path, fields, cbor ? Cbor.read(body) : json(body));
  }

  private static JsonObject json(byte[] body) {
    try (var reader = Json.createReader(new ByteArrayInputStream(body))) {
      return reader.readObject();
    }
  }

  private Answer register(JsonObject json) {
    check(
        Set.of("name", "version", "timeoutMs", "serialization", "inbound", "outbound")
            .equals(json.keySet()),
        "the members of a registration");
    check(!json.getString("name").isEmpty() && json.getInt("timeoutMs") > 0, "name and time");
    check(Set.of("json", "cbor").contains(json.getString("serialization")), "serialization");
    check(!json.isNull("inbound") || !json.isNull("outbound"), "a direction");
    registrations.add(json);
    if (registering.code() != 201 || registering.body().length > 0) {
      return registering;
    }
    String id = "reg_" + registrations.size();
    var negotiated = Json.createObjectBuilder().add("serialization", serialization);
    negotiate(negotiated, json, "inbound", INBOUND);
    negotiate(negotiated, json, "outbound", OUTBOUND);
    JsonObjectBuilder answer =
        Json.createObjectBuilder()
            .add("registrationId", id)
            .add("status", "active")
            .add("createdAt", "2026-10-28T10:00:00Z")
            .add("expiresAt", JsonValue.NULL)
            .add("hookEndpoint", "/v1/hooks/invoke/" + id)
            .add("negotiated", negotiated)
            .add(
                "endpoints",
                Json.createObjectBuilder()
                    .add("deregistration", REGISTER + "/" + id)
                    .add("status", REGISTER + "/" + id + "/status"));
    changed.forEach(answer::add);
    JsonObject made = answer.build();
    if (made.get("negotiated") instanceof JsonObject agreement) {
      agreed.put(id, agreement);
    }
    return Answer.of(201, made.toString());
  }

  private void negotiate(
      JsonObjectBuilder negotiated, JsonObject json, String direction, Set<String> known) {
    if (json.isNull(direction)) {
      negotiated.add(direction, JsonValue.NULL);
      return;
    }
    JsonObject asked = json.getJsonObject(direction);
    check(Set.of("stages", "properties").equals(asked.keySet()), "a subscription");
    JsonArray stages = asked.getJsonArray("stages");
    check(!stages.isEmpty() && known.containsAll(texts(stages)), "the stages");
    List<String> wanted =
        asked.isNull("properties") ? PROPERTIES : texts(asked.getJsonArray("properties"));
    negotiated.add(
        direction,
        Json.createObjectBuilder()
            .add("stages", stages)
            .add("properties", Json.createArrayBuilder(properties.orElse(wanted))));
  }

  private static List<String> texts(JsonArray all) {
    return all.getValuesAs(JsonString.class).stream().map(JsonString::getString).toList();
  }

  private Answer hook(String path, Headers fields, JsonObject json) {
    String id = fields.getFirst("X-MTA-Hooks-Registration");
    String request = fields.getFirst("X-MTA-Hooks-Request-Id");
    check(("/v1/hooks/invoke/" + id).equals(path), "the endpoint");
    check(request != null && request.matches("[-A-Za-z0-9._~]{1,128}"), "the request id");
    asked.add(new Asked(id, request, json));
    JsonObject agreement = agreed.get(id);
    if (agreement == null) {
      return Answer.of(
          404, "{\"error\":{\"code\":\"REGISTRATION_NOT_FOUND\",\"message\":\"who?\"}}");
    }
    boolean inbound = INBOUND.contains(json.getString("stage"));
    JsonObject subscription = agreement.getJsonObject(inbound ? "inbound" : "outbound");
    check(
        texts(subscription.getJsonArray("stages")).contains(json.getString("stage")), "the stage");
    Set<String> allowed =
        texts(subscription.getJsonArray("properties")).stream()
            .map(pointer -> pointer.split("/")[1])
            .collect(Collectors.toSet());
    check(allowed.containsAll(json.keySet()), "only what is negotiated: " + json.keySet());
    checked(json, inbound);
    Optional<Answer> answer = own.apply(json);
    if (answer.isPresent()) {
      return answer.get();
    }
    Answer next = script.poll();
    return next == null ? new Answer(204, "", "") : next;
  }

  private static void checked(JsonObject json, boolean inbound) {
    check(json.getString("action").equals(inbound ? "accept" : "continue"), "action");
    if (json.containsKey("timestamp")) {
      check(
          json.getString("timestamp").endsWith("Z")
              && Instant.parse(json.getString("timestamp")) != null,
          "timestamp");
    }
    if (json.containsKey("protocol")) {
      check(json.getJsonObject("protocol").getString("version").equals("1.0"), "protocol");
    }
    if (json.containsKey("rawMessage")) {
      byte[] raw = Base64.getDecoder().decode(json.getString("rawMessage"));
      check(
          Base64.getEncoder().encodeToString(raw).equals(json.getString("rawMessage"))
              && new String(raw, UTF_8).contains("\r\n\r\n"),
          "rawMessage");
    }
    parts(json, "client")
        .forEach(
            (name, value) ->
                check(
                    switch (name) {
                      case "ip" ->
                          value instanceof JsonString ip && ip.getString().matches("[0-9a-f.:]+");
                      case "port" -> value instanceof JsonNumber port && port.intValue() > 0;
                      case "ehlo", "ptr" -> isTextOrNull(value);
                      default -> false;
                    },
                    name));
    parts(json, "message")
        .forEach(
            (name, value) ->
                check(
                    switch (name) {
                      case "size" -> value instanceof JsonNumber size && size.intValue() > 0;
                      case "headers" ->
                          value.asJsonArray().getValuesAs(ScriptedService::isField).stream()
                              .allMatch(each -> each);
                      default -> false;
                    },
                    name));
    JsonObject envelope = parts(json, "envelope");
    if (envelope.containsKey("from")) {
      address(envelope.getJsonObject("from"));
    }
    if (envelope.containsKey("to")) {
      for (JsonObject each : envelope.getJsonArray("to").getValuesAs(JsonObject.class)) {
        address(each);
        check(each.get("address") instanceof JsonString, "a recipient");
        check(inbound || each.get("attempt") instanceof JsonNumber, "an attempt");
      }
    }
  }

  private static JsonObject parts(JsonObject json, String name) {
    return json.containsKey(name) ? json.getJsonObject(name) : JsonValue.EMPTY_JSON_OBJECT;
  }

  private static boolean isField(JsonValue value) {
    return value instanceof JsonObject field
        && field.keySet().equals(Set.of("name", "value"))
        && field.getString("name").matches("[!-9;-~]+")
        && field.get("value") instanceof JsonString;
  }

  private static void address(JsonObject address) {
    check(isTextOrNull(address.get("address")), "an address");
    address
        .getJsonObject("parameters")
        .values()
        .forEach(each -> check(each instanceof JsonString, "a parameter"));
  }

  private static boolean isTextOrNull(JsonValue value) {
    return value instanceof JsonString || JsonValue.NULL.equals(value);
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
      throw new AssertionError("the service was not asked as it has to be: " + faults);
    }
  }
}
