package org.caravanmta.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.caravanmta.tls.client.ChannelSecurity;

/// TLS over another stream (RFC 8446 §5): what is written is sent as records, and of the records
/// that come only their content is read. A record whose content is for TLS itself, such as a ticket
/// for another session (§4.6.1), is not something that the server says.
final class TlsStream implements ByteStream {
  private final ByteStream plain;
  private final SSLEngine engine;

  /// What has come and has not been opened yet; to be read from.
  private ByteBuffer sealed;

  /// What has been opened and not been read yet; to be read from.
  private ByteBuffer opened;

  /// A record to be sent; to be written to.
  private ByteBuffer outgoing;

  private Duration timeout;
  private boolean ended;

  /// Whether the stream has failed, so that nothing more is to be sent.
  private boolean failed;

  private TlsStream(ByteStream plain, SSLEngine engine, Duration timeout) {
    this.plain = plain;
    this.engine = engine;
    this.timeout = timeout;
    int packet = engine.getSession().getPacketBufferSize();
    this.sealed = ByteBuffer.allocate(packet).limit(0);
    this.outgoing = ByteBuffer.allocate(packet);
    this.opened = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
  }

  /// Begins with the handshake.
  ///
  /// @param timeout how long the whole handshake may take
  /// @throws IOException if it fails; then the stream below is of no use either
  static TlsStream begin(ByteStream plain, SSLEngine engine, Duration timeout) throws IOException {
    var stream = new TlsStream(plain, engine, timeout);
    try {
      engine.beginHandshake();
      stream.handshake(System.nanoTime() + timeout.toNanos());
      return stream;
    } catch (IOException e) {
      stream.alert();
      throw e;
    }
  }

