package org.caravanmta.filter.hooks;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Literals;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.Reply;

/// What services are told (draft-degennaro-mta-hooks-01, "Hook Request", with its names).
final class Description {
  private static final String VERSION = "1.0";
  private static final Reply ACCEPTED = Reply.of(250, "2.0.0", "OK");

  private Description() {}

  /// A whole message before it is accepted.
  static HookQuestion of(Examined message, Instant now) {
    Mail mail = message.mail();
    Envelope envelope = mail.envelope();
    var recipients = new LinkedHashSet<>(mail.recipients().stream().map(HooksAddress::of).toList());
    JsonObjectBuilder all =
        session(
            HooksStage.DATA,
            new SessionFacts(
                envelope.client(),
                message.hostname(),
                Optional.of(mail.id()),
                Optional.of(HooksAddress.of(mail.reversePath(), envelope.parameters())),
                List.copyOf(recipients)),
            now);
    return new HookQuestion(HooksStage.DATA, content(all, message), Optional.of(message));
  }

  /// What a client has just said.
  static HookQuestion of(HooksStage stage, SessionFacts facts, Instant now) {
    return new HookQuestion(stage, session(stage, facts, now).build(), Optional.empty());
  }

  /// How it stands with a delivery.
  static HookQuestion of(HooksStage stage, OutboundFacts facts, Instant now) {
    JsonArrayBuilder recipients = HooksJson.MAKER.createArrayBuilder();
    facts.recipients().forEach(each -> recipients.add(outcome(each)));
    JsonObjectBuilder all =
        common(stage, "continue", now)
            .add(
                "queue",
                HooksJson.MAKER
                    .createObjectBuilder()
                    .add("id", facts.queueId())
                    .add("expiresAt", time(facts.expires()))
                    .add("attempts", facts.attempts()))
            .add("server", HooksJson.MAKER.createObjectBuilder().add("name", facts.hostname()))
            .add(
                "envelope",
                HooksJson.MAKER
                    .createObjectBuilder()
                    .add("from", address(facts.sender()))
                    .add("to", recipients));
    return new HookQuestion(
        stage,
        facts.message().map(message -> content(all, message)).orElseGet(all::build),
        facts.message());
  }

  private static JsonObjectBuilder common(HooksStage stage, String action, Instant now) {
    return HooksJson.MAKER
        .createObjectBuilder()
        .add("stage", stage.word())
        .add("action", action)
        .add("timestamp", HooksJson.text(now))
        .add("protocol", HooksJson.MAKER.createObjectBuilder().add("version", VERSION));
  }

  private static JsonObjectBuilder session(HooksStage stage, SessionFacts facts, Instant now) {
    Client client = facts.client();
    JsonArrayBuilder recipients = HooksJson.MAKER.createArrayBuilder();
    facts.recipients().forEach(each -> recipients.add(address(each)));
    JsonObjectBuilder all =
        common(stage, "accept", now)
            .add("response", reply(ACCEPTED))
            .add(
                "queue",
                facts
                    .queueId()
                    .<JsonValue>map(
                        id -> HooksJson.MAKER.createObjectBuilder().add("id", id).build())
                    .orElse(JsonValue.NULL))
            .add("server", server(facts.hostname(), client))
            .add("client", client(client))
            .add("tls", tls(client))
            .add("auth", auth(client));
    facts
        .sender()
        .ifPresent(
            sender ->
                all.add(
                    "envelope",
                    HooksJson.MAKER
                        .createObjectBuilder()
                        .add("from", address(sender))
                        .add("to", recipients)));
    return all;
  }

  /// With the message. What stands for the raw one comes last.
  private static JsonObject content(JsonObjectBuilder all, Examined message) {
    JsonArrayBuilder headers = HooksJson.MAKER.createArrayBuilder();
    message.mail().headers().fields().forEach(field -> headers.add(field(field)));
    return all.add(
            "message",
            HooksJson.MAKER
                .createObjectBuilder()
                .add("size", message.mail().size())
                .add("headers", headers))
        .add(HookQuestion.RAW, HookQuestion.AS_IT_IS)
        .build();
  }

  /// A field as services are told of it, without the blanks around its value.
  static JsonObject field(Headers.Field field) {
    return HooksJson.MAKER
        .createObjectBuilder()
        .add("name", field.name())
        .add("value", field.value())
        .build();
  }

  static JsonObject address(HooksAddress address) {
    JsonObjectBuilder parameters = HooksJson.MAKER.createObjectBuilder();
    address.parameters().forEach(parameters::add);
    return HooksJson.MAKER
        .createObjectBuilder()
        .add(
            "address",
            address.address().isEmpty()
                ? JsonValue.NULL
                : HooksJson.MAKER.createValue(address.address()))
        .add("parameters", parameters)
        .build();
  }

  private static JsonObject outcome(RecipientOutcome outcome) {
    return HooksJson.MAKER
        .createObjectBuilder(address(outcome.recipient()))
        .add("status", outcome.state().word())
        .add("attempt", outcome.attempt())
        .add(
            "lastResponse",
            outcome.lastReply().<JsonValue>map(Description::reply).orElse(JsonValue.NULL))
        .add("nextAttemptAt", time(outcome.nextAttempt()))
        .add("nextDsnAt", time(outcome.nextReport()))
        .add("queueName", text(outcome.queue()))
        .build();
  }

  private static JsonObject reply(Reply reply) {
    return HooksJson.MAKER
        .createObjectBuilder()
        .add("code", reply.code())
        .add("enhancedCode", text(reply.status().map(Object::toString)))
        .add("message", String.join("\n", reply.lines()))
        .build();
  }

  private static JsonObject client(Client client) {
    Optional<String> pointed =
        Optional.of(client.reverse().name())
            .filter(name -> !name.equals(Client.UNKNOWN))
            .or(() -> Optional.of(client.name()).filter(name -> !name.equals(Client.UNKNOWN)));
    return HooksJson.MAKER
        .createObjectBuilder()
        .add("ip", Literals.text(client.address()))
        .add("port", client.port())
        .add("ptr", text(pointed))
        .add("ehlo", text(Optional.of(client.helo()).filter(helo -> !helo.isEmpty())))
        .build();
  }

  private static JsonObject server(String hostname, Client client) {
    JsonObjectBuilder server = HooksJson.MAKER.createObjectBuilder().add("name", hostname);
    client
        .server()
        .ifPresent(
            at -> server.add("ip", Literals.text(at.getAddress())).add("port", at.getPort()));
    return server.build();
  }

  private static JsonValue tls(Client client) {
    if (client.tls().isEmpty()) {
      return JsonValue.NULL;
    }
    List<String> words = List.of(client.tls().get().split(" ", 2));
    return HooksJson.MAKER
        .createObjectBuilder()
        .add("version", words.getFirst())
        .add("cipher", words.getLast())
        .add("certSubject", text(client.certificate().map(ClientCertificate::subject)))
        .add("certIssuer", text(client.certificate().map(ClientCertificate::issuer)))
        .build();
  }

  private static JsonValue auth(Client client) {
    return client
        .login()
        .<JsonValue>map(
            user ->
                HooksJson.MAKER
                    .createObjectBuilder()
                    .add("login", user)
                    .add("method", text(client.method()))
                    .build())
        .orElse(JsonValue.NULL);
  }

  private static JsonValue text(Optional<String> text) {
    return text.<JsonValue>map(HooksJson.MAKER::createValue).orElse(JsonValue.NULL);
  }

  private static JsonValue time(Optional<Instant> time) {
    return text(time.map(HooksJson::text));
  }
}
