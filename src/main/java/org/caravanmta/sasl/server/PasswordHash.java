package org.caravanmta.sasl.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// A stored password, `{SCHEME}hash` in the notation of Dovecot. The scheme may be left out if the
/// hash itself shows it.
///
/// | scheme | hash |
/// |---|---|
/// | `BLF-CRYPT` | bcrypt, `$2y$…` |
/// | `ARGON2ID`, `ARGON2I` | `$argon2id$…` (RFC 9106) |
/// | `SHA512-CRYPT` | `$6$…` |
/// | `CRYPT` | any of those |
/// | `SCRAM-SHA-256` | iterations, salt, stored key, server key (RFC 7677), separated by commas |
/// | `PLAIN` | the password itself, for tests |
sealed interface PasswordHash {
  /// The part of the heap that one hash may take, as its divisor: otherwise a few logins at a time
  /// would exhaust the memory.
  int MEMORY_PART = 4;

  /// Whether this is the password. Takes long on purpose, except for PLAIN.
  boolean matches(String password);

  /// bcrypt.
  ///
  /// @param text the whole hash, `$2y$…`
  record Bcrypt(String text) implements PasswordHash {
    @Override
    public boolean matches(String password) {
      return OpenBSDBCrypt.checkPassword(text, password.toCharArray());
    }
  }

  /// SHA512-CRYPT.
  ///
  /// @param text the whole hash, `$6$…`
  record Sha512(String text) implements PasswordHash {
    @Override
    public boolean matches(String password) {
      return same(Sha2Crypt.sha512Crypt(bytes(password), text), text);
    }
  }

  /// Argon2id or Argon2i (RFC 9106).
  ///
  /// @param parameters type, version, memory, iterations, parallelism and salt
  /// @param hash the bytes that the password must give with these
  record Argon2(Argon2Parameters parameters, byte[] hash) implements PasswordHash {
    @Override
    public boolean matches(String password) {
      var generator = new Argon2BytesGenerator();
      generator.init(parameters);
      byte[] computed = new byte[hash.length];
      generator.generateBytes(bytes(password), computed);
      return MessageDigest.isEqual(computed, hash);
    }
  }

  /// Keys for SCRAM (RFC 7677).
  record Scram(ScramKeys keys) implements PasswordHash {
    @Override
    public boolean matches(String password) {
      return keys.matches(password);
    }
  }

  /// A password in the clear.
  record Plain(String password) implements PasswordHash {
    @Override
    public boolean matches(String given) {
      return same(password, given);
    }

    @Override
    public String toString() {
      return "{PLAIN}";
    }
  }

  /// Reads a stored password.
  ///
  /// @throws IllegalArgumentException says what is wrong, without showing the hash
  static PasswordHash parse(String text) {
    int end = text.startsWith("{") ? text.indexOf('}') : -1;
    String scheme = end < 0 ? "CRYPT" : text.substring(1, end).toUpperCase(Locale.ROOT);
    String hash = text.substring(end + 1);
    return switch (scheme) {
      case "PLAIN" -> new Plain(hash);
      case "SCRAM-SHA-256" -> new Scram(ScramKeys.parse(hash));
      case "CRYPT", "BLF-CRYPT", "SHA512-CRYPT", "ARGON2ID", "ARGON2I" -> crypt(hash);
      default -> throw new IllegalArgumentException("{" + scheme + "} is not a known scheme");
    };
  }

  private static PasswordHash crypt(String hash) {
    if (hash.matches("\\$2[abxy]?\\$\\d\\d\\$[./A-Za-z0-9]{53}")) {
      return new Bcrypt(hash);
    }
    if (hash.matches("\\$6\\$(rounds=\\d{1,9}\\$)?[^$]{1,16}\\$[./A-Za-z0-9]{86}")) {
      return new Sha512(hash);
    }
    Matcher argon =
        Pattern.compile(
                "\\$argon2(id|i)\\$v=19\\$m=(\\d{1,8}),t=(\\d{1,4}),p=(\\d{1,3})"
                    + "\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)")
            .matcher(hash);
    if (argon.matches()) {
      long memory = Integer.parseInt(argon.group(2)) * 1024L;
      if (memory > Runtime.getRuntime().maxMemory() / MEMORY_PART) {
        throw new IllegalArgumentException(
            "it needs " + (memory >> 20) + " MiB of memory, raise CARAVAN_HEAP to four times that");
      }
      int type =
          argon.group(1).equals("id") ? Argon2Parameters.ARGON2_id : Argon2Parameters.ARGON2_i;
      return new Argon2(
          new Argon2Parameters.Builder(type)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(Integer.parseInt(argon.group(2)))
              .withIterations(Integer.parseInt(argon.group(3)))
              .withParallelism(Integer.parseInt(argon.group(4)))
              .withSalt(Base64.getDecoder().decode(argon.group(5)))
              .build(),
          Base64.getDecoder().decode(argon.group(6)));
    }
    throw new IllegalArgumentException("it is not a hash of bcrypt, argon2 or sha512-crypt");
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(bytes(one), bytes(other));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
