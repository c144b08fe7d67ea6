package org.caravanmta.sasl.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A login by SCRAM-SHA-256 (RFC 5802 §5, RFC 7677): the client proves that it knows the password
/// without sending it, and we prove that we have its keys. With `-PLUS` the login is bound to the
/// TLS channel (RFC 5802 §6).
final class Scram implements Exchange {
  static final String NAME = "SCRAM-SHA-256";
  static final String PLUS = "SCRAM-SHA-256-PLUS";

  private static final LoginStep MALFORMED = new LoginStep.Failure("malformed response", "");
  private static final SecureRandom RANDOM = new SecureRandom();

  /// Makes salts for users that do not exist: the same for each user every time, as if the user
  /// existed.
  private static final byte[] SECRET = RANDOM.generateSeed(32);

  /// Which message comes next.
  private enum State {
    /// The client-first-message.
    FIRST,
    /// The client-final-message.
    FINAL,
    /// An empty response to our server-final-message.
    OVER
  }

  private final Accounts accounts;
  private final LoginChannel channel;
  private final boolean plus;
  private final boolean plusOffered;
  private State state = State.FIRST;
  private String user = "";
  private String nonce = "";
  private String header = "";
  private String firstMessages = "";
  private byte[] binding = new byte[0];

  /// Null for a user that does not exist or has no keys.
  private @Nullable ScramKeys keys;

  private boolean proven;

  /// @param plus whether the client has chosen the mechanism with channel binding
  /// @param plusOffered whether we offered that one: a client that says we did not has been talking
  ///   to somebody in between
  Scram(Accounts accounts, LoginChannel channel, boolean plus, boolean plusOffered) {
    this.accounts = accounts;
    this.channel = channel;
    this.plus = plus;
    this.plusOffered = plusOffered;
  }

  @Override
  public LoginStep next(byte[] response) {
    Optional<String> text = PasswordMechanisms.utf8(response);
    return switch (state) {
      case FIRST -> text.map(this::first).orElse(MALFORMED);
      case FINAL -> text.map(this::last).orElse(MALFORMED);
      case OVER -> response.length == 0 && proven ? new LoginStep.Success(user) : MALFORMED;
    };
  }

  /// Takes the client-first-message, `n,,n=user,r=nonce`: the channel binding, the user, and the
  /// client's part of the nonce.
  private LoginStep first(String message) {
    int comma = message.indexOf(',');
    int second = comma < 0 ? -1 : message.indexOf(',', comma + 1);
    if (second < 0) {
      return MALFORMED;
    }
    String flag = message.substring(0, comma);
    String authzid = message.substring(comma + 1, second);
    header = message.substring(0, second + 1);
    String bare = message.substring(second + 1);
    Map<String, String> values = values(bare);
    String clientNonce = values.getOrDefault("r", "");
    String name = name(values.getOrDefault("n", ""));
    if (!bare.startsWith("n=")
        || name.isEmpty()
        || PasswordMechanisms.hasControl(name)
        || clientNonce.isEmpty()) {
      return MALFORMED;
    }
    if (!authzid.isEmpty() && !authzid.equals("a=" + values.get("n"))) {
      return new LoginStep.Failure("not allowed to act for another user", name);
    }
    Optional<LoginStep> wrong = bind(flag);
    if (wrong.isPresent()) {
      return wrong.get();
    }
    user = name;
    switch (accounts.keys(name)) {
      case Accounts.Keys.Unavailable(String why) -> {
        return new LoginStep.Unavailable(why);
      }
      case Accounts.Keys.Found(ScramKeys found) -> keys = found;
      case Accounts.Keys.Absent() -> keys = null;
    }
    byte[] salt = keys == null ? Arrays.copyOf(ScramKeys.hmac(SECRET, name), 16) : keys.salt();
    int iterations = keys == null ? ScramKeys.LEAST_ITERATIONS : keys.iterations();
    byte[] ours = new byte[18];
    RANDOM.nextBytes(ours);
    nonce = clientNonce + Base64.getEncoder().encodeToString(ours);
    String challenge = "r=" + nonce + ",s=" + base64(salt) + ",i=" + iterations;
    firstMessages = bare + "," + challenge;
    state = State.FINAL;
    return challenge(challenge);
  }

  /// Takes the client-final-message, `c=biws,r=nonce,p=proof`: the channel binding again, the whole
  /// nonce, and the proof, which covers all messages.
  private LoginStep last(String message) {
    Map<String, String> values = values(message);
    int end = message.lastIndexOf(",p=");
    if (end < 0) {
      return MALFORMED;
    }
    byte[] expected = concat(header.getBytes(StandardCharsets.UTF_8), binding);
    byte[] bound;
    byte[] proof;
    try {
      bound = Base64.getDecoder().decode(values.getOrDefault("c", ""));
      proof = Base64.getDecoder().decode(values.getOrDefault("p", ""));
    } catch (IllegalArgumentException e) {
      return MALFORMED;
    }
    String signed = firstMessages + "," + message.substring(0, end);
    state = State.OVER;
    if (!nonce.equals(values.get("r"))) {
      return new LoginStep.Failure("wrong nonce", user);
    }
    if (!MessageDigest.isEqual(expected, bound)) {
      return new LoginStep.Failure("bound to another channel", user);
    }
    if (keys == null || !keys.proves(proof, signed)) {
      return new LoginStep.Failure(
          keys == null ? "no such user, or no keys" : "wrong password", user);
    }
    proven = true;
    accounts.proven(user);
    return challenge("v=" + base64(keys.signature(signed)));
  }

  /// Takes the client's flag for channel binding (RFC 5802 §6): `n` if it cannot, `y` if it could
  /// but thinks that we cannot, `p=TYPE` if it does.
  ///
  /// @return the failure; empty if the flag is right
  private Optional<LoginStep> bind(String flag) {
    if (flag.startsWith("p=")) {
      byte[] bytes = channel.bindings().get(flag.substring(2));
      if (!plus || bytes == null) {
        return Optional.of(new LoginStep.Failure("no channel binding of this kind", ""));
      }
      binding = bytes;
      return Optional.empty();
    }
    if (plus || !flag.equals("n") && !flag.equals("y")) {
      return Optional.of(MALFORMED);
    }
    return flag.equals("y") && plusOffered
        ? Optional.of(new LoginStep.Failure("channel binding was offered, and taken away", ""))
        : Optional.empty();
  }

  /// The attributes of a message by their letter; the first counts if one is repeated.
  private static Map<String, String> values(String message) {
    var values = new HashMap<String, String>();
    for (String part : message.split(",", -1)) {
      if (part.length() > 1 && part.charAt(1) == '=') {
        values.putIfAbsent(part.substring(0, 1), part.substring(2));
      }
    }
    return values;
  }

  /// Decodes a user's name, in which comma and equals sign are `=2C` and `=3D`; empty if it is not
  /// valid.
  private static String name(String sent) {
    return sent.replace("=2C", "").replace("=3D", "").contains("=")
        ? ""
        : sent.replace("=2C", ",").replace("=3D", "=");
  }

  private static LoginStep challenge(String text) {
    return new LoginStep.Challenge(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] concat(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
