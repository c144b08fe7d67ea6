package org.caravanmta.filter.milter;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.Literals;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.message.Reverse;
import org.caravanmta.message.Status;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.smtp.Reply;

/// The values of macros at one point of a session (postfix `MILTER_README`).
///
/// @param ways where mail for an address goes, at this event
/// @param connections how many sessions the client has
/// @param sender absent outside a transaction
/// @param recipient the one that the event is about; absent for other events
/// @param refusal the reply that has refused that recipient
/// @param queueId absent until a recipient has been accepted
record MilterMacros(
    MilterHouse house,
    MilterHouse.Ways ways,
    Client client,
    int connections,
    Optional<DialogueEvent.Sender> sender,
    Optional<DialogueEvent.Recipient> recipient,
    Optional<Reply> refusal,
    Optional<String> queueId) {
  /// `TLSv1.3 TLS_AES_256_GCM_SHA384 (256/256 bits)`
  private static final Pattern AGREED =
      Pattern.compile("(\\S+) (\\S+)(?: \\((\\d+)/\\d+ bits\\))?");

  private static final Pattern KEY_BITS = Pattern.compile("(?:AES_?|CAMELLIA_?|ARIA_?)(\\d{3})");

  /// The value of a macro.
  ///
  /// @param name `i`, or `{mail_addr}`
  Optional<String> value(String name) {
    return known(name).or(() -> Optional.ofNullable(house.defaults().get(bare(name))));
  }

  private static String bare(String name) {
    return name.startsWith("{") && name.endsWith("}") ? name.substring(1, name.length() - 1) : name;
  }

  private Optional<String> known(String name) {
    return switch (bare(name)) {
      case "i" -> queueId;
      case "j" -> Optional.of(house.hostname());
      case "v" -> Optional.of(house.version());
      case "_" -> Optional.of(origin());
      case "daemon_name" -> Optional.of(house.daemonName());
      case "daemon_addr" -> client.server().map(server -> Literals.text(server.getAddress()));
      case "daemon_port" -> client.server().map(server -> String.valueOf(server.getPort()));
      case "client_addr" -> Optional.of(Literals.text(client.address()));
      case "client_name" -> Optional.of(client.name());
      case "client_port" -> Optional.of(String.valueOf(client.port()));
      case "client_ptr" -> Optional.of(reverseName());
      case "client_resolve" -> Optional.of(resolved());
      case "client_connections" -> Optional.of(String.valueOf(connections));
      case "tls_version" -> agreed(1);
      case "cipher" -> agreed(2);
      case "cipher_bits" -> agreed(3).or(this::keyBits);
      case "cert_subject" -> client.certificate().map(ClientCertificate::subject);
      case "cert_issuer" -> client.certificate().map(ClientCertificate::issuer);
      case "auth_type" -> sender.isEmpty() ? Optional.empty() : client.method();
      case "auth_authen" -> sender.isEmpty() ? Optional.empty() : client.login();
      case "auth_author" -> sender.flatMap(MilterMacros::submitter);
      case "mail_addr" -> sender.map(from -> from.sender().toString());
      case "mail_host" -> way().map(MilterHouse.Way::host);
      case "mail_mailer" -> way().map(MilterHouse.Way::mailer);
      case "rcpt_addr" ->
          refusal.map(MilterMacros::text).or(() -> recipient.map(to -> to.recipient().toString()));
      case "rcpt_host" ->
          refusal.map(MilterMacros::status).or(() -> wayThere().map(MilterHouse.Way::host));
      case "rcpt_mailer" ->
          refusal.map(_ -> "error").or(() -> wayThere().map(MilterHouse.Way::mailer));
      default -> Optional.empty();
    };
  }

  /// What a trace field would say of the client: `name [address]`.
  private String origin() {
    String name = reverseName();
    String text = name + " [" + Literals.text(client.address()) + "]";
    return name.equalsIgnoreCase(client.name()) ? text : text + " (may be forged)";
  }

  private String reverseName() {
    return client.reverse().state() == Reverse.State.UNASKED
        ? client.name()
        : client.reverse().name();
  }

  private String resolved() {
    return switch (client.reverse().state()) {
      case VERIFIED -> "OK";
      case FORGED -> "FORGED";
      case UNAVAILABLE -> "TEMP";
      case ABSENT -> "FAIL";
      case UNASKED -> client.name().equals(Client.UNKNOWN) ? "FAIL" : "OK";
    };
  }

  private Optional<String> agreed(int part) {
    return client
        .tls()
        .map(AGREED::matcher)
        .filter(Matcher::matches)
        .flatMap(matcher -> Optional.ofNullable(matcher.group(part)));
  }

  /// The length of the key, as the name of the cipher has it.
  private Optional<String> keyBits() {
    return agreed(2)
        .flatMap(
            cipher -> {
              if (cipher.contains("CHACHA20")) {
                return Optional.of("256");
              }
              Matcher bits = KEY_BITS.matcher(cipher);
              return bits.find() ? Optional.of(bits.group(1)) : Optional.empty();
            });
  }

  private static Optional<String> submitter(DialogueEvent.Sender from) {
    return from.parameters().stream()
        .filter(word -> word.regionMatches(true, 0, "AUTH=", 0, 5))
        .map(word -> word.substring(5))
        .filter(name -> !name.equals("<>"))
        .findFirst();
  }

  private Optional<MilterHouse.Way> way() {
    return sender.flatMap(from -> way(address(from.sender())));
  }

  /// A transport without a next hop goes to the domain of the address (postfix `transport(5)`).
  private Optional<MilterHouse.Way> way(Optional<Address> address) {
    String domain = address.map(there -> there.domain().name()).orElse(house.hostname());
    return ways.of(address)
        .map(way -> way.host().isEmpty() ? new MilterHouse.Way(way.mailer(), domain) : way);
  }

  private static Optional<Address> address(ReversePath path) {
    return path instanceof ReversePath.Mailbox(Address address)
        ? Optional.of(address)
        : Optional.empty();
  }

  private Optional<MilterHouse.Way> wayThere() {
    return recipient.flatMap(to -> way(Optional.of(to.recipient())));
  }

  private static String text(Reply reply) {
    return String.join(" ", reply.lines());
  }

  private static String status(Reply reply) {
    return reply.status().map(Status::toString).orElse(reply.code() + "");
  }
}
