package org.caravanmta.smtp.client;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.caravanmta.address.Literals;
import org.caravanmta.headway.Counterpart;
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Step;
import org.caravanmta.smtp.Reply;
import org.caravanmta.tls.client.ChannelSecurity;
import org.caravanmta.tls.client.SecureChannel;
import org.caravanmta.tls.client.TlsClient;
import org.caravanmta.tls.client.TlsPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection to a server that takes command lines and returns replies (RFC 5321 §4.1, §4.2), in
/// the clear or in TLS; every wait is bounded.
final class Connection implements AutoCloseable, Counterpart {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /// In bytes: a message of 4 KiB with its commands goes out in one piece.
  private static final int BUFFER = 16 * 1024;

  /// How long to wait for what a server said before it closed the connection: it has arrived by
  /// now, or never will.
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Peer peer;
  private final SessionLog log;
  private ByteStream stream;
  private OutputStream out;
  private ReplyReader replies;
  private Optional<SecureChannel> channel = Optional.empty();
  private @Nullable IOException severed;
  private boolean warned;

  private Connection(Peer peer, SessionLog log, ByteStream stream) {
    this.peer = peer;
    this.log = log;
    this.stream = stream;
    this.out = new BufferedOutputStream(stream.out(), BUFFER);
    this.replies = new ReplyReader(stream.in());
  }

  /// Connects.
  ///
  /// @throws Unreachable if the server does not take the connection in time
  static Connection open(Peer peer, SmtpCaller caller, Approach approach) throws Unreachable {
    Headway headway = Headway.current();
    headway.with(peer::toString);
    headway.step(Step.CONNECT, caller.connection().connectTimeout());
    try {
      var connection =
          new Connection(peer, new SessionLog(caller.complaints()), stream(peer, caller, approach));
      headway.with(connection);
      return connection;
    } catch (TcpStream.Unbound e) {
      throw Unreachable.unbound(peer.unreachable(e));
    } catch (IOException e) {
      throw new Unreachable(peer.unreachable(e), false);
    }
  }

  Peer peer() {
    return peer;
  }

  /// What was agreed on in TLS; absent in the clear.
  Optional<SecureChannel> channel() {
    return channel;
  }

  /// What of this session others may see.
  SessionLog log() {
    return log;
  }

  /// How well it is protected now.
  ChannelSecurity security() {
    return channel
        .filter(_ -> stream.security() == ChannelSecurity.CLEAR)
        .map(it -> it.isValidated() ? ChannelSecurity.VERIFIED : ChannelSecurity.ENCRYPTED)
        .orElse(stream.security());
  }

  /// What a login may be bound to, see {@link ByteStream#bindings}.
  Map<String, byte[]> bindings() {
    return channel.map(SecureChannel::bindings).orElse(stream.bindings());
  }

  /// The address of ours; absent if that is not known.
  Optional<InetAddress> address() {
    return stream.from();
  }

  /// Goes on in TLS. What has come and has not been read is taken for the server's handshake.
  ///
  /// @throws IOException if the handshake fails; then the connection cannot be used any more
  SecureChannel secure(TlsClient tls, TlsPolicy policy) throws IOException {
    SSLEngine engine = tls.engine(policy, peer.toString());
    ByteStream secured = TlsStream.begin(stream, engine, tls.timeout());
    stream = secured;
    out = new BufferedOutputStream(secured.out(), BUFFER);
    replies = new ReplyReader(secured.in());
    SecureChannel agreed = tls.judge(engine, policy, peer.host());
    channel = Optional.of(agreed);
    return agreed;
  }

  /// Puts a command line into the buffer. If the server takes no more, this is reported by the next
  /// {@link #reply}, after what the server said before: its last reply counts more than our failure
  /// to send.
  ///
  /// @param line without its CRLF
  /// @throws IllegalArgumentException if the line has a CR, an LF or a NUL
  void send(String line) {
    if (line.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
      throw new IllegalArgumentException("a command that breaks its line: " + line);
    }
    if (severed != null) {
      return;
    }
    log.said(line);
    try {
      out.write(line.getBytes(StandardCharsets.UTF_8));
      out.write('\r');
      out.write('\n');
    } catch (IOException e) {
      severed = e;
    }
  }

  /// Where the content goes, between DATA and the dot or after BDAT.
  OutputStream data() {
    return out;
  }

  /// Sends what is in the buffer; a failure is reported as by {@link #send}.
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

  /// Whether sending has failed.
  boolean severed() {
    return severed != null;
  }

  /// The next reply. If sending has failed, this is what the server said before that.
  ///
  /// @throws java.net.SocketTimeoutException if nothing comes in time
  /// @throws ReplyReader.Garbled if what comes is not a reply
  /// @throws IOException if the connection is lost
  Reply reply(Duration timeout) throws IOException {
    Duration wait = severed == null ? timeout : LAST_WORDS;
    Headway headway = Headway.current();
    headway.allow(wait);
    try {
      stream.timeout(wait);
      Reply reply = replies.read(wait);
      headway.allow(wait);
      log.heard(reply, replies.skipped());
      return reply;
    } catch (ReplyReader.Garbled e) {
      log.garbled(e);
      throw severed == null ? e : severed;
    } catch (IOException e) {
      throw severed == null ? e : severed;
    } finally {
      if (replies.skipped().isPresent() && !warned) {
        warned = true;
        LOG.warn("{}: not part of a reply: {}", peer.named(), replies.skipped().get());
      }
    }
  }

  /// Whether lines without a code came before the last reply.
  boolean skipped() {
    return replies.skipped().isPresent();
  }

  /// Whether the last reply came to the end of its line.
  boolean whole() {
    return replies.whole();
  }

  /// What the server said when it stopped taking the message, if anything.
  ///
  /// @param why how sending failed
  Optional<Reply> lastWords(IOException why) {
    severed = why;
    try {
      return Optional.of(reply(LAST_WORDS));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Whether the server has sent something that has not been read yet. Does not wait.
  boolean spoken() {
    try {
      return replies.ahead() || stream.in().available() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /// Whether a connection on which no reply is expected is still open and silent; a server that
  /// speaks without being asked announces 421 (RFC 5321 §3.8). Does not wait.
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

  /// Connects over TCP or over a socket in the file system.
  private static ByteStream stream(Peer peer, SmtpCaller caller, Approach approach)
      throws IOException {
    return peer.address() instanceof UnixDomainSocketAddress path
        ? UnixStream.open(path, caller.timeouts().transfer())
        : TcpStream.open(peer, caller, approach);
  }

  /// Has an attempt that waits for this connection fail when it is cut.
  void serve(Headway attempt) {
    attempt.with(this);
    attempt.grip(() -> stream.abort());
  }

  @Override
  public String name() {
    return peer.toString();
  }

  @Override
  public String from() {
    return address().map(Literals::text).orElse("");
  }

  @Override
  public String tls() {
    return channel.map(SecureChannel::toString).orElse("");
  }

  @Override
  public void close() {
    stream.close();
    log.end(peer);
  }
}
