package org.caravanmta.restriction.service;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One connection to a policy server: lines of `name=value`, ended by an empty one, in both
/// directions.
final class PolicyConnection {
  /// More than any answer that is one.
  private static final int LONGEST_ANSWER = 16 * 1024;

  private final Instant born;
  private Instant rested;
  private volatile @Nullable SocketChannel channel;
  private volatile boolean closed;
  private @Nullable BufferedReader in;
  private @Nullable OutputStream out;

  PolicyConnection(Instant born) {
    this.born = born;
    this.rested = born;
  }

  /// Connects, unless it is connected.
  void open(SocketAddress server) throws IOException {
    if (channel != null) {
      return;
    }
    SocketChannel opened =
        server instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    channel = opened;
    if (closed) {
      opened.close();
    }
    opened.connect(server);
    in =
        new BufferedReader(
            new InputStreamReader(
                Channels.newInputStream(opened),
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    out = Channels.newOutputStream(opened);
  }

  /// The action that the server answers with.
  String ask(String request) throws IOException {
    if (in == null || out == null) {
      throw new IOException("not connected");
    }
    out.write(request.getBytes(StandardCharsets.UTF_8));
    out.flush();
    String action = "";
    int left = LONGEST_ANSWER;
    for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
      left -= line.length();
      if (line.startsWith("action=")) {
        action = line.substring("action=".length()).strip();
      }
    }
    if (action.isEmpty()) {
      throw new IOException("an answer without an action");
    }
    return action;
  }

  void rest(Instant now) {
    rested = now;
  }

  boolean youngerThan(Instant now, Duration idle, Duration age) {
    return rested.plus(idle).isAfter(now) && born.plus(age).isAfter(now);
  }

  void close() {
    closed = true;
    SocketChannel open = channel;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // it was not to be used any more
      }
    }
  }

  private static String line(BufferedReader in, int longest) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("closed without an answer");
      }
      if (line.length() >= longest) {
        throw new IOException("an answer longer than " + LONGEST_ANSWER);
      }
      line.append((char) c);
    }
    return line.toString();
  }
}
