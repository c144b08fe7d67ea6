package org.caravanmta.sasl.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A login by bearer token: OAUTHBEARER (RFC 7628 §3), or XOAUTH2, the older form of Google and
/// Microsoft. A client whose token is not good is told so in a challenge, and its login fails when
/// it has responded to that (RFC 7628 §3.2.3).
final class Bearer implements Exchange {
  static final String NAME = "OAUTHBEARER";
  static final String OLD_NAME = "XOAUTH2";

  private static final LoginStep MALFORMED = new LoginStep.Failure("malformed response", "");
  private static final String AUTH = "auth=Bearer ";

  /// The end of the last key-value pair, and of the response.
  private static final String END = "\u0001\u0001";

  private final BearerTokens tokens;
  private final boolean old;
  private Optional<LoginStep> failure = Optional.empty();

  /// @param old whether the mechanism is XOAUTH2
  Bearer(BearerTokens tokens, boolean old) {
    this.tokens = tokens;
    this.old = old;
  }

  @Override
  public LoginStep next(byte[] response) {
    if (failure.isPresent()) {
      return failure.get();
    }
    Optional<String> text = PasswordMechanisms.utf8(response);
    if (text.isEmpty()) {
      return MALFORMED;
    }
    String[] parts = text.get().split("\u0001", -1);
    Optional<String> claimed = old ? after(parts[0], "user=") : authorizationUser(parts[0]);
    List<String> given =
        Arrays.stream(parts)
            .filter(part -> part.regionMatches(true, 0, AUTH, 0, AUTH.length()))
            .map(part -> part.substring(AUTH.length()).strip())
            .toList();
    if (claimed.isEmpty() || given.size() != 1 || !text.get().endsWith(END)) {
      return MALFORMED;
    }
    return switch (tokens.check(given.getFirst(), claimed.get())) {
      case CredentialCheck.Right(String user) -> new LoginStep.Success(user);
      case CredentialCheck.Unavailable(String why) -> new LoginStep.Unavailable(why);
      case CredentialCheck.Wrong(String why) -> {
        failure = Optional.of(new LoginStep.Failure(why, claimed.get()));
        String status =
            old ? "\"status\":\"401\",\"schemes\":\"bearer\"" : "\"status\":\"invalid_token\"";
        yield new LoginStep.Challenge(("{" + status + "}").getBytes(StandardCharsets.UTF_8));
      }
    };
  }

  /// The user to act for in a GS2 header, `n,a=user,` (RFC 5801 §4), which the token must name;
  /// empty text if the header names none, absent if it is not a header.
  private static Optional<String> authorizationUser(String header) {
    String[] parts = header.split(",", -1);
    if (parts.length != 3 || !parts[0].equals("n") && !parts[0].equals("y")) {
      return Optional.empty();
    }
    return parts[1].isEmpty()
        ? Optional.of("")
        : after(parts[1], "a=").map(name -> name.replace("=2C", ",").replace("=3D", "="));
  }

  /// The rest of a text after its start; absent if it starts differently.
  private static Optional<String> after(String text, String start) {
    return text.startsWith(start) ? Optional.of(text.substring(start.length())) : Optional.empty();
  }
}
