package org.caravanmta.reception;

import java.io.BufferedReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// A client that speaks TLS, and trusts everybody.
public final class TlsPeer implements AutoCloseable {
  private final Socket plain;
  private Socket socket;
  private byte[] held = {};
  private BufferedReader in;

  public TlsPeer(int port) throws IOException {
    plain =
        new Socket(InetAddress.getLoopbackAddress(), port) {
          @Override
          public OutputStream getOutputStream() throws IOException {
            return new Prefixed(super.getOutputStream());
          }
        };
    // no test waits for this unless it fails
    plain.setSoTimeout(60_000);
    use(plain);
  }

  /// Says EHLO and STARTTLS, and shakes hands.
  public static TlsPeer secured(int port) throws IOException {
    return secured(port, "TLSv1.3", "TLSv1.2");
  }

  public static TlsPeer secured(int port, String... protocols) throws IOException {
    var peer = new TlsPeer(port);
    peer.reply();
    peer.ask("EHLO client.example");
    peer.ask("STARTTLS");
    return peer.shakeHands(Optional.empty(), List.of(), protocols);
  }

  public TlsPeer shakeHands(Optional<String> host, List<KeyManager> keys, String... protocols)
      throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.toArray(KeyManager[]::new), new TrustManager[] {anybody()}, null);
      var tls = (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", 0, true);
      var parameters = tls.getSSLParameters();
      parameters.setProtocols(protocols);
      host.ifPresent(name -> parameters.setServerNames(List.of(new SNIHostName(name))));
      tls.setSSLParameters(parameters);
      tls.startHandshake();
      use(tls);
      return this;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Sends text in one packet with what is sent next.
  public void sendWithNext(String text) {
    held = text.getBytes(StandardCharsets.US_ASCII);
  }

  private final class Prefixed extends FilterOutputStream {
    Prefixed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      byte[] both = Arrays.copyOf(held, held.length + length);
      System.arraycopy(bytes, from, both, held.length, length);
      held = new byte[0];
      out.write(both);
    }
  }

  public String subject() throws IOException {
    var shown = (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    return shown.getSubjectX500Principal().getName();
  }

  public void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /// Sends a line and takes the last line of its reply.
  public String ask(String line) throws IOException {
    send(line + "\r\n");
    return reply().getLast();
  }

  /// The lines of the next reply.
  public List<String> reply() {
    var lines = new ArrayList<String>();
    try {
      String line;
      do {
        line = in.readLine();
        lines.add(line == null ? "(closed)" : line);
      } while (line != null && line.length() > 3 && line.charAt(3) == '-');
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Says that we send no more (RFC 8446 §6.1), and goes on reading.
  public void finish() throws IOException {
    socket.shutdownOutput();
  }

  private void use(Socket next) throws IOException {
    socket = next;
    in =
        new BufferedReader(new InputStreamReader(next.getInputStream(), StandardCharsets.US_ASCII));
  }

  private static X509TrustManager anybody() {
    return new X509TrustManager() {
      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type) {}

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type) {}

      @Override
      public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
      }
    };
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }
}
