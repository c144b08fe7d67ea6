package org.caravanmta.dns;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.Ports;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A real name server (RFC 1035) for tests, on a loopback port over UDP and TCP, that answers from
/// the text of a zone. Names it does not hold are NXDOMAIN; it can be told to fail or fall silent,
/// for all names or for one.
public final class ZoneServer implements AutoCloseable {
  private enum Mood {
    ANSWERING,
    FAILING,
    SILENT
  }

  private final DatagramSocket datagrams;
  private final ServerSocket streams;
  private final Name origin;
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lost = new AtomicInteger();
  private final Thread reader = Thread.ofVirtual().unstarted(this::serveDatagrams);
  private volatile List<Record> records;
  private volatile Mood mood = Mood.ANSWERING;
  private volatile boolean validated;
  private volatile boolean extensions = true;

  private ZoneServer(List<Record> records, Name origin) throws IOException {
    this.records = records;
    this.origin = origin;
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    ServerSocket bound = null;
    DatagramSocket same = null;
    while (bound == null) {
      // not one that the system gives to others once it is closed
      int port = Ports.free();
      try {
        same = new DatagramSocket(port, loopback);
        bound = new ServerSocket(port, 50, loopback);
      } catch (BindException e) {
        if (same != null) {
          same.close(); // the same number is taken for TCP: another
        }
      }
    }
    this.datagrams = Objects.requireNonNull(same);
    this.streams = bound;
  }

  /// @param zone master file lines (RFC 1035 §5); relative names are below `origin`, absolute ones
  ///   may be anywhere; the time to live is 0 where none is given
  public static ZoneServer start(String zone, String origin) {
    try {
      Name name = Name.fromString(origin, Name.root);
      var server = new ZoneServer(parse(zone, name), name);
      server.reader.start();
      Thread.startVirtualThread(server::serveStreams);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return datagrams.getLocalPort();
  }

  /// As `dns.servers` has it: `127.0.0.1:PORT`.
  public String address() {
    return "127.0.0.1:" + port();
  }

  /// The questions so far, `name TYPE`, in order.
  public List<String> questions() {
    return List.copyOf(questions);
  }

  /// From now on, other records.
  public void zone(String zone) {
    try {
      records = parse(zone, origin);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// From now on, SERVFAIL.
  public void fail() {
    mood = Mood.FAILING;
  }

  /// From now on, SERVFAIL for this name.
  public void fail(String name) {
    failing.add(name.toLowerCase(Locale.ROOT));
  }

  /// The next questions that come in datagrams are lost on their way.
  public void lose(int datagrams) {
    lost.set(datagrams);
  }

  /// From now on, no answer at all.
  public void silence() {
    mood = Mood.SILENT;
  }

  /// From now on, answers again.
  public void answer() {
    mood = Mood.ANSWERING;
    failing.clear();
  }

  /// From now on, says of every answer that it has been validated.
  public void validated() {
    validated = true;
  }

  /// From now on, says so of none.
  public void validatesNot() {
    validated = false;
  }

  /// From now on, refuses what has an EDNS option, and answers with at most 512 bytes by UDP (RFC
  /// 1035 §4.2.1).
  public void withoutExtensions() {
    extensions = false;
  }

  /// The port is free afterwards, which it is only when nobody reads from it any more.
  @Override
  public void close() {
    datagrams.close();
    try {
      streams.close();
      reader.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Record> parse(String zone, Name origin) throws IOException {
    var parsed = new ArrayList<Record>();
    var in = new ByteArrayInputStream(zone.stripIndent().getBytes(StandardCharsets.UTF_8));
    try (var master = new Master(in, origin, 0)) {
      for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
        parsed.add(record);
      }
    }
    return List.copyOf(parsed);
  }

  private void serveDatagrams() {
    byte[] buffer = new byte[4096];
    while (!datagrams.isClosed()) {
      var packet = new DatagramPacket(buffer, buffer.length);
      try {
        datagrams.receive(packet);
        if (lost.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          continue;
        }
        var query = new Message(ByteBuffer.wrap(buffer, 0, packet.getLength()));
        var answer = reply(query);
        if (answer.isPresent()) {
          byte[] bytes = answer.get().toWire(extensions ? 1232 : 512);
          datagrams.send(
              new DatagramPacket(
                  bytes, bytes.length, (InetSocketAddress) packet.getSocketAddress()));
        }
      } catch (IOException e) {
        // closed, or not a question
      }
    }
  }

  private void serveStreams() {
    while (!streams.isClosed()) {
      try {
        Socket socket = streams.accept();
        Thread.startVirtualThread(() -> serve(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        var in = new DataInputStream(socket.getInputStream())) {
      while (true) {
        byte[] question = in.readNBytes(in.readUnsignedShort());
        var answer = reply(new Message(question));
        if (answer.isPresent()) {
          byte[] bytes = answer.get().toWire();
          var framed = ByteBuffer.allocate(bytes.length + 2).putShort((short) bytes.length);
          socket.getOutputStream().write(framed.put(bytes).array());
        }
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  private Optional<Message> reply(Message query) {
    Record question = query.getQuestion();
    String name = question.getName().toString(true).toLowerCase(Locale.ROOT);
    questions.add(name + " " + Type.string(question.getType()));
    var answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.AA);
    answer.getHeader().setFlag(Flags.RA);
    answer.addRecord(question, Section.QUESTION);
    if (validated) {
      answer.getHeader().setFlag(Flags.AD);
    }
    if (!extensions && query.getOPT() != null) {
      answer.getHeader().setRcode(Rcode.FORMERR);
      return Optional.of(answer);
    }
    return switch (mood) {
      case SILENT -> Optional.empty();
      case FAILING -> Optional.of(failed(answer));
      case ANSWERING ->
          Optional.of(failing.contains(name) ? failed(answer) : answered(answer, question));
    };
  }

  private static Message failed(Message answer) {
    answer.getHeader().setRcode(Rcode.SERVFAIL);
    return answer;
  }

  private Message answered(Message answer, Record question) {
    Name name = question.getName();
    for (int links = 0; links < 8; links++) {
      Name asked = name;
      List<Record> held = records.stream().filter(r -> r.getName().equals(asked)).toList();
      held.stream()
          .filter(r -> r.getType() == question.getType())
          .forEach(r -> answer.addRecord(r, Section.ANSWER));
      if (held.size() == 1
          && held.getFirst() instanceof CNAMERecord alias
          && question.getType() != Type.CNAME) {
        answer.addRecord(alias, Section.ANSWER);
        name = alias.getTarget();
        continue;
      }
      if (held.isEmpty() && records.stream().noneMatch(r -> r.getName().subdomain(asked))) {
        answer.getHeader().setRcode(Rcode.NXDOMAIN);
      }
      break;
    }
    if (answer.getSection(Section.ANSWER).stream()
        .noneMatch(r -> r.getType() == question.getType())) {
      answer.addRecord(
          new SOARecord(origin, DClass.IN, 0, origin, origin, 1, 3600, 600, 86400, 0),
          Section.AUTHORITY);
    }
    return answer;
  }
}
