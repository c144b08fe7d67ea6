package org.caravanmta.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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

  final List<ClientHello> hellos = new CopyOnWriteArrayList<>();

  /// The only groups that it has for the key exchange; none for those of Java.
  volatile List<String> groups = List.of();

  private final Queue<Farewell> atMail = new ConcurrentLinkedQueue<>();
  private final List<TlsSession> talking = new CopyOnWriteArrayList<>();
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

  /// The first messages of the handshakes of clients.
  public List<ClientHello> hellos() {
    return List.copyOf(hellos);
  }

  /// From now on it has only these groups for the key exchange, as Java names them.
  public TlsSink having(String... only) {
    groups = List.of(only);
    return this;
  }

  /// Ends all connections that are open.
  public void leave(Farewell how) throws IOException {
    for (TlsSession each : talking) {
      each.leave(how);
    }
  }

  /// Ends the connection on which the next MAIL comes.
  public void leaveAtMail(Farewell how) {
    atMail.add(how);
  }

  /// How the connection is to be ended on which MAIL has come, if it is.
  Optional<Farewell> atMail() {
    return Optional.ofNullable(atMail.poll());
  }

  private void serve(Socket socket) {
    sessions.incrementAndGet();
    callers.add(socket.getInetAddress().getHostAddress());
    open.add(socket);
    try (socket) {
      socket.setTcpNoDelay(true);
      var session = new TlsSession(this, socket);
      talking.add(session);
      try {
        session.run();
      } finally {
        talking.remove(session);
      }
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
