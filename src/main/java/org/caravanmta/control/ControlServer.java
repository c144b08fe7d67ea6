package org.caravanmta.control;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.caravanmta.message.PrintableWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's end of the operator's line: runs verbs for whoever knows the token of the control
/// file. One virtual thread for each connection. Listens from construction until {@link #close}.
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

  /// How long a connection may keep us waiting for its request.
  private static final int REQUEST_MILLIS = 10_000;

  /// More than any command line.
  private static final int LONGEST_REQUEST = 256 * 1024;

  static final int OK = 0;
  static final int FAILED = 1;
  static final int WRONG_USE = 2;

  private final Path directory;
  private final Map<String, Verb> verbs;
  private final ServerSocket listener;
  private final ControlFile file;
  private final Thread listening;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  /// @param directory the data directory, which gets the file `control`
  /// @param verbs by name: `queue.list`, `stage.stop`, …
  public ControlServer(Path directory, Map<String, Verb> verbs) throws IOException {
    this.directory = directory;
    this.verbs = Map.copyOf(verbs);
    this.listener = new ServerSocket();
    try {
      listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      this.file = ControlFile.of(listener.getLocalPort());
      file.write(directory);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    this.listening = Thread.ofVirtual().name("control").start(this::listen);
  }

  /// Takes the file away, then ends every connection. Nobody is let in once it has returned.
  @Override
  public void close() throws IOException {
    file.remove(directory);
    listener.close();
    try {
      // the port is closed only when the thread that waits at it has left
      listening.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket connection : connections) {
      connection.close();
    }
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().name("control connection").start(() -> serve(connection));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          LOG.warn("control: a connection could not be taken: {}", e.toString());
        }
      }
    }
  }

  private void serve(Socket connection) {
    try (connection;
        var in =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        var out =
            new BufferedWriter(
                new OutputStreamWriter(connection.getOutputStream(), StandardCharsets.UTF_8))) {
      connection.setSoTimeout(REQUEST_MILLIS);
      answer(request(in), new Response(new PrintableWriter(out)));
    } catch (IOException e) {
      LOG.debug("control: {}", e.toString());
    } finally {
      connections.remove(connection);
    }
  }

  private static List<String> request(BufferedReader in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() == LONGEST_REQUEST) {
        throw new IOException("a request without its end");
      }
      line.append((char) c);
    }
    return Line.fields(line.toString());
  }

  private void answer(List<String> request, Response response) throws IOException {
    if (!MessageDigest.isEqual(bytes(request.getFirst()), bytes(file.token()))) {
      LOG.warn("control: a request with a wrong token was refused");
      response.end("refused: the token is not that of " + directory.resolve("control"), FAILED);
      return;
    }
    String name = request.size() > 1 ? request.get(1) : "";
    Verb verb = verbs.get(name);
    if (verb == null) {
      String known = String.join(", ", new TreeSet<>(verbs.keySet()));
      response.end("unknown verb \"" + name + "\"; known are " + known, WRONG_USE);
      return;
    }
    try {
      verb.run(request.subList(2, request.size()), response);
      response.end(OK);
    } catch (Response.Gone e) {
      throw e;
    } catch (ControlProblem e) {
      response.end(String.valueOf(e.getMessage()), FAILED);
    } catch (IllegalArgumentException e) {
      response.end(String.valueOf(e.getMessage()), WRONG_USE);
    } catch (Exception e) {
      LOG.error("control: {} failed", name, e);
      response.end(name + " failed: " + e, FAILED);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
