package org.caravanmta.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads the request of a connection to the control channel: one line, which must be complete
/// within a time limit, however slowly its bytes come.
///
/// @param timeout from the first read to the end of the line
record ControlQuestion(Socket connection, Duration timeout) {
  /// Bytes of the longest request: more than any command line has.
  private static final int LONGEST = 256 * 1024;

  /// Reads the request.
  ///
  /// @return the verb and its arguments; absent for a client that does not know the token, from
  ///   which hardly more is read than a token is long
  /// @throws IOException if the request is not complete in time, or too long
  Optional<List<String>> read(String token) throws IOException {
    long end = System.nanoTime() + timeout.toNanos();
    byte[] known = token.getBytes(StandardCharsets.UTF_8);
    InputStream in = connection.getInputStream();
    var line = new ByteArrayOutputStream();
    var block = new byte[4096];
    while (true) {
      // to a socket, 0 means no time-out
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IOException("a request that took too long");
      }
      connection.setSoTimeout((int) left);
      int count = in.read(block);
      if (count < 0) {
        throw new IOException("a request without its end");
      }
      int at = 0;
      while (at < count && block[at] != '\n') {
        at++;
      }
      line.write(block, 0, at);
      boolean whole = at < count;
      if (!whole && line.size() < known.length) {
        continue;
      }
      byte[] request = line.toByteArray();
      if (!knows(request, known)) {
        return Optional.empty();
      }
      if (whole) {
        List<String> fields = ControlLine.fields(new String(request, StandardCharsets.UTF_8));
        return Optional.of(fields.subList(1, fields.size()));
      }
      if (request.length > LONGEST) {
        throw new IOException("a request longer than any");
      }
    }
  }

  private static boolean knows(byte[] request, byte[] token) {
    byte[] shown = new byte[token.length];
    System.arraycopy(request, 0, shown, 0, Math.min(request.length, token.length));
    boolean ends = request.length <= token.length || request[token.length] == '\t';
    return MessageDigest.isEqual(shown, token) && ends;
  }
}
