package org.caravanmta.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravanmta.control.ControlServer;
import org.caravanmta.control.ControlVerb;

/// Verbs on queues, asked over a real line as `caravan queue` asks them: what the operator reads.
public final class AskedQueues implements AutoCloseable {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Path directory;
  private final ControlServer server;
  private final QueueQuestion question;

  /// @param directory gets the control file
  public AskedQueues(Path directory, Map<String, ControlVerb> verbs) throws Exception {
    this.directory = directory;
    server = new ControlServer(directory, verbs);
    question =
        new QueueQuestion(
            new ServerQuestion(directory, false, new PrintWriter(out), new PrintWriter(err)));
  }

  public int list(boolean json, String queue) throws Exception {
    return question.list(json, queue);
  }

  public int show(String id) throws Exception {
    return question.show(id);
  }

  public int flush(List<String> ids) throws Exception {
    return question.flush(ids);
  }

  public int delete(String queue, List<String> ids) throws Exception {
    return question.delete(queue, ids);
  }

  public int hold(String queue, List<String> ids) throws Exception {
    return question.hold(queue, ids);
  }

  public int release(String queue, List<String> ids) throws Exception {
    return question.release(queue, ids);
  }

  /// A command `caravan queue …`, with its own options.
  public int run(String... args) {
    var all = new ArrayList<>(List.of("queue"));
    all.addAll(List.of(args));
    all.addAll(List.of("--data", directory.toString()));
    return new Main(
            () -> {
              throw new IllegalStateException("no server is to be started");
            },
            bytes)
        .commandLine(new PrintWriter(out), new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  /// All that was written so far.
  public String out() {
    return out.toString();
  }

  /// What was written that is not text.
  public byte[] bytes() {
    return bytes.toByteArray();
  }

  public String err() {
    return err.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
