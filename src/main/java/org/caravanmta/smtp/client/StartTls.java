package org.caravanmta.smtp.client;

import java.io.IOException;
import java.util.Optional;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Unreachable.Insecure;
import org.caravanmta.tls.client.Proof;
import org.caravanmta.tls.client.SecureChannel;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsClient;
import org.caravanmta.tls.client.TlsPolicy;
import org.caravanmta.tls.client.TlsProblem;

/// Brings a connection into TLS as its policy wants: by STARTTLS (RFC 3207), or from the first byte
/// (RFC 8314 §3.3).
final class StartTls {
  private static final Status NOT_OFFERED = Status.of("4.7.4");

  private final Connection connection;
  private final TlsClient tls;
  private final TlsPolicy policy;

  StartTls(Connection connection, TlsClient tls, TlsPolicy policy) {
    this.connection = connection;
    this.tls = tls;
    this.policy = policy;
  }

  /// Asks for TLS, if it is wanted and offered.
  ///
  /// @return absent if the server is talked to in the clear, as it may be
  /// @throws Unreachable if it may not, or if the handshake fails
  Optional<SecureChannel> ask(Capabilities offered) throws IOException, Unreachable {
    if (policy.level() == SecurityLevel.NONE) {
      return Optional.empty();
    }
    if (!offered.startTls()) {
      return clear("was not offered by host " + peer().named(), Optional.empty());
    }
    connection.send("STARTTLS");
    connection.flush();
    Reply reply = connection.reply(tls.timeout());
    if (reply.code() / 100 != 2) {
      return clear(
          "host " + peer().named() + " refused to start TLS: " + reply, Optional.of(reply));
    }
    if (connection.spoken()) {
      // RFC 3207 §4: bytes from before the handshake may come from somebody in between
      throw failed("the server sent text in the clear after its reply to STARTTLS");
    }
    return Optional.of(begin());
  }

  /// Begins with the handshake.
  SecureChannel begin() throws Unreachable {
    SecureChannel channel;
    try {
      channel = connection.secure(tls, policy);
    } catch (IOException | RuntimeException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
    Proof proof = channel.proof();
    if (proof.problem().isPresent()) {
      String text =
          proof.problem().get() == TlsProblem.CERTIFICATE_NOT_TRUSTED
                  || proof.problem().get() == TlsProblem.CERTIFICATE_EXPIRED
              ? "Server certificate not trusted"
              : "Server certificate not verified";
      connection.send("QUIT");
      connection.flush();
      throw new Unreachable(
          Reason.of("4.7.5", text + detail(proof.why())),
          true,
          new Insecure(proof.problem().get(), proof.why(), false, connection.address()));
    }
    return channel;
  }

  private Optional<SecureChannel> clear(String why, Optional<Reply> reply) throws Unreachable {
    if (!policy.isMandatory()) {
      return Optional.empty();
    }
    var reason =
        new Reason(
            // the server may say more of it than we know
            reply.flatMap(Reply::status).filter(it -> it.digit() == 4).orElse(NOT_OFFERED),
            "TLS is required, but " + why,
            reply.map(_ -> peer().host()),
            reply.map(Reply::toString));
    throw new Unreachable(
        reason,
        true,
        new Insecure(
            TlsProblem.STARTTLS_NOT_SUPPORTED, reason.text(), false, connection.address()));
  }

  private Unreachable failed(String detail) {
    return new Unreachable(
        Reason.of("4.7.5", "Cannot start TLS: handshake failure" + detail(detail)),
        true,
        new Insecure(TlsProblem.VALIDATION_FAILURE, detail, true, connection.address()));
  }

  /// Whose fault it is, and which: the operator's lists show no more than the reason.
  private String detail(String why) {
    return ": " + peer().named() + (why.isEmpty() ? "" : ": " + why);
  }

  private Peer peer() {
    return connection.peer();
  }
}
