package org.caravanmta.smtp.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// The bytes of a connection to a server, out and in, each wait bounded: over TCP (RFC 5321 §3.1),
/// or over a socket in the file system of this machine, as stores are reached by LMTP (RFC 2033
/// §5).
interface Stream extends Closeable {
  InputStream in();

  OutputStream out();

  /// How long a read waits from now on; then it fails with a {@link
  /// java.net.SocketTimeoutException}.
  void patience(Duration patience) throws IOException;

  /// Whether it is open, and nothing has come that is not read. Does not wait.
  boolean quiet() throws IOException;

  @Override
  void close();
}
