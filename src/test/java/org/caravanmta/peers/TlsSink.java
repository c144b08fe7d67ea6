package org.caravanmta.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.caravanmta.Acceptor;

/// A mail server that shows a certificate and has one {@link Conduct}: it keeps what it has taken,
/// and whether that came over TLS.
public final class TlsSink implements AutoCloseable {
  /// A recipient of a message whose end it has answered 250.
  ///
  /// @param protocol `TLSv1.3`; empty: in the clear
  /// @param certificate the subject of the client's certificate; empty: none
  /// @param login what followed AUTH; empty: none
  /// @param message dots unstuffed, one character for each byte
  public record Taken(
      String recipient, String protocol, String certificate, String login, String message) {}

  final Conduct conduct;
  final SSLContext context;
  final List<Taken> taken = new CopyOnWriteArrayList<>();
  private final List<String> callers = new CopyOnWriteArrayList<>();
  private final AtomicInteger sessions = new AtomicInteger();

  private final ServerSocket server;
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  private TlsSink(ServerSocket server, Conduct conduct, SSLContext context) {
    this.server = server;
    this.conduct = conduct;
    this.context = context;
  }

  /// @param port 0 for any
  /// @param clients who vouches for the certificates of clients
  public static TlsSink start(
      String address, int port, Conduct conduct, Identity identity, Authority clients)
      throws IOException {
    var server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getByName(address), port), 200);
    var sink = new TlsSink(server, conduct, identity.serving(clients.certificate()));
    Acceptor.start(server, sink::serve);
    return sink;
  }

  public int port() {
    return server.getLocalPort();
  }

  public List<Taken> taken() {
    return List.copyOf(taken);
  }

  /// How many connections there have been.
  public int sessions() {
    return sessions.get();
  }

  /// The addresses that it was called from.
  public List<String> callers() {
    return List.copyOf(callers);
  }

  private void serve(Socket socket) {
    sessions.incrementAndGet();
    callers.add(socket.getInetAddress().getHostAddress());
    open.add(socket);
    try (socket) {
      socket.setTcpNoDelay(true);
      new TlsSession(this, socket).run();
    } catch (IOException e) {
      // the client went away, or is not to be spoken to: what it had not finished was not taken
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
