package org.caravanmta.cluster.link;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/// An open connection to another node of the cluster, whose two ends have proved who they are. One
/// thread at a time may read, and one may write.
public final class NodeLink implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final Socket socket;
  private final String peer;
  private final DataInputStream in;
  private final DataOutputStream out;

  /// @param socket below TLS: closing that waits for nobody
  NodeLink(Socket socket, String peer, DataInputStream in, DataOutputStream out) {
    this.socket = socket;
    this.peer = peer;
    this.in = in;
    this.out = out;
  }

  static DataInputStream reading(Socket socket) throws IOException {
    return new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
  }

  static DataOutputStream writing(Socket socket) throws IOException {
    return new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER));
  }

  /// The name of the node at the other end.
  public String peer() {
    return peer;
  }

  public DataInputStream in() {
    return in;
  }

  public DataOutputStream out() {
    return out;
  }

  /// How long a read waits for the other side.
  public void setPatience(Duration patience) throws IOException {
    socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
  }

  /// Ends it at once; whoever reads or writes gets an exception.
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }
}
