package org.caravanmta.sasl.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Literals;
import org.jspecify.annotations.Nullable;

/// One login through Dovecot, over a connection of its own.
final class DovecotExchange implements Exchange {
  /// The id of our request; each connection has one only.
  private static final String ID = "1";

  private final SocketAddress address;
  private final String mechanism;
  private final LoginChannel channel;
  private final Duration patience;
  private @Nullable DovecotConnection connection;

  DovecotExchange(
      SocketAddress address, String mechanism, LoginChannel channel, Duration patience) {
    this.address = address;
    this.mechanism = mechanism;
    this.channel = channel;
    this.patience = patience;
  }

  @Override
  public LoginStep first(Optional<byte[]> initial) {
    try {
      connect();
      var request = new StringBuilder("AUTH\t" + ID + "\t" + mechanism + "\tservice=smtp");
      request.append("\tnologin\trip=").append(Literals.text(channel.client()));
      if (channel.secure()) {
        request.append("\tsecured=tls");
      }
      // this parameter must be the last
      initial.ifPresent(response -> request.append("\tresp=").append(base64(response)));
      return ask(request.toString());
    } catch (IOException | IllegalArgumentException e) {
      // Dovecot's answer was not base64
      return unavailable(e);
    }
  }

  @Override
  public LoginStep next(byte[] response) {
    try {
      return ask("CONT\t" + ID + "\t" + base64(response));
    } catch (IOException | IllegalArgumentException e) {
      // Dovecot's answer was not base64
      return unavailable(e);
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
  }

  private void connect() throws IOException {
    long begun = System.nanoTime();
    DovecotConnection opened = DovecotConnection.open(address, patience);
    connection = opened;
    opened.closeAfter(patience.minusNanos(System.nanoTime() - begun));
    opened.greet();
  }

  /// Sends a request and waits for the answer to it.
  private LoginStep ask(String request) throws IOException {
    DovecotConnection open = connection;
    if (open == null) {
      throw new IOException("not connected");
    }
    open.send(request);
    while (true) {
      String[] parts = open.read().split("\t", -1);
      if (parts.length < 2 || !parts[1].equals(ID)) {
        continue;
      }
      switch (parts[0]) {
        case "CONT" -> {
          return new LoginStep.Challenge(
              Base64.getDecoder().decode(parts.length > 2 ? parts[2] : ""));
        }
        case "OK" -> {
          String user = fields(parts).getOrDefault("user", "");
          return user.isEmpty() || PasswordMechanisms.hasControl(user)
              ? new LoginStep.Unavailable("Dovecot names no user")
              : new LoginStep.Success(user);
        }
        case "FAIL" -> {
          Map<String, String> fields = fields(parts);
          return fields.containsKey("temp")
              ? new LoginStep.Unavailable("Dovecot: " + fields.getOrDefault("reason", "temporary"))
              : new LoginStep.Failure(
                  fields.getOrDefault("reason", "refused by Dovecot"),
                  fields.getOrDefault("user", ""));
        }
        default -> throw new IOException("it says " + parts[0]);
      }
    }
  }

  /// The parameters of an answer: `user=alice`, or `temp` without a value.
  private static Map<String, String> fields(String[] parts) {
    var fields = new HashMap<String, String>();
    for (int i = 2; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      fields.put(
          equals < 0 ? parts[i] : parts[i].substring(0, equals),
          equals < 0 ? "" : parts[i].substring(equals + 1));
    }
    return fields;
  }

  private static LoginStep unavailable(Exception why) {
    return new LoginStep.Unavailable("sasl.dovecot: " + why);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
