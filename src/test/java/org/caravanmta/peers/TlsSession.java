package org.caravanmta.peers;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.caravanmta.peers.TlsSink.Taken;
import org.jspecify.annotations.Nullable;

/// One connection to a {@link TlsSink}.
final class TlsSession {
  private static final byte[] PROTOCOL_VERSION = {0x15, 3, 1, 0, 2, 2, 0x46};
  private static final int BUFFER = 64 * 1024;

  private final TlsSink sink;
  private final Conduct conduct;
  private final Socket plain;
  private InputStream in;
  private volatile OutputStream out;
  private volatile @Nullable SSLSocket secured;
  private String protocol = "";
  private String certificate = "";
  private String login = "";
  private final List<String> recipients = new ArrayList<>();

  TlsSession(TlsSink sink, Socket plain) throws IOException {
    this.sink = sink;
    this.conduct = sink.conduct;
    this.plain = plain;
    this.in = plain.getInputStream();
    this.out = plain.getOutputStream();
  }

  void run() throws IOException {
    if (conduct == Conduct.AT_ONCE) {
      handshake();
    }
    reply("220 sink.example ESMTP");
    String line = line();
    while (answered(line)) {
      line = line();
    }
  }

  /// Whether the session goes on.
  private boolean answered(String line) throws IOException {
    String verb = line.strip().split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
    boolean secret = !protocol.isEmpty();
    if (verb.equals("QUIT")) {
      if (conduct != Conduct.NO_CLOSE_NOTIFY) {
        reply("221 2.0.0 Bye");
        out.close();
      }
      return false;
    }
    if (verb.equals("EHLO") && secret && conduct == Conduct.CLOSES_AFTER_INNER_HELLO) {
      return false;
    }
    if (verb.equals("STARTTLS")) {
      return startTls();
    }
    if (conduct == Conduct.DEMANDS && !secret && !List.of("EHLO", "NOOP", "RSET").contains(verb)) {
      reply("530 5.7.0 Must issue a STARTTLS command first");
      return true;
    }
    if (verb.equals("MAIL")) {
      Optional<Farewell> end = sink.atMail();
      if (end.isPresent()) {
        leave(end.get());
        return false;
      }
    }
    switch (verb) {
      case "EHLO", "LHLO" -> reply(offers());
      case "AUTH" -> {
        login = line.strip().substring(5);
        reply("235 2.7.0 Authentication successful");
      }
      case "RCPT" -> {
        recipients.add(line.substring(line.indexOf('<') + 1, line.indexOf('>')));
        reply("250 2.1.5 Ok");
      }
      case "DATA" -> {
        reply("354 go");
        String message = message();
        if (conduct == Conduct.CUTS_AT_DOT) {
          return false;
        }
        recipients.forEach(
            to -> sink.taken.add(new Taken(to, protocol, certificate, login, message)));
        recipients.clear();
        reply("250 2.0.0 Ok");
      }
      default -> {
        recipients.clear();
        reply("250 2.0.0 Ok");
      }
    }
    return true;
  }

  /// Ends the connection.
  void leave(Farewell how) throws IOException {
    switch (how) {
      case CLOSE_NOTIFY -> {
        SSLSocket inside = secured;
        if (inside != null) {
          inside.shutdownOutput();
        }
      }
      case FIN -> plain.shutdownOutput();
      case RST -> {
        plain.setSoLinger(true, 0);
        plain.close();
      }
    }
  }

  private String offers() {
    if (conduct == Conduct.CHANGES_OFFERS) {
      return protocol.isEmpty()
          ? "250-sink.example\r\n250-PIPELINING\r\n250-SIZE 1\r\n250-8BITMIME\r\n250 STARTTLS"
          : "250-sink.example\r\n250 AUTH PLAIN";
    }
    String more = protocol.isEmpty() && conduct != Conduct.NO_TLS ? "250-STARTTLS\r\n" : "";
    return "250-sink.example\r\n" + more + "250-PIPELINING\r\n250 8BITMIME";
  }

  /// Whether the session goes on, inside TLS or without.
  private boolean startTls() throws IOException {
    switch (conduct) {
      case NO_TLS -> reply("502 5.5.1 Command not implemented");
      case REFUSES -> reply("454 4.7.0 TLS not available due to temporary reason");
      case REFUSES_FOR_GOOD -> reply("554 5.7.3 TLS not available");
      case CLOSES_AFTER_220 -> {
        reply("220 2.0.0 Ready to start TLS");
        return false;
      }
      case INJECTS -> {
        reply("220 2.0.0 Ready to start TLS\r\n250 2.0.0 injected");
        handshake();
      }
      default -> {
        reply("220 2.0.0 Ready to start TLS");
        return handshake();
      }
    }
    return true;
  }

  private boolean handshake() throws IOException {
    switch (conduct) {
      case CLOSES_IN_HANDSHAKE -> {
        readHello();
        return false;
      }
      case HANGS_IN_HANDSHAKE -> {
        readHello();
        in.transferTo(OutputStream.nullOutputStream());
        return false;
      }
      case OLD_VERSIONS -> {
        readHello();
        out.write(PROTOCOL_VERSION);
        return false;
      }
      default -> {
        // the session goes on inside
      }
    }
    ClientHello hello = ClientHello.read(in);
    sink.hellos.add(hello);
    var secured =
        (SSLSocket)
            sink.context
                .getSocketFactory()
                .createSocket(plain, new ByteArrayInputStream(hello.record()), true);
    if (!sink.groups.isEmpty()) {
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setNamedGroups(sink.groups.toArray(String[]::new));
      secured.setSSLParameters(parameters);
    }
    if (conduct == Conduct.NO_COMMON_CIPHER) {
      secured.setEnabledProtocols(new String[] {"TLSv1.2"});
      secured.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"});
    }
    secured.setNeedClientAuth(conduct == Conduct.WANTS_CERTIFICATE);
    secured.startHandshake();
    this.secured = secured;
    in = secured.getInputStream();
    // closing this says close_notify; leaving it and closing the connection does not
    out = secured.getOutputStream();
    protocol = secured.getSession().getProtocol();
    certificate = subject(secured);
    recipients.clear();
    return true;
  }

  private static String subject(SSLSocket secured) {
    try {
      return secured.getSession().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return "";
    }
  }

  /// At least the head of a record has come.
  private void readHello() throws IOException {
    if (in.read(new byte[BUFFER]) < 0) {
      throw new EOFException();
    }
  }

  private String message() throws IOException {
    var text = new StringBuilder();
    for (String line = line(); !line.equals(".\r\n"); line = line()) {
      text.append(line.startsWith(".") ? line.substring(1) : line);
    }
    return text.toString();
  }

  private void reply(String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /// With its end.
  private String line() throws IOException {
    var line = new ByteArrayOutputStream(100);
    int c;
    do {
      c = in.read();
      if (c < 0) {
        throw new EOFException();
      }
      line.write(c);
    } while (c != '\n');
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
