package org.caravanmta.sasl.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// A login by access token: OAUTHBEARER (RFC 7628 §3), or XOAUTH2, the older form of Google and
/// Microsoft. A server that does not take the token says why in a challenge, and refuses the login
/// when that was answered (RFC 7628 §3.2.3).
final class BearerClient implements ClientMechanism {
  static final String NAME = "OAUTHBEARER";
  static final String OLD_NAME = "XOAUTH2";

  /// The better one first.
  static final List<String> NAMES = List.of(NAME, OLD_NAME);

  private static final char END = '\u0001';

  private final boolean old;
  private final String response;
  private boolean asked;

  /// @param host of the server, as the client knows it
  /// @param port of the server; absent for a UNIX-domain socket
  BearerClient(String name, String user, String token, String host, Optional<Integer> port) {
    this.old = name.equals(OLD_NAME);
    this.response =
        old
            ? "user=" + user + END + "auth=Bearer " + token + END + END
            : ("n,a=" + ScramClient.escaped(user) + "," + END)
                + ("host=" + host + END)
                + port.map(number -> "port=" + number + END).orElse("")
                + ("auth=Bearer " + token + END + END);
  }

  @Override
  public Optional<byte[]> initial() {
    return Optional.of(response.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public byte[] respond(byte[] challenge) throws WrongChallenge {
    if (asked) {
      throw new WrongChallenge("a second challenge for a token");
    }
    asked = true;
    return old ? new byte[0] : new byte[] {END};
  }
}
