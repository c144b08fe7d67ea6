package org.caravanmta.tls.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Cipher suites (RFC 9325 §4.2), chosen as in Postfix by a grade and what is left out of it
/// (smtpd_tls_ciphers, smtpd_tls_exclude_ciphers). The suites of TLS 1.3 are in each grade, and
/// only go by their own names.
///
/// @param names as Java has them, the strongest first, at least one
public record Ciphers(List<String> names) {
  /// RFC 8446 §9.1.
  private static final List<String> OF_TLS_13 =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");

  /// RFC 9325 §4.2: forward secret and authenticated.
  private static final List<String> HIGH =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

  /// What clients of some years ago have besides.
  private static final List<String> MEDIUM =
      List.of(
          "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
          "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256");

  /// What OpenSSL's words name that is in no grade here.
  private static final Set<String> ABSENT =
      Set.of(
          "3DES",
          "ADH",
          "AECDH",
          "ANULL",
          "ARIA",
          "CAMELLIA",
          "DES",
          "DSS",
          "ADSS",
          "ENULL",
          "EXP",
          "EXPORT",
          "EXPORT40",
          "EXPORT56",
          "IDEA",
          "KDH",
          "KDHR",
          "KECDH",
          "KRSA",
          "LOW",
          "MD5",
          "NULL",
          "PSK",
          "RC2",
          "RC4",
          "SEED",
          "SRP",
          "SSLV2",
          "SSLV3",
          "AESCCM",
          "AESCCM8",
          "CCM");

  public Ciphers {
    names = List.copyOf(names);
  }

  /// @param grade `high`, or `medium` and below, which have all that is left
  /// @param excluded OpenSSL's words, `AES128 SHA1`, or names of suites, by OpenSSL or RFC 8446
  /// @throws IllegalArgumentException says what is wrong with them
  public static Ciphers of(String grade, String excluded) {
    var names = new ArrayList<>(OF_TLS_13);
    switch (grade.strip().toLowerCase(Locale.ROOT)) {
      case "high" -> names.addAll(HIGH);
      case "medium", "low", "export" -> {
        names.addAll(HIGH);
        names.addAll(MEDIUM);
      }
      default -> throw new IllegalArgumentException("\"" + grade + "\" is not high or medium");
    }
    for (String word : excluded.strip().split("[\\s,:]+")) {
      String plain = word.startsWith("!") || word.startsWith("-") ? word.substring(1) : word;
      if (!plain.isEmpty()) {
        names.removeIf(name -> is(name, plain));
        known(plain);
      }
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException("\"" + excluded + "\" leaves no cipher");
    }
    return new Ciphers(names);
  }

  /// Whether a word is for a suite: its name, or all of what it names with `+` between.
  private static boolean is(String name, String word) {
    String wanted = word.toUpperCase(Locale.ROOT);
    if (wanted.equals(name) || wanted.equals(openssl(name))) {
      return true;
    }
    return !OF_TLS_13.contains(name) && features(name).containsAll(List.of(wanted.split("\\+")));
  }

  private static void known(String word) {
    for (String part : word.toUpperCase(Locale.ROOT).split("\\+")) {
      boolean somewhere =
          Stream.of(OF_TLS_13, HIGH, MEDIUM)
              .flatMap(List::stream)
              .anyMatch(
                  name ->
                      part.equals(name)
                          || part.equals(openssl(name))
                          || features(name).contains(part));
      if (!somewhere && !ABSENT.contains(part)) {
        // the name of a suite that is in no grade
        if (!part.matches("(TLS_|[A-Z0-9]+-)[A-Z0-9_-]+")) {
          throw new IllegalArgumentException("\"" + word + "\" names no ciphers");
        }
      }
    }
  }

  /// `ECDHE-RSA-AES256-GCM-SHA384`.
  private static String openssl(String name) {
    return name.replaceFirst("^TLS_", "")
        .replace("_WITH_", "_")
        .replaceAll("AES_(128|256)", "AES$1")
        .replace("_CBC", "")
        .replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305")
        .replace('_', '-');
  }

  private static Set<String> features(String name) {
    var features = new HashSet<>(Set.of("ALL", "DEFAULT", "HIGH"));
    if (name.contains("_AES_")) {
      features.add("AES");
      features.add(name.contains("_128_") ? "AES128" : "AES256");
    }
    features.add(
        name.contains("_GCM_") ? "AESGCM" : name.contains("CHACHA20") ? "CHACHA20" : "CBC");
    features.add(name.endsWith("SHA384") ? "SHA384" : name.endsWith("SHA256") ? "SHA256" : "SHA1");
    if (features.contains("SHA1")) {
      features.add("SHA");
    }
    features.addAll(
        name.contains("ECDHE")
            ? Set.of("ECDHE", "EECDH", "KECDHE", "KEECDH")
            : Set.of("DHE", "EDH", "KDHE", "KEDH", "DH"));
    features.addAll(name.contains("ECDSA") ? Set.of("ECDSA", "AECDSA") : Set.of("RSA", "ARSA"));
    return features;
  }
}
