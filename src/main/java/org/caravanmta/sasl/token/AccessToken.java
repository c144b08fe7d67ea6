package org.caravanmta.sasl.token;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.config.Secret;

/// An access token (RFC 6749 §5.1), and what came with it.
///
/// @param expires absent if nobody said
/// @param refresh the refresh token that takes the place of the one before
/// @param refreshExpires when the refresh token does, as some endpoints say it
record AccessToken(
    Secret text,
    Optional<Instant> expires,
    Optional<Secret> refresh,
    Optional<Instant> refreshExpires) {
  /// Longer than any token.
  static final int MOST_BYTES = 64 * 1024;

  /// Reads what a file has or a program prints: the token alone, or a JSON object as a token
  /// endpoint answers, where `expiry` may say in seconds since 1970 when it expires.
  ///
  /// @throws TokenTrouble if there is none
  static AccessToken read(String text, Instant now) throws TokenTrouble {
    String stripped = text.strip();
    if (stripped.startsWith("{")) {
      return json(stripped, now);
    }
    return new AccessToken(token(stripped), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// Reads the answer of a token endpoint.
  ///
  /// @throws TokenTrouble if it has no token
  static AccessToken json(String text, Instant now) throws TokenTrouble {
    Map<String, Object> object = object(text);
    return new AccessToken(
        token(String.valueOf(object.getOrDefault("access_token", ""))),
        in(object, "expires_in", now)
            .or(() -> number(object, "expiry").map(Instant::ofEpochSecond)),
        Optional.ofNullable(object.get("refresh_token"))
            .filter(String.class::isInstance)
            .map(refresh -> new Secret(refresh.toString())),
        in(object, "refresh_token_expires_in", now));
  }

  /// @throws TokenTrouble if it is not a JSON object
  static Map<String, Object> object(String text) throws TokenTrouble {
    try {
      return JSONObjectUtils.parse(text);
    } catch (ParseException e) {
      // the message of the exception may have a part of the text in it
      throw TokenTrouble.passing("what came is not JSON");
    }
  }

  private static Secret token(String text) throws TokenTrouble {
    // RFC 6750 §2.1, and no control character that would end it in the login
    if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      throw TokenTrouble.passing("what came is not one token");
    }
    return new Secret(text);
  }

  private static Optional<Instant> in(Map<String, Object> object, String key, Instant now) {
    return number(object, key).filter(seconds -> seconds >= 0).map(now::plusSeconds);
  }

  /// Some say it as a text.
  private static Optional<Long> number(Map<String, Object> object, String key) {
    return Optional.ofNullable(object.get(key))
        .map(String::valueOf)
        .filter(text -> text.matches("[0-9]{1,12}(\\.0)?"))
        .map(text -> Long.parseLong(text.replace(".0", "")));
  }
}
