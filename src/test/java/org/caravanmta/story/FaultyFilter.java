package org.caravanmta.story;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.caravanmta.Acceptor;
import org.jspecify.annotations.Nullable;

/// A content filter with a fault, until it is mended; then it refuses what it is to refuse, and
/// nothing else.
final class FaultyFilter implements Closeable {
  /// Where no connection comes from that could take the port of a filter that does not listen yet.
  static final String ADDRESS = "127.0.0.77";

  /// In the middle of the messages that it is shown.
  private static final int CRASH_AFTER = 30_000;

  private static final int SLOW_MILLIS = 300;

  private final Supplier<Dialect> dialect;
  private final Fault fault;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> judged = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger halves = new AtomicInteger();
  private volatile boolean mended;
  private @Nullable ServerSocket server;

  FaultyFilter(Supplier<Dialect> dialect, Fault fault) throws IOException {
    this.dialect = dialect;
    this.fault = fault;
    this.port = listen(0);
  }

  /// Stops listening, if that is its fault; not before all of them have a port.
  void begin() throws IOException {
    if (fault == Fault.REFUSED && server != null) {
      server.close();
    }
  }

  int port() {
    return port;
  }

  /// The messages about which it has given an answer, whole.
  List<String> judged() {
    return judged;
  }

  /// How many half answers it has given.
  int halves() {
    return halves.get();
  }

  /// Ends the fault, and what it holds up.
  void mend() throws IOException {
    mended = true;
    if (fault == Fault.REFUSED) {
      listen(port);
    }
  }

  private int listen(int wanted) throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getByName(ADDRESS), wanted), 50);
    server = socket;
    // one that floods is not to keep others from a processor
    Acceptor.start(socket, each -> Thread.ofPlatform().daemon().start(() -> serve(each)));
    return socket.getLocalPort();
  }

  private Optional<Fault> fault() {
    return mended ? Optional.empty() : Optional.of(fault);
  }

  private void serve(Socket socket) {
    open.add(socket);
    try (socket) {
      Optional<Fault> first = fault();
      OutputStream out = socket.getOutputStream();
      if (first.equals(Optional.of(Fault.HANG))) {
        drain(socket);
        return;
      }
      if (first.equals(Optional.of(Fault.GARBAGE))) {
        out.write(garbage());
        socket.shutdownOutput();
        drain(socket);
        return;
      }
      converse(socket, new BufferedInputStream(new Crashing(socket)), out);
    } catch (IOException | RuntimeException e) {
      // the client has given up, or this is the fault
    } finally {
      open.remove(socket);
    }
  }

  private void converse(Socket socket, InputStream in, OutputStream out) throws IOException {
    Dialect spoken = dialect.get();
    while (true) {
      boolean old = fault().equals(Optional.of(Fault.VERSION));
      Optional<String> message = spoken.question(in, out, old);
      if (message.isEmpty()) {
        return;
      }
      String shown = message.get();
      boolean refused = shown.contains(Dialect.VIRUS);
      byte[] answer = spoken.answer(shown, refused);
      switch (fault().orElse(Fault.SLOW)) {
        case HALF -> {
          out.write(Arrays.copyOf(answer, answer.length / 2));
          halves.incrementAndGet();
          drain(socket);
          return;
        }
        case VERSION -> {
          out.write(spoken.wrong());
          out.flush();
        }
        case FLOOD -> {
          out.write(spoken.begun());
          while (true) {
            out.write(spoken.more());
          }
        }
        case REFUSED, HANG, GARBAGE, CRASH, SLOW -> {
          pause();
          judged.add(shown);
          spoken.answered(shown, refused);
          out.write(answer);
          out.flush();
        }
      }
    }
  }

  private void pause() throws IOException {
    try {
      if (fault().equals(Optional.of(Fault.SLOW))
          && closed.await(SLOW_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IOException("closed");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void drain(Socket socket) throws IOException {
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private static byte[] garbage() {
    byte[] bytes = new byte[1000];
    new Random(12).nextBytes(bytes);
    bytes[500] = '\r';
    bytes[501] = '\n';
    bytes[700] = 0;
    return bytes;
  }

  /// What is said to it, as long as it lives.
  private final class Crashing extends FilterInputStream {
    private final Socket socket;
    private long left = CRASH_AFTER;

    Crashing(Socket socket) throws IOException {
      super(socket.getInputStream());
      this.socket = socket;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int count = super.read(into, from, length);
      left -= count;
      if (left < 0 && fault().equals(Optional.of(Fault.CRASH))) {
        socket.setSoLinger(true, 0);
        socket.close();
        throw new IOException("crashed");
      }
      return count;
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    if (server != null) {
      server.close();
    }
    for (Socket socket : open) {
      socket.close();
    }
  }
}
