package org.caravanmta.filter.milter;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.caravanmta.filter.contract.FilterAddress;

/// A milter that does what a test says, on a socket of its own, and writes down what it was told:
/// one line for each packet.
public final class ScriptedMilter implements Closeable {
  private final ServerSocket server;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Map<Character, Deque<List<byte[]>>> answers = new ConcurrentHashMap<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile byte[] agreement = agreed(6, 0x1ff, 0);
  private volatile Duration pause = Duration.ZERO;

  public ScriptedMilter() throws IOException {
    this(0);
  }

  /// @param port where it is
  ScriptedMilter(int port) throws IOException {
    server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  public FilterAddress address() {
    return FilterAddress.parse("inet:127.0.0.1:" + server.getLocalPort());
  }

  /// What it was told so far.
  public List<String> heard() {
    return List.copyOf(heard);
  }

  /// How many connections it has.
  int connections() {
    return open.size();
  }

  /// Forgets what it was told, and what it is to answer.
  public void forget() {
    heard.clear();
    answers.clear();
  }

  /// What it was told up to the first line that is `last`.
  public List<String> heardUntil(String last) {
    await().until(() -> heard.contains(last));
    return heard.subList(0, heard.indexOf(last) + 1);
  }

  /// What it agrees to.
  ///
  /// @param macros event numbers and names
  public ScriptedMilter agrees(
      int version, int abilities, int waivers, Map<Integer, String> macros) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(agreed(version, abilities, waivers));
    macros.forEach(
        (number, names) -> {
          all.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
          all.writeBytes(text(names));
        });
    agreement = all.toByteArray();
    return this;
  }

  /// Takes this time before each packet of an answer.
  ScriptedMilter takes(Duration time) {
    pause = time;
    return this;
  }

  /// Answers the next command of this letter with these packets; all others with "go on".
  public ScriptedMilter answers(char command, byte[]... packets) {
    answers.computeIfAbsent(command, _ -> new ArrayDeque<>()).add(List.of(packets));
    return this;
  }

  public static byte[] packet(char letter, byte[]... parts) {
    var data = new ByteArrayOutputStream();
    data.write(letter);
    for (byte[] part : parts) {
      data.writeBytes(part);
    }
    return ByteBuffer.allocate(4 + data.size()).putInt(data.size()).put(data.toByteArray()).array();
  }

  public static byte[] text(String... texts) {
    var data = new ByteArrayOutputStream();
    for (String each : texts) {
      data.writeBytes(each.getBytes(StandardCharsets.UTF_8));
      data.write(0);
    }
    return data.toByteArray();
  }

  static byte[] number(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static byte[] agreed(int version, int abilities, int waivers) {
    return ByteBuffer.allocate(12).putInt(version).putInt(abilities).putInt(waivers).array();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new DataInputStream(socket.getInputStream());
      var out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] packet = in.readNBytes(in.readInt());
        char letter = (char) packet[0];
        heard.add(shown(packet));
        switch (letter) {
          case 'O' -> out.write(packet('O', agreement));
          case 'D', 'A' -> {
            // not answered
          }
          case 'Q' -> {
            return;
          }
          default -> {
            for (byte[] each : answer(letter)) {
              pause();
              out.write(each);
            }
          }
        }
        out.flush();
      }
    } catch (IOException | InterruptedException e) {
      heard.add("closed");
    } finally {
      open.remove(socket);
    }
  }

  private void pause() throws IOException, InterruptedException {
    if (!pause.isZero() && closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("closed");
    }
  }

  private List<byte[]> answer(char letter) {
    var script = answers.get(letter);
    List<byte[]> next = script == null ? null : script.poll();
    boolean silent = waived(silence(letter));
    return next != null ? next : silent ? List.of() : List.of(packet('c'));
  }

  private boolean waived(int bit) {
    return (ByteBuffer.wrap(agreement).getInt(8) & bit) != 0;
  }

  private static int silence(char letter) {
    return switch (letter) {
      case 'L' -> 0x80;
      case 'C' -> 0x1000;
      case 'H' -> 0x2000;
      case 'M' -> 0x4000;
      case 'R' -> 0x8000;
      case 'T' -> 0x10000;
      case 'U' -> 0x20000;
      case 'N' -> 0x40000;
      case 'B' -> 0x80000;
      default -> 0;
    };
  }

  /// A packet as a line: numbers of connections and ports are not in it, as they differ.
  private static String shown(byte[] packet) {
    char letter = (char) packet[0];
    String data = new String(packet, 1, packet.length - 1, StandardCharsets.ISO_8859_1);
    return switch (letter) {
      case 'O' -> {
        var numbers = ByteBuffer.wrap(packet, 1, 12);
        yield "O %d %x %x".formatted(numbers.getInt(), numbers.getInt(), numbers.getInt());
      }
      case 'C' -> {
        int end = data.indexOf('\0');
        String rest = data.charAt(end + 1) == 'U' ? "" : words(data.substring(end + 4));
        yield "C " + data.substring(0, end) + " " + data.charAt(end + 1) + " " + rest;
      }
      case 'D' -> ("D" + data.charAt(0) + " " + pairs(data.substring(1))).strip();
      case 'B' -> "B " + (packet.length - 1) + " " + shortened(data);
      default -> (letter + " " + words(data)).strip();
    };
  }

  private static String pairs(String data) {
    String[] words = data.split("\0", -1);
    var pairs = new ArrayList<String>();
    for (int i = 0; i + 1 < words.length; i += 2) {
      pairs.add(words[i] + "=" + words[i + 1]);
    }
    return String.join(" ", pairs);
  }

  private static String words(String data) {
    return data.replaceFirst("\0$", "")
        .replace("\0", " | ")
        .replace("\r", "\\r")
        .replace("\n", "\\n");
  }

  private static String shortened(String data) {
    String one = data.replace("\r", "\\r").replace("\n", "\\n");
    return one.length() > 60 ? one.substring(0, 60) + "…" : one;
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
