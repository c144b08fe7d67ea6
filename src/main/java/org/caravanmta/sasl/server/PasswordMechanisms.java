package org.caravanmta.sasl.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The mechanisms that send the password itself: PLAIN (RFC 4616), and LOGIN, which is older and in
/// no RFC.
final class PasswordMechanisms {
  private static final byte[] USERNAME = "Username:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PASSWORD = "Password:".getBytes(StandardCharsets.US_ASCII);
  private static final LoginStep MALFORMED = new LoginStep.Failure("malformed response", "");

  private PasswordMechanisms() {}

  /// PLAIN: one response with the user to act for, the user, and the password, separated by NUL
  /// (RFC 4616 §2).
  static Exchange plain(Accounts accounts) {
    return response -> {
      Optional<String> text = utf8(response);
      String[] parts = text.orElse("").split("\0", -1);
      if (parts.length != 3 || parts[1].isEmpty()) {
        return MALFORMED;
      }
      if (!parts[0].isEmpty() && !parts[0].equals(parts[1])) {
        return new LoginStep.Failure("not allowed to act for another user", parts[1]);
      }
      return check(accounts, parts[1], parts[2]);
    };
  }

  /// LOGIN: two responses with the user and the password.
  static Exchange login(Accounts accounts) {
    return new Exchange() {
      private @Nullable String user;

      @Override
      public LoginStep first(Optional<byte[]> initial) {
        return initial.map(this::next).orElseGet(() -> new LoginStep.Challenge(USERNAME));
      }

      @Override
      public LoginStep next(byte[] response) {
        Optional<String> text = utf8(response);
        if (text.isEmpty() || user == null && text.get().isEmpty()) {
          return MALFORMED;
        }
        if (user == null) {
          user = text.get();
          return new LoginStep.Challenge(PASSWORD);
        }
        return check(accounts, user, text.get());
      }
    };
  }

  private static LoginStep check(Accounts accounts, String user, String password) {
    return hasControl(user) ? MALFORMED : step(accounts.check(user, password), user);
  }

  /// The step that follows a check.
  ///
  /// @param claimed the user that the client claimed to be
  static LoginStep step(CredentialCheck check, String claimed) {
    return switch (check) {
      case CredentialCheck.Right(String user) -> new LoginStep.Success(user);
      case CredentialCheck.Wrong(String why) -> new LoginStep.Failure(why, claimed);
      case CredentialCheck.Unavailable(String why) -> new LoginStep.Unavailable(why);
    };
  }

  /// Whether a text has a control character, which no user's name may have.
  static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  /// Decodes UTF-8; empty if it is not valid.
  static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
