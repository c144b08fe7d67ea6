package org.caravanmta.smtp.client;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection to a server: lines out, replies in, each wait bounded.
final class Connection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /// A message of 4 KiB with its commands goes out in one piece.
  private static final int BUFFER = 16 * 1024;

  /// For what a server has said before it closed the connection, which is here by now.
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Peer peer;
  private final Stream stream;
  private final OutputStream out;
  private final ReplyReader replies;
  private @Nullable IOException severed;
  private boolean warned;

  private Connection(Peer peer, Stream stream) {
    this.peer = peer;
    this.stream = stream;
    this.out = new BufferedOutputStream(stream.out(), BUFFER);
    this.replies = new ReplyReader(stream.in());
  }

  static Connection open(Peer peer, SmtpCaller caller) throws Unreachable {
    try {
      return new Connection(peer, stream(peer, caller));
    } catch (IOException e) {
      throw new Unreachable(peer.unreachable(e));
    }
  }

  Peer peer() {
    return peer;
  }

  /// Puts a command line into the buffer. That the server takes no more is not said here but by the
  /// next {@link #reply}: its last words count, not that we could not go on.
  void send(String line) {
    if (line.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
      throw new IllegalArgumentException("a command that breaks its line: " + line);
    }
    if (severed != null) {
      return;
    }
    try {
      out.write(line.getBytes(StandardCharsets.UTF_8));
      out.write('\r');
      out.write('\n');
    } catch (IOException e) {
      severed = e;
    }
  }

  /// Where the message goes between DATA and the dot.
  OutputStream data() {
    return out;
  }

  /// Sends what is in the buffer, as {@link #send} does.
  void flush() {
    if (severed != null) {
      return;
    }
    try {
      out.flush();
    } catch (IOException e) {
      severed = e;
    }
  }

  /// Whether the server takes no more.
  boolean severed() {
    return severed != null;
  }

  /// The next reply; from a server that takes no more, what it said before that.
  Reply reply(Duration patience) throws IOException {
    Duration wait = severed == null ? patience : LAST_WORDS;
    try {
      stream.patience(wait);
      return replies.read(wait);
    } catch (IOException e) {
      throw severed == null ? e : severed;
    } finally {
      if (replies.skipped().isPresent() && !warned) {
        warned = true;
        LOG.warn("{}: not part of a reply: {}", peer.named(), replies.skipped().get());
      }
    }
  }

  /// Whether the last reply came with lines that are not part of one.
  boolean skipped() {
    return replies.skipped().isPresent();
  }

  /// What the server said when it stopped taking the message.
  Optional<Reply> lastWords(IOException why) {
    severed = why;
    try {
      return Optional.of(reply(LAST_WORDS));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Whether the server has said something that is not read yet. Does not wait.
  boolean spoken() {
    try {
      return replies.ahead() || stream.in().available() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /// Whether a connection on which nothing is outstanding is still open, and the server has not
  /// spoken out of turn, which is a 421. Does not wait.
  boolean quiet() {
    if (replies.ahead()) {
      return false;
    }
    try {
      return stream.quiet();
    } catch (IOException e) {
      return false;
    }
  }

  /// @throws IOException if the server cannot be reached in that time
  private static Stream stream(Peer peer, SmtpCaller caller) throws IOException {
    return peer.address() instanceof UnixDomainSocketAddress path
        ? LocalStream.open(path, caller.waits().transfer())
        : TcpStream.open(peer, caller);
  }

  @Override
  public void close() {
    stream.close();
  }
}
