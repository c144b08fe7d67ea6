package org.caravanmta.cluster.link;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// Connects to other nodes of the cluster.
public final class LinkClient {
  private static final Duration TO_CONNECT = Duration.ofMillis(1500);
  private static final Duration TO_GREET = Duration.ofSeconds(3);

  private final LinkSecret secret;
  private final SSLContext tls;

  public LinkClient(LinkSecret secret) throws IOException {
    this.secret = secret;
    try {
      this.tls = LinkTls.client();
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS between nodes cannot be set up: " + e.getMessage(), e);
    }
  }

  /// Connects, and proves and is proved the secret.
  ///
  /// @param node whom we expect there
  /// @param purpose what the connection is for
  /// @throws IOException a sentence that names the node and its address
  public NodeLink connect(String node, InetSocketAddress address, String purpose)
      throws IOException {
    var plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.connect(resolved(address), Math.toIntExact(TO_CONNECT.toMillis()));
      plain.setSoTimeout(Math.toIntExact(TO_GREET.toMillis()));
      var socket =
          (SSLSocket)
              tls.getSocketFactory()
                  .createSocket(plain, address.getHostString(), address.getPort(), true);
      socket.setSSLParameters(LinkTls.parameters());
      socket.startHandshake();
      DataInputStream in = NodeLink.reading(socket);
      DataOutputStream out = NodeLink.writing(socket);
      greet(node, purpose, socket, in, out);
      plain.setSoTimeout(0);
      return new NodeLink(plain, node, in, out);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw new IOException(
          "node %s at %s:%d: %s"
              .formatted(node, address.getHostString(), address.getPort(), e.getMessage()),
          e);
    }
  }

  /// Nodes may move to other addresses while this one runs.
  private static InetSocketAddress resolved(InetSocketAddress address) {
    return new InetSocketAddress(address.getHostString(), address.getPort());
  }

  private void greet(
      String node, String purpose, SSLSocket socket, DataInputStream in, DataOutputStream out)
      throws IOException {
    byte[] nonce = LinkSecret.nonce();
    out.writeInt(LinkServer.MAGIC);
    out.writeShort(LinkServer.VERSION);
    out.writeUTF(secret.cluster());
    out.writeUTF(secret.node());
    out.writeUTF(purpose);
    out.write(nonce);
    out.flush();
    short version = in.readShort();
    String server = in.readUTF();
    var greeting =
        new LinkSecret.Greeting(
            secret.node(), server, purpose, nonce, in.readNBytes(LinkSecret.NONCE));
    byte[] proof = in.readNBytes(LinkSecret.PROOF);
    byte[] certificate = socket.getSession().getPeerCertificates()[0].getPublicKey().getEncoded();
    boolean knows = MessageDigest.isEqual(proof, secret.proof("server", greeting, certificate));
    // whoever does not know the secret learns nothing from ours
    out.write(knows ? secret.proof("client", greeting, certificate) : new byte[LinkSecret.PROOF]);
    out.flush();
    String refusal = in.readUTF();
    if (!refusal.isEmpty()) {
      throw new IOException(refusal);
    }
    if (!knows || version < LinkServer.VERSION) {
      throw new IOException("it does not know the secret of the cluster");
    }
    if (!server.equals(node)) {
      throw new IOException("it is " + server);
    }
  }
}
