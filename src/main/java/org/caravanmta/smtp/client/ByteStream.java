package org.caravanmta.smtp.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.tls.client.ChannelSecurity;

/// The bytes of a connection to a server, out and in, with every wait bounded: over TCP (RFC 5321
/// §3.1), or over a UNIX-domain socket, by which local stores are reached with LMTP (RFC 2033 §5);
/// over either also in TLS (RFC 3207).
interface ByteStream extends Closeable {
  InputStream in();

  OutputStream out();

  /// Sets how long each read may wait from now on; then it fails with a {@link
  /// java.net.SocketTimeoutException}.
  void timeout(Duration timeout) throws IOException;

  /// Whether the connection is open and nothing has come that has not been read. Does not wait. If
  /// something has come, it may be lost.
  boolean quiet() throws IOException;

  /// How well it is protected now.
  default ChannelSecurity security() {
    return ChannelSecurity.CLEAR;
  }

  /// What a login may be bound to (RFC 5056 §2.1), by type: `tls-exporter` (RFC 9266 §2),
  /// `tls-server-end-point` (RFC 5929 §4). Empty without TLS.
  default Map<String, byte[]> bindings() {
    return Map.of();
  }

  /// Reads what has come, without waiting for more.
  ///
  /// @return how many bytes; 0 if nothing has come, -1 if the connection has ended
  int poll(ByteBuffer into) throws IOException;

  /// The IP address of ours; absent if there is none, or it is not known any more.
  Optional<InetAddress> from();

  /// Closes the connection under another thread, whose reads and writes fail: at once, and without
  /// a word to the server.
  void abort();

  @Override
  void close();
}
