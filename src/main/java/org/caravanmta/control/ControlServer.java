package org.caravanmta.control;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.caravanmta.port.OpenPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server of the control channel: runs verbs for clients that know the token of the control
/// file, as `postqueue(1)` and `postsuper(1)` do for Postfix. Each connection has a virtual thread.
/// The server listens from its construction until {@link #close}.
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

  /// How long a client may take to send its whole request.
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  /// Connections at most whose request has not come yet; any user of the machine can connect.
  /// Beyond that, the oldest is closed.
  private static final int MOST_SILENT = 32;

  // exit statuses
  static final int OK = 0;
  static final int FAILED = 1;
  static final int WRONG_USE = 2;

  private final Path directory;
  private final Map<String, ControlVerb> verbs;
  private final ControlFile file;
  private final OpenPort port;
  private final Duration timeout;

  /// @param directory the data directory, which gets the file `control`
  /// @param verbs by name: `queue.list`, `stage.stop`, …
  public ControlServer(Path directory, Map<String, ControlVerb> verbs) throws IOException {
    this(directory, verbs, REQUEST_TIMEOUT);
  }

  ControlServer(Path directory, Map<String, ControlVerb> verbs, Duration timeout)
      throws IOException {
    this.timeout = timeout;
    this.directory = directory;
    this.verbs = Map.copyOf(verbs);
    var listener = new ServerSocket();
    try {
      listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      this.file = ControlFile.of(listener.getLocalPort());
      file.write(directory);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    this.port = new OpenPort("control", listener, MOST_SILENT, this::serve);
  }

  /// Removes the control file, then closes every connection. When this returns, no connection is
  /// accepted any more.
  @Override
  public void close() throws IOException {
    file.remove(directory);
    port.close();
  }

  private void serve(Socket connection, Runnable spoken) {
    try (var out =
        new BufferedWriter(
            new OutputStreamWriter(connection.getOutputStream(), StandardCharsets.UTF_8))) {
      var response = new ControlResponse(out);
      Optional<List<String>> request = new ControlQuestion(connection, timeout).read(file.token());
      spoken.run();
      if (request.isPresent()) {
        answer(request.get(), response);
      } else {
        LOG.warn("control: a request with a wrong token was refused");
        response.end("refused: the token is not that of " + directory.resolve("control"), FAILED);
      }
    } catch (IOException e) {
      LOG.debug("control: {}", e.toString());
    }
  }

  private void answer(List<String> request, ControlResponse response) throws IOException {
    String name = request.isEmpty() ? "" : request.getFirst();
    ControlVerb verb = verbs.get(name);
    if (verb == null) {
      String known = String.join(", ", new TreeSet<>(verbs.keySet()));
      response.end("unknown verb \"" + name + "\"; known are " + known, WRONG_USE);
      return;
    }
    try {
      verb.run(request.subList(1, request.size()), response);
      response.end(OK);
    } catch (ControlResponse.Gone e) {
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
}
