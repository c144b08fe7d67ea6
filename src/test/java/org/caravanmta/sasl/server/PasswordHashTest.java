package org.caravanmta.sasl.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Hashes that Dovecot's `doveadm pw`, and Debian's `argon2`, have made of `pencil`.
class PasswordHashTest {
  private static final String BCRYPT =
      "$2y$05$kt.Wl54KMoC8RSZwnLyHBO7BFbKfrqI12IOQr/w11PeSEyd3wAPEm";
  private static final String SHA512 =
      "$6$YjqNuQk0W2Z9KKWA$pZcddFqUfmyYab.nsTOu906sRpISB4XVc5KfGD08"
          + "SGqEtGvyqmuhPhj.XkwEaZkUOCw5PeePFJen3NDJ1aX9s0";
  private static final String ARGON =
      "$argon2id$v=19$m=65536,t=2,p=4$c29tZXNhbHRzb21lc2F"
          + "sdA$gbD4dSqL+JB04LjJGqNw08Ec6K5Yaj3M4RwgEndPeh8";
  private static final String SCRAM =
      "4096,uKdUrcQGoU9WJOEZ7oU6sw==,albVsmA9E67exwiBty41"
          + "LMU9G8KdfoWarzfWwLo8P78=,x60THJoUHEq4y4hr7OeuP1VlZS6JvB45kS46xeW8kfc=";

  @ParameterizedTest
  @ValueSource(
      strings = {
        BCRYPT,
        "{BLF-CRYPT}" + BCRYPT,
        "{SHA512-CRYPT}" + SHA512,
        "{CRYPT}" + SHA512,
        "{ARGON2ID}" + ARGON,
        "{PLAIN}pencil",
        "{SCRAM-SHA-256}" + SCRAM
      })
  void eachSchemeKnowsItsPassword(String text) {
    PasswordHash hash = PasswordHash.parse(text);

    assertThat(hash.matches("pencil")).isTrue();
    assertThat(hash.matches("Pencil")).isFalse();
    assertThat(hash.matches("")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pencil",
        "{MD5}$1$abc$def",
        "{SSHA}abc",
        "$2y$10$tooshort",
        "$6$salt$tooshort",
        "{SCRAM-SHA-256}4096,abc",
        "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2g",
        "$argon2id$v=16$m=65536,t=3,p=4$c2FsdA$aGFzaA"
      })
  void whatIsNoHashIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> PasswordHash.parse(text));
  }

  @Test
  void aPasswordInClearIsNotShown() {
    assertThat(PasswordHash.parse("{PLAIN}pencil").toString()).doesNotContain("pencil");
  }
}
