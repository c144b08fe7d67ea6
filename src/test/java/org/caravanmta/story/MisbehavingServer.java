package org.caravanmta.story;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.Acceptor;

/// A mail server that misbehaves once, at one step of its first connection, and takes mail as it
/// should after that.
final class MisbehavingServer implements AutoCloseable {
  /// Where in the dialogue.
  enum Step {
    GREETING,
    EHLO,
    MAIL,
    FIRST_RCPT,
    SECOND_RCPT,
    DATA,
    DOT,
    QUIT
  }

  /// What instead of the reply.
  enum Misbehaviour {
    CLOSES,
    RESETS,
    SHUTS_DOWN("421 4.3.2 shutting down"),
    REFUSES_FOR_NOW("450 4.2.0 not now"),
    REFUSES("550 5.1.1 no"),
    TALKS_NONSENSE("HTTP/1.1 200 OK"),
    SAYS_HALF,
    SAYS_TOO_MUCH,
    SAYS_NOTHING;

    private final String reply;

    Misbehaviour() {
      this("");
    }

    Misbehaviour(String reply) {
      this.reply = reply;
    }
  }

  final Step step;
  final Misbehaviour misbehaviour;

  /// How often the server has said 250 to the end of a message, by recipient.
  final Map<String, AtomicInteger> taken = new ConcurrentHashMap<>();

  private final ServerSocket server;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  private MisbehavingServer(ServerSocket server, Step step, Misbehaviour misbehaviour) {
    this.server = server;
    this.step = step;
    this.misbehaviour = misbehaviour;
  }

  static MisbehavingServer start(Step step, Misbehaviour misbehaviour) throws IOException {
    var server =
        new MisbehavingServer(
            new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")), step, misbehaviour);
    Acceptor.start(server.server, server::serve);
    return server;
  }

  int port() {
    return server.getLocalPort();
  }

  /// The domain that it is the next hop of.
  String domain() {
    return (step + "-" + misbehaviour).toLowerCase(Locale.ROOT).replace('_', '-') + ".example";
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void serve(Socket socket) {
    open.add(socket);
    try (socket) {
      new Session(socket, connections.incrementAndGet() == 1).run();
    } catch (IOException e) {
      // the client went away, or we did: what was not answered was not taken
    } finally {
      open.remove(socket);
    }
  }

  private final class Session {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final List<String> recipients = new ArrayList<>();
    private boolean misbehaves;
    private boolean begun;
    private int asked;

    Session(Socket socket, boolean misbehaves) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
      this.out = socket.getOutputStream();
      this.misbehaves = misbehaves;
    }

    void run() throws IOException {
      say(Step.GREETING, "220 sink.example ESMTP");
      while (true) {
        String line = line().strip();
        switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
          case "EHLO" -> say(Step.EHLO, "250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME");
          case "MAIL" -> {
            asked = 0;
            recipients.clear();
            begun = say(Step.MAIL, "250 2.1.0 Ok");
          }
          case "RCPT" -> {
            if (!begun) {
              say("503 5.5.1 MAIL first");
              continue;
            }
            asked++;
            Step at = asked == 1 ? Step.FIRST_RCPT : asked == 2 ? Step.SECOND_RCPT : null;
            if (at == null || say(at, "250 2.1.5 Ok")) {
              recipients.add(line.substring(line.indexOf('<') + 1, line.indexOf('>')));
            }
            if (at == null) {
              say("250 2.1.5 Ok");
            }
          }
          case "DATA" -> {
            if (recipients.isEmpty()) {
              say("554 5.5.1 no valid recipients");
            } else if (say(Step.DATA, "354 go")) {
              message();
              // who says 250, however little comes after it, has taken the message
              boolean half =
                  step == Step.DOT && misbehaves && misbehaviour == Misbehaviour.SAYS_HALF;
              if (half) {
                take();
              }
              if (say(Step.DOT, "250 2.0.0 Ok")) {
                take();
              }
            }
          }
          case "QUIT" -> {
            say(Step.QUIT, "221 2.0.0 Bye");
            return;
          }
          default -> say("250 2.0.0 Ok");
        }
      }
    }

    private void take() {
      recipients.forEach(
          to -> taken.computeIfAbsent(to, _ -> new AtomicInteger()).incrementAndGet());
    }

    /// Whether it was the proper reply, or begins with it.
    private boolean say(Step at, String proper) throws IOException {
      if (at != step || !misbehaves) {
        say(proper);
        return true;
      }
      misbehaves = false;
      switch (misbehaviour) {
        case CLOSES -> throw new IOException("closed");
        case RESETS -> {
          socket.setSoLinger(true, 0);
          throw new IOException("reset");
        }
        case SAYS_HALF -> {
          out.write(proper.substring(0, 5).getBytes(StandardCharsets.US_ASCII));
          throw new IOException("closed");
        }
        case SAYS_TOO_MUCH -> {
          say(proper + "\r\n250 2.0.0 and more");
          return true;
        }
        case SAYS_NOTHING -> in.transferTo(OutputStream.nullOutputStream());
        case SHUTS_DOWN -> {
          say(misbehaviour.reply);
          throw new IOException("closed");
        }
        case REFUSES_FOR_NOW, REFUSES, TALKS_NONSENSE -> say(misbehaviour.reply);
      }
      return false;
    }

    private void say(String text) throws IOException {
      out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }

    private void message() throws IOException {
      while (!line().equals(".\r\n")) {
        // only who gets it counts
      }
    }

    private String line() throws IOException {
      var line = new ByteArrayOutputStream(100);
      int c;
      do {
        c = in.read();
        if (c < 0) {
          throw new IOException("the client went away");
        }
        line.write(c);
      } while (c != '\n');
      return line.toString(StandardCharsets.ISO_8859_1);
    }
  }
}
