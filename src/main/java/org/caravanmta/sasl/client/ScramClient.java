package org.caravanmta.sasl.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// SCRAM (RFC 5802, RFC 7677): we prove that we know the password without sending it, and the
/// server proves that it has the keys made of it. With `-PLUS` the login is bound to the TLS
/// channel (RFC 5802 §6).
final class ScramClient implements ClientMechanism {
  static final String PREFIX = "SCRAM-";
  static final String PLUS = "-PLUS";

  /// The least that a server may ask for (RFC 7677 §4): with fewer, whoever pretends to be the
  /// server could guess the password from our proof.
  private static final int LEAST_ITERATIONS = 4096;

  /// More than any server asks for, and a few seconds' work.
  private static final int MOST_ITERATIONS = 10_000_000;

  private static final SecureRandom RANDOM = new SecureRandom();

  /// Which challenge comes next.
  private enum State {
    /// The server-first-message.
    FIRST,
    /// The server-final-message.
    FINAL,
    /// None.
    OVER
  }

  private final String hash;
  private final String password;
  private final Binding binding;
  private final String nonce;
  private final String bare;
  private State state = State.FIRST;
  private byte[] expected = new byte[0];
  private boolean proven;

  /// How a login is bound to its channel (RFC 5802 §6).
  ///
  /// @param flag `n` if we cannot, `y` if we could and the server does not offer it, `p=TYPE` if it
  ///   is
  /// @param data what it is bound to; empty unless the flag is `p=TYPE`
  record Binding(String flag, byte[] data) {
    static final Binding IMPOSSIBLE = new Binding("n", new byte[0]);
    static final Binding NOT_OFFERED = new Binding("y", new byte[0]);
  }

  /// @param hash `SHA-256`
  ScramClient(String hash, String user, String password, Binding binding) {
    this(hash, user, password, binding, nonce());
  }

  ScramClient(String hash, String user, String password, Binding binding, String nonce) {
    this.hash = hash;
    this.password = password;
    this.binding = binding;
    this.nonce = nonce;
    this.bare = "n=" + escaped(Saslprep.of(user)) + ",r=" + nonce;
  }

  @Override
  public Optional<byte[]> initial() {
    return Optional.of(utf8(header() + bare));
  }

  @Override
  public byte[] respond(byte[] challenge) throws WrongChallenge {
    String text = new String(challenge, StandardCharsets.UTF_8);
    return switch (state) {
      case FIRST -> first(text);
      case FINAL -> last(text);
      case OVER -> throw new WrongChallenge("a challenge after the end of SCRAM");
    };
  }

  @Override
  public boolean proven() {
    return proven;
  }

  /// A user's name in which commas and equals signs are encoded (RFC 5802 §5.1).
  static String escaped(String name) {
    return name.replace("=", "=3D").replace(",", "=2C");
  }

  private String header() {
    return binding.flag() + ",,";
  }

  /// Takes `r=nonce,s=salt,i=iterations`.
  private byte[] first(String challenge) throws WrongChallenge {
    String[] parts = challenge.split(",", -1);
    if (parts.length < 3
        || !parts[0].startsWith("r=" + nonce)
        || parts[0].length() == nonce.length() + 2) {
      // also if the first one is m=, which only a client that knows it may answer
      throw new WrongChallenge("SCRAM: the nonce is not made of ours");
    }
    byte[] salt = parts[1].startsWith("s=") ? base64(parts[1].substring(2)) : new byte[0];
    if (salt.length == 0 || !parts[2].matches("i=[1-9][0-9]{0,8}")) {
      throw new WrongChallenge("SCRAM: no salt or number of iterations");
    }
    int iterations = Integer.parseInt(parts[2].substring(2));
    if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
      throw new WrongChallenge("SCRAM: " + iterations + " iterations asked for");
    }
    byte[] covered = utf8(header());
    byte[] bound = Arrays.copyOf(covered, covered.length + binding.data().length);
    System.arraycopy(binding.data(), 0, bound, covered.length, binding.data().length);
    String withoutProof = "c=" + base64(bound) + "," + parts[0];
    String signed = bare + "," + challenge + "," + withoutProof;
    byte[] salted = keyed(utf8(Saslprep.of(password))).stretched(salt, iterations);
    byte[] proof = keyed(salted).of("Client Key");
    byte[] signature = keyed(digest(proof)).of(signed);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= signature[i];
    }
    expected = keyed(keyed(salted).of("Server Key")).of(signed);
    state = State.FINAL;
    return utf8(withoutProof + ",p=" + base64(proof));
  }

  /// Takes `v=signature`, or `e=error`, after which the server refuses the login.
  private byte[] last(String challenge) throws WrongChallenge {
    state = State.OVER;
    String first = challenge.split(",", 2)[0];
    if (first.startsWith("v=") && MessageDigest.isEqual(expected, base64(first.substring(2)))) {
      proven = true;
    } else if (!first.startsWith("e=")) {
      throw new WrongChallenge("SCRAM: the server does not know the password");
    }
    return new byte[0];
  }

  private KeyedHash keyed(byte[] key) {
    return new KeyedHash("Hmac" + hash.replace("-", ""), key);
  }

  private byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance(hash).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String nonce() {
    byte[] bytes = new byte[18];
    RANDOM.nextBytes(bytes);
    return base64(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] base64(String text) throws WrongChallenge {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new WrongChallenge("SCRAM: not base64");
    }
  }
}
