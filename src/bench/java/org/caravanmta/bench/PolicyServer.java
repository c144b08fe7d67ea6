package org.caravanmta.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.caravanmta.Acceptor;

/// A server for Postfix's policy delegation protocol (SMTPD_POLICY_README) that knows everybody, as
/// a greylist does after the warm-up. It keeps nothing and looks nothing up, so that Postfix does
/// less with it than with any real one.
final class PolicyServer implements AutoCloseable {
  private static final byte[] ANSWER = "action=DUNNO\n\n".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket server;

  PolicyServer() throws IOException {
    server = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
    Acceptor.start(server, PolicyServer::serve);
  }

  int port() {
    return server.getLocalPort();
  }

  /// Each question is lines of `name=value`, and an empty one.
  private static void serve(Socket accepted) {
    try (Socket socket = accepted) {
      socket.setTcpNoDelay(true);
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          socket.getOutputStream().write(ANSWER);
        }
      }
    } catch (IOException e) {
      // Postfix has ended
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
