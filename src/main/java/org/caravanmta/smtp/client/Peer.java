package org.caravanmta.smtp.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.address.Literals;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.Reply;

/// A server at one of its addresses, with the words in which the log and reports tell what it did.
///
/// @param host the name by which it was found: an MX host, or a host named by the next hop
/// @param address an IP address and port, or a UNIX-domain socket
public record Peer(String host, SocketAddress address) {
  /// The server without its port: `host[address]`, `host[/run/lmtp]`.
  String named() {
    return host + "[" + ip().map(Literals::text).orElseGet(address::toString) + "]";
  }

  /// The IP address; empty for a UNIX-domain socket.
  public Optional<InetAddress> ip() {
    return address instanceof InetSocketAddress inet
        ? Optional.of(inet.getAddress())
        : Optional.empty();
  }

  /// The port; empty for a UNIX-domain socket.
  public OptionalInt port() {
    return address instanceof InetSocketAddress inet
        ? OptionalInt.of(inet.getPort())
        : OptionalInt.empty();
  }

  /// The server whatever its address: `mx.example:25`. Accounts are the same at all its addresses.
  public String service() {
    return host + (port().isPresent() ? ":" + port().getAsInt() : "");
  }

  /// The server as `relay=` of a log line names it: `host[address]:port`.
  @Override
  public String toString() {
    return port().isPresent() ? named() + ":" + port().getAsInt() : named();
  }

  /// The server did not take the connection.
  Reason unreachable(IOException why) {
    String text =
        why instanceof SocketTimeoutException
            ? "Connection timed out"
            : Optional.ofNullable(why.getMessage()).orElse("Connection failed");
    return Reason.of("4.4.1", "connect to " + this + ": " + text);
  }

  /// The server did not greet us, or refused our EHLO.
  Reason refusedToTalk(Reply reply) {
    return reason(reply, "host " + named() + " refused to talk to me: " + reply);
  }

  /// The server did not answer in time.
  ///
  /// @param stage what we were doing: `sending RCPT TO`
  Reason timedOut(String stage) {
    return Reason.of("4.4.2", "conversation with " + named() + " timed out while " + stage);
  }

  /// The server closed the connection, or the network lost it.
  Reason lost(String stage) {
    return Reason.of("4.4.2", "lost connection with " + named() + " while " + stage);
  }

  /// What the server sent was not a reply.
  Reason garbled(String what, String stage) {
    return Reason.of("4.5.0", "Protocol error: host " + named() + " while " + stage + ": " + what);
  }

  /// The server has taken responsibility for the message (RFC 5321 §6.1).
  Attempt.Delivered delivered(Reply reply) {
    return new Attempt.Delivered(reply.toString(), toString());
  }

  /// The outcome of a reply other than the expected one. A positive reply is not a refusal: the
  /// server is confused, and the message is deferred. A code above 599 counts as a permanent
  /// refusal, as in postfix `smtp(8)`.
  Attempt refusal(Reply reply, String command) {
    String said = refusalText(reply, command);
    if (reply.code() > 599) {
      return new Attempt.Failed(
          new Reason(
              Status.of("5.5.0"),
              "Protocol error: " + said,
              Optional.of(host),
              Optional.of(reply.toString())));
    }
    if (reply.permanentFailure()) {
      return new Attempt.Failed(reason(reply, said));
    }
    return new Attempt.Deferred(
        reply.transientFailure()
            ? reason(reply, said)
            : Reason.of("4.5.0", "Protocol error: " + said));
  }

  /// A refusal that is deferred whatever its code says.
  Attempt.Deferred notNow(Reply reply, String command) {
    return new Attempt.Deferred(reason(reply, refusalText(reply, command)).softened());
  }

  private String refusalText(Reply reply, String command) {
    return "host " + named() + " said: " + reply + " (in reply to " + command + " command)";
  }

  /// The reason with the status of the reply, or with `4.0.0` or `5.0.0` if it has none of the
  /// right class.
  private Reason reason(Reply reply, String text) {
    int digit = reply.permanentFailure() ? 5 : 4;
    Status status = reply.status().filter(s -> s.digit() == digit).orElse(new Status(digit, 0, 0));
    return new Reason(status, text, Optional.of(host), Optional.of(reply.toString()));
  }
}
