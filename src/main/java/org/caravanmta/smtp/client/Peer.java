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

/// A server under one of its addresses; knows how what it did is told in the log and in reports.
///
/// @param host the name by which it was found: an MX host, or what the next hop said
/// @param address of a port, or of a socket in the file system
public record Peer(String host, SocketAddress address) {
  /// `host[address]`, `host[/run/lmtp]`.
  String named() {
    return host + "[" + ip().map(Literals::text).orElseGet(address::toString) + "]";
  }

  /// Absent for a socket in the file system.
  public Optional<InetAddress> ip() {
    return address instanceof InetSocketAddress inet
        ? Optional.of(inet.getAddress())
        : Optional.empty();
  }

  /// Likewise.
  public OptionalInt port() {
    return address instanceof InetSocketAddress inet
        ? OptionalInt.of(inet.getPort())
        : OptionalInt.empty();
  }

  /// `host[address]:port`, the relay of a log line.
  @Override
  public String toString() {
    return port().isPresent() ? named() + ":" + port().getAsInt() : named();
  }

  Reason unreachable(IOException why) {
    String text =
        why instanceof SocketTimeoutException
            ? "Connection timed out"
            : Optional.ofNullable(why.getMessage()).orElse("Connection failed");
    return Reason.of("4.4.1", "connect to " + this + ": " + text);
  }

  /// The server's greeting or its reply to EHLO, when that was not what one hopes for.
  Reason refusedToTalk(Reply reply) {
    return reason(reply, "host " + named() + " refused to talk to me: " + reply);
  }

  Reason timedOut(String stage) {
    return Reason.of("4.4.2", "conversation with " + named() + " timed out while " + stage);
  }

  Reason lost(String stage) {
    return Reason.of("4.4.2", "lost connection with " + named() + " while " + stage);
  }

  Reason garbled(String what, String stage) {
    return Reason.of("4.5.0", "Protocol error: host " + named() + " while " + stage + ": " + what);
  }

  Attempt.Delivered delivered(Reply reply) {
    return new Attempt.Delivered(reply.toString(), toString());
  }

  /// What a reply other than the one hoped for comes to. A positive one is not a refusal: the
  /// server is confused, and is asked again later. One beyond all codes is a refusal (postfix
  /// `smtp(8)`).
  Attempt refusal(Reply reply, String command) {
    String said = said(reply, command);
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

  /// A refusal that does not hold for good, whatever its code says.
  Attempt.Deferred notNow(Reply reply, String command) {
    return new Attempt.Deferred(reason(reply, said(reply, command)).softened());
  }

  private String said(Reply reply, String command) {
    return "host " + named() + " said: " + reply + " (in reply to " + command + " command)";
  }

  private Reason reason(Reply reply, String text) {
    int digit = reply.permanentFailure() ? 5 : 4;
    Status status = reply.status().filter(s -> s.digit() == digit).orElse(new Status(digit, 0, 0));
    return new Reason(status, text, Optional.of(host), Optional.of(reply.toString()));
  }
}