  @Override
  public InputStream in() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return guarded(() -> TlsStream.this.read(bytes, offset, length));
      }

      @Override
      public int available() throws IOException {
        if (!opened.hasRemaining() && (sealed.hasRemaining() || plain.in().available() > 0)) {
          guarded(TlsStream.this::openWhatHasCome);
        }
        return opened.remaining();
      }
    };
  }

  @Override
  public OutputStream out() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        guarded(
            () -> {
              seal(ByteBuffer.wrap(bytes, offset, length));
              return length;
            });
      }
    };
  }

  @Override
  public void timeout(Duration changed) {
    timeout = changed;
  }

  @Override
  public boolean quiet() throws IOException {
    if (opened.hasRemaining() || ended) {
      return false;
    }
    guarded(this::openWhatHasCome);
    return !opened.hasRemaining() && !ended;
  }

  @Override
  public int poll(ByteBuffer into) throws IOException {
    if (!opened.hasRemaining() && !ended) {
      guarded(this::openWhatHasCome);
    }
    if (!opened.hasRemaining()) {
      return ended ? -1 : 0;
    }
    return give(into);
  }

  /// As well as the stream below, of which it may be one within this machine.
  @Override
  public ChannelSecurity security() {
    return plain.security();
  }

  @Override
  public Optional<InetAddress> from() {
    return plain.from();
  }

  @Override
  public void abort() {
    plain.abort();
  }

  /// Says goodbye with close_notify (RFC 8446 §6.1), which the server's is not waited for.
  @Override
  public void close() {
    alert();
    plain.close();
  }

  private void alert() {
    if (failed && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
      return;
    }
    try {
      engine.closeOutbound();
      while (!engine.isOutboundDone()) {
        if (wrap(ByteBuffer.allocate(0)).bytesProduced() == 0) {
          break;
        }
      }
    } catch (IOException e) {
      // the connection is lost, and need not be told
    }
    failed = true;
  }

  private interface Step {
    int take() throws IOException;
  }

  private int guarded(Step step) throws IOException {
    try {
      return step.take();
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  private int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    long until = System.nanoTime() + timeout.toNanos();
    while (!opened.hasRemaining()) {
      if (ended) {
        return -1;
      }
      if (!open()) {
        receive(until);
      }
    }
    return give(ByteBuffer.wrap(bytes, offset, length));
  }

  private int give(ByteBuffer into) {
    int count = Math.min(into.remaining(), opened.remaining());
    into.put(opened.slice(opened.position(), count));
    opened.position(opened.position() + count);
    return count;
  }

  /// Opens records that have come whole, without waiting for more.
  private int openWhatHasCome() throws IOException {
    while (!opened.hasRemaining() && !ended) {
      if (open()) {
        continue;
      }
      ByteBuffer into = toReceive();
      int count = plain.poll(into);
      sealed = into.flip();
      if (count < 0) {
        ended = true;
      }
      if (count <= 0) {
        break;
      }
    }
    return 0;
  }

  /// Opens one record, if one has come whole.
  ///
  /// @return whether one had
  private boolean open() throws IOException {
    SSLEngineResult result = unwrap();
    switch (result.getStatus()) {
      case OK -> {
        HandshakeStatus next = result.getHandshakeStatus();
        if (next == HandshakeStatus.NEED_TASK || next == HandshakeStatus.NEED_WRAP) {
          // the server wants new keys (RFC 8446 §4.6.3)
          handshake(System.nanoTime() + timeout.toNanos());
        }
        return result.bytesConsumed() > 0;
      }
      case CLOSED -> {
        ended = true;
        return true;
      }
      case BUFFER_OVERFLOW -> {
        return true;
      }
      case BUFFER_UNDERFLOW -> {
        return false;
      }
    }
    throw new IllegalStateException("an unknown status");
  }

  /// Waits for more bytes.
  ///
  /// @param until as System.nanoTime has it
  /// @throws EOFException if the connection has ended without close_notify: somebody in between may
  ///   have cut it
  private void receive(long until) throws IOException {
    long left = until - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("read timed out");
    }
    plain.timeout(Duration.ofNanos(Math.max(left, 1_000_000)));
    ByteBuffer into = toReceive();
    int count = -1;
    try {
      count = plain.in().read(into.array(), into.arrayOffset() + into.position(), into.remaining());
    } finally {
      sealed = into.position(into.position() + Math.max(count, 0)).flip();
    }
    if (count < 0) {
      throw new EOFException("closed without close_notify");
    }
  }

  /// The buffer of what has come, to be written to, with room.
  private ByteBuffer toReceive() {
    int packet = Math.max(engine.getSession().getPacketBufferSize(), sealed.remaining() * 2);
    if (sealed.capacity() >= packet) {
      return sealed.compact();
    }
    return ByteBuffer.allocate(packet).put(sealed);
  }

  private void seal(ByteBuffer content) throws IOException {
    while (content.hasRemaining()) {
      SSLEngineResult result = wrap(content);
      if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
        throw new IOException("the server has ended TLS");
      }
    }
  }

  private SSLEngineResult wrap(ByteBuffer content) throws IOException {
    outgoing.clear();
    SSLEngineResult result = engine.wrap(content, outgoing);
    if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
      outgoing = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      result = engine.wrap(content, outgoing);
    }
    if (outgoing.position() > 0) {
      plain.out().write(outgoing.array(), 0, outgoing.position());
    }
    return result;
  }

  /// Does what the engine wants until it wants nothing more.
  private void handshake(long until) throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          for (Runnable task = engine.getDelegatedTask();
              task != null;
              task = engine.getDelegatedTask()) {
            task.run();
          }
        }
        case NEED_WRAP -> {
          SSLEngineResult result = wrap(ByteBuffer.allocate(0));
          if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new SSLException("the server has ended the handshake");
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrapped()) {
            receive(until);
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
      }
    }
  }

  /// Opens what has come into a buffer that has room for it; if it had too little, there is more
  /// the next time.
  private SSLEngineResult unwrap() throws SSLException {
    ByteBuffer into = opened.clear();
    try {
      SSLEngineResult result = engine.unwrap(sealed, into);
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
        into = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
      }
      return result;
    } finally {
      opened = into.flip();
    }
  }

  /// Opens a record of the handshake, if one has come whole.
  private boolean unwrapped() throws IOException {
    SSLEngineResult result = unwrap();
    return switch (result.getStatus()) {
      case OK, BUFFER_OVERFLOW -> true;
      case CLOSED -> throw new SSLException("the server has ended the handshake");
      case BUFFER_UNDERFLOW -> engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP_AGAIN;
    };
  }
}
