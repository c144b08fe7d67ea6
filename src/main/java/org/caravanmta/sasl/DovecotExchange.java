package org.caravanmta.sasl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One login that Dovecot decides, over a connection of its own.
final class DovecotExchange implements Exchange {
  /// We ask one question per connection.
  private static final String ID = "1";

  private final SocketAddress address;
  private final String mechanism;
  private final Channel client;
  private final Duration patience;
  private @Nullable SocketChannel socket;
  private @Nullable BufferedReader in;

  DovecotExchange(SocketAddress address, String mechanism, Channel client, Duration patience) {
    this.address = address;
    this.mechanism = mechanism;
    this.client = client;
    this.patience = patience;
  }

  @Override
  public Step first(Optional<byte[]> initial) {
    try {
      connect();
      var request = new StringBuilder("AUTH\t" + ID + "\t" + mechanism + "\tservice=smtp");
      request.append("\tnologin\trip=").append(client.client().getHostAddress());
      if (client.secure()) {
        request.append("\tsecured=tls");
      }
      // it must be the last
      initial.ifPresent(response -> request.append("\tresp=").append(base64(response)));
      return ask(request.toString());
    } catch (IOException | IllegalArgumentException e) {
      // what is no base64 is no answer either
      return unavailable(e);
    }
  }

  @Override
  public Step next(byte[] response) {
    try {
      return ask("CONT\t" + ID + "\t" + base64(response));
    } catch (IOException | IllegalArgumentException e) {
      // what is no base64 is no answer either
      return unavailable(e);
    }
  }

  @Override
  public void close() {
    close(socket);
  }

  private void connect() throws IOException {
    SocketChannel opened =
        address instanceof InetSocketAddress inet
            ? SocketChannel.open(new InetSocketAddress(inet.getHostString(), inet.getPort()))
            : SocketChannel.open(address);
    socket = opened;
    // a channel has no time-out, but whoever waits on a closed one hears of it
    CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> close(opened));
    in =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(opened), StandardCharsets.UTF_8));
    send("VERSION\t1\t1\nCPID\t" + ProcessHandle.current().pid());
    for (String line = read(); !line.equals("DONE"); line = read()) {
      if (line.startsWith("VERSION\t") && !line.startsWith("VERSION\t1\t")) {
        throw new IOException("it speaks another " + line);
      }
    }
  }

  private Step ask(String request) throws IOException {
    send(request);
    while (true) {
      String[] parts = read().split("\t", -1);
      if (parts.length < 2 || !parts[1].equals(ID)) {
        continue;
      }
      switch (parts[0]) {
        case "CONT" -> {
          return new Step.Challenge(Base64.getDecoder().decode(parts.length > 2 ? parts[2] : ""));
        }
        case "OK" -> {
          String user = fields(parts).getOrDefault("user", "");
          return user.isEmpty() || PasswordMechanisms.hasControl(user)
              ? new Step.Unavailable("Dovecot names no user")
              : new Step.Success(user);
        }
        case "FAIL" -> {
          Map<String, String> fields = fields(parts);
          return fields.containsKey("temp")
              ? new Step.Unavailable("Dovecot: " + fields.getOrDefault("reason", "temporary"))
              : new Step.Failure(
                  fields.getOrDefault("reason", "refused by Dovecot"),
                  fields.getOrDefault("user", ""));
        }
        default -> throw new IOException("it says " + parts[0]);
      }
    }
  }

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

  private void send(String line) throws IOException {
    if (socket == null) {
      throw new IOException("not connected");
    }
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
  }

  private String read() throws IOException {
    String line = in == null ? null : in.readLine();
    if (line == null) {
      throw new IOException("it has closed the connection");
    }
    return line;
  }

  private static void close(@Nullable SocketChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // it is of no use any more
      return;
    }
  }

  private static Step unavailable(Exception why) {
    return new Step.Unavailable("sasl.dovecot: " + why);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
