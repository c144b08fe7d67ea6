package org.caravanmta.cluster.link;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.caravanmta.message.Printable;
import org.caravanmta.port.OpenPort;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the other nodes of the cluster connect to this one (`cluster.address`). Each connection
/// has a virtual thread.
public final class LinkServer implements AutoCloseable {
  /// What every connection begins with, and the version of what follows.
  static final int MAGIC = 0x43525643;

  static final short VERSION = 1;

  private static final Logger LOG = LoggerFactory.getLogger(LinkServer.class);

  /// How long a newcomer may take to prove who it is.
  private static final Duration TO_GREET = Duration.ofSeconds(5);

  private static final int MOST_SILENT = 64;

  /// Serves one connection until it ends.
  public interface Service {
    void serve(NodeLink link) throws IOException;
  }

  private final LinkSecret secret;
  private final SSLContext tls;
  private final ServerSocket listener;
  private final Map<String, Service> services = new ConcurrentHashMap<>();
  private final OpenPort open;

  /// Listens from now on.
  ///
  /// @throws IOException names the address if it cannot be listened on
  public LinkServer(InetSocketAddress address, LinkSecret secret) throws IOException {
    this.secret = secret;
    this.listener = new ServerSocket();
    try {
      this.tls = LinkTls.server();
      listener.setReuseAddress(true);
      listener.bind(address);
    } catch (IOException e) {
      listener.close();
      throw new IOException(
          "cluster.address: %s cannot be listened on: %s".formatted(address, e.getMessage()), e);
    } catch (GeneralSecurityException e) {
      listener.close();
      throw new IOException("TLS between nodes cannot be set up: " + e.getMessage(), e);
    }
    this.open = new OpenPort("cluster", listener, MOST_SILENT, this::serve);
  }

  /// What a connection with that purpose is given to.
  public void offer(String purpose, Service service) {
    services.put(purpose, service);
  }

  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() {
    try {
      open.close();
    } catch (IOException e) {
      LOG.debug("cluster: {}", e.toString());
    }
  }

  private void serve(Socket connection, Runnable spoken) {
    try {
      connection.setTcpNoDelay(true);
      connection.setSoTimeout(Math.toIntExact(TO_GREET.toMillis()));
      var socket =
          (SSLSocket)
              tls.getSocketFactory().createSocket(connection, null, connection.getPort(), true);
      socket.setUseClientMode(false);
      socket.setSSLParameters(LinkTls.parameters());
      DataInputStream in = NodeLink.reading(socket);
      DataOutputStream out = NodeLink.writing(socket);
      LinkSecret.Greeting greeting = greet(socket, in, out);
      spoken.run();
      if (greeting != null) {
        connection.setSoTimeout(0);
        try (var link = new NodeLink(connection, greeting.client(), in, out)) {
          Objects.requireNonNull(services.get(greeting.purpose())).serve(link);
        }
      }
    } catch (IOException e) {
      LOG.debug("cluster: {}: {}", connection.getRemoteSocketAddress(), e.toString());
    } catch (RuntimeException e) {
      LOG.error("cluster: a connection from {} failed", connection.getRemoteSocketAddress(), e);
    }
  }

  /// @return null if the other side was sent away
  private LinkSecret.@Nullable Greeting greet(
      SSLSocket socket, DataInputStream in, DataOutputStream out) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("not a node of a cluster");
    }
    short version = in.readShort();
    String cluster = in.readUTF();
    String client = in.readUTF();
    String purpose = in.readUTF();
    byte[] nonce = in.readNBytes(LinkSecret.NONCE);
    var greeting =
        new LinkSecret.Greeting(client, secret.node(), purpose, nonce, LinkSecret.nonce());
    out.writeShort(VERSION);
    out.writeUTF(secret.node());
    out.write(greeting.serverNonce());
    byte[] certificate = socket.getSession().getLocalCertificates()[0].getPublicKey().getEncoded();
    out.write(secret.proof("server", greeting, certificate));
    out.flush();
    byte[] proof = in.readNBytes(LinkSecret.PROOF);
    String refusal = "";
    if (!cluster.equals(secret.cluster())
        || !MessageDigest.isEqual(proof, secret.proof("client", greeting, certificate))) {
      LOG.warn(
          "cluster: {} says that it is {} of the cluster {}, and does not know our secret",
          socket.getRemoteSocketAddress(),
          Printable.text(client),
          Printable.text(cluster));
      refusal = "the cluster or its secret is another: compare cluster.name and cluster.secret";
    } else if (client.equals(secret.node())) {
      refusal = "both are " + client + ": cluster.node must be another on each node";
    } else if (version < VERSION || !services.containsKey(purpose)) {
      refusal = "what is wanted is not known here (" + purpose + ", version " + version + ")";
    }
    out.writeUTF(refusal);
    out.flush();
    return refusal.isEmpty() ? greeting : null;
  }
}
