package org.caravanmta.fault;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// The disk of another process, any call of which for a file can be made to fail: an option of its
/// virtual machine brings the {@link DiskAgent} there, which is told over a connection.
public final class FaultyDisk implements AutoCloseable {
  private static final String PLACE = "org/caravanmta/fault/";
  private static final int PATIENCE_MILLIS = 60_000;

  private final Path agent;
  private final ServerSocket listening;

  /// @param directory for the agent
  public FaultyDisk(Path directory) throws IOException {
    this.agent = agent(directory.resolve("disk.jar"));
    this.listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    listening.setSoTimeout(PATIENCE_MILLIS);
  }

  /// What `java` is told.
  public String option() {
    return "-javaagent:" + agent + "=" + listening.getLocalPort();
  }

  /// The disk of the process that was started last, once it runs.
  public Hold hold() throws IOException {
    return new Hold(listening.accept());
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  /// A jar of what the virtual machine's own classes are to see.
  private static Path agent(Path jar) throws IOException {
    var manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Premain-Class", DiskAgent.class.getName());
    main.putValue("Boot-Class-Path", jar.getFileName().toString());
    main.putValue("Can-Retransform-Classes", "true");
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String name : classes()) {
        out.putNextEntry(new JarEntry(PLACE + name));
        try (InputStream in = FaultyDisk.class.getResourceAsStream(name)) {
          if (in == null) {
            throw new IOException(name + " is missing");
          }
          in.transferTo(out);
        }
        out.closeEntry();
      }
    }
    return jar;
  }

  private static List<String> classes() throws IOException {
    try {
      Path home =
          Path.of(FaultyDisk.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> all = Files.list(home.resolve(PLACE))) {
        return all.map(file -> file.getFileName().toString())
            .filter(name -> name.startsWith("Disk"))
            .toList();
      }
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /// The disk of one process.
  public static final class Hold implements AutoCloseable {
    private final Socket socket;
    private final PrintStream out;
    private final BufferedReader in;

    private Hold(Socket socket) throws IOException {
      this.socket = socket;
      socket.setSoTimeout(PATIENCE_MILLIS);
      this.out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8);
      this.in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /// From now on the call of this number, from 1, for files below a directory fails; it may have
    /// failed, and the process ended, when this returns.
    public void fail(Path below, int number, Disk.Way way) {
      try {
        ask("fail\t" + below + "\t" + number + "\t" + way);
      } catch (IOException e) {
        // the process has ended, which mend() tells
      }
    }

    /// Waits until nothing has been done for files below a directory for a while.
    public void awaitQuiet(Path below, Duration length) {
      fail(below, Integer.MAX_VALUE, Disk.Way.REFUSED);
      var last = new AtomicReference<>("");
      await()
          .during(length)
          .until(
              () -> {
                String now = ask("count");
                return now.equals(last.getAndSet(now));
              });
    }

    /// Whether a call has failed.
    public boolean hasFailed() throws IOException {
      return Boolean.parseBoolean(ask("failed"));
    }

    /// No call fails any more.
    ///
    /// @return whether one has failed; so it has if the process has ended meanwhile
    public boolean mend() {
      try {
        return Boolean.parseBoolean(ask("mend"));
      } catch (IOException e) {
        return true;
      }
    }

    private String ask(String what) throws IOException {
      out.println(what);
      String answer = in.readLine();
      if (answer == null) {
        throw new IOException("the process has ended");
      }
      return answer;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
