package org.caravanmta.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The client of the control channel: puts a verb to the Caravan that runs on a data directory, as
/// `postqueue(1)` and `postsuper(1)` ask Postfix.
public final class ControlClient {
  /// How long connecting to a port of this machine may take.
  private static final int CONNECT_MILLIS = 5_000;

  private final Path directory;

  /// @param directory the data directory of the server
  public ControlClient(Path directory) {
    this.directory = directory;
  }

  /// Puts one verb to the server and passes on its answer, row by row.
  ///
  /// @param args of the verb, see {@link VerbName}
  /// @param problems takes each line about what could not be done
  /// @return the exit status: 0 done, 1 could not be done, 2 wrong use
  /// @throws ControlProblem if no server runs on the directory, or its answer breaks off
  public int ask(String verb, List<String> args, Rows rows, Consumer<String> problems)
      throws ControlProblem {
    ControlFile file =
        ControlFile.read(directory)
            .orElseThrow(() -> new ControlProblem(notRunning("no control file")));
    try (Socket connection = connect(file)) {
      var request = new ArrayList<>(List.of(file.token(), verb));
      request.addAll(args);
      connection
          .getOutputStream()
          .write((ControlLine.of(request) + "\n").getBytes(StandardCharsets.UTF_8));
      return pass(
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8)),
          rows,
          problems);
    } catch (IOException e) {
      throw new ControlProblem("the connection to caravan was lost: " + e.getMessage());
    }
  }

  private Socket connect(ControlFile file) throws IOException, ControlProblem {
    var connection = new Socket();
    try {
      connection.connect(
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), file.port()), CONNECT_MILLIS);
      return connection;
    } catch (IOException e) {
      connection.close();
      throw new ControlProblem(
          notRunning("its control file is of one that was not stopped but ended"));
    }
  }

  private static int pass(BufferedReader in, Rows rows, Consumer<String> problems)
      throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      char mark = line.isEmpty() ? ' ' : line.charAt(0);
      String rest = line.substring(Math.min(1, line.length()));
      switch (mark) {
        case ControlResponse.ROW -> rows.add(ControlLine.fields(rest));
        case ControlResponse.PROBLEM -> problems.accept(rest);
        case ControlResponse.STATUS -> {
          return Stream.of("0", "1", "2").anyMatch(rest::equals)
              ? Integer.parseInt(rest)
              : ControlServer.FAILED;
        }
        default -> throw new IOException("an answer that is not caravan's");
      }
    }
    throw new IOException("it ended before the answer did");
  }

  private String notRunning(String why) {
    return "caravan is not running on " + directory + " (" + why + ")";
  }
}
