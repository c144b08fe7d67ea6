package org.caravanmta.tls;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Cipher suites (RFC 9325 §4.2), chosen by a grade and what is excluded from it (postfix
/// `smtpd_tls_ciphers`, `smtpd_tls_exclude_ciphers`). The suites of TLS 1.3 are in every grade, and
/// are excluded only by their own names.
///
/// @param names as Java has them, the preferred first, at least one
public record Ciphers(List<String> names) {
  /// The suites of TLS 1.3 (RFC 8446 §9.1).
  private static final List<String> TLS_13_SUITES =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256");

  /// Suites with forward secrecy and authenticated encryption (RFC 9325 §4.2).
  private static final List<String> HIGH =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

  /// More suites, for older clients.
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

  /// Words of OpenSSL for ciphers that are in no grade here; to exclude them is not an error.
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

  /// The suites of a grade without those that are excluded.
  ///
  /// @param grade `high`, or `medium`; `low` and `export` mean `medium` too
  /// @param excluded words of OpenSSL (`AES128 SHA1`), or names of suites as OpenSSL or RFC 8446
  ///   has them, separated by blanks, commas or colons
  /// @throws IllegalArgumentException names the word that is not known, or says that nothing is
  ///   left
  public static Ciphers of(String grade, String excluded) {
    var names = new ArrayList<>(TLS_13_SUITES);
    switch (grade.strip().toLowerCase(Locale.ROOT)) {
      case "high" -> names.addAll(HIGH);
      case "medium", "low", "export" -> {
        names.addAll(HIGH);
        names.addAll(MEDIUM);
      }
      default -> throw new IllegalArgumentException("\"" + grade + "\" is not high or medium");
    }
    for (String word : excluded.strip().split("[\\s,:]+")) {
      String bare = word.startsWith("!") || word.startsWith("-") ? word.substring(1) : word;
      if (!bare.isEmpty()) {
        names.removeIf(name -> isNamedBy(name, bare));
        requireKnown(bare);
      }
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException("\"" + excluded + "\" leaves no cipher");
    }
    return new Ciphers(names);
  }

  /// Whether a word means this suite: by its name, or by features that it has all of, joined by
  /// `+`.
  private static boolean isNamedBy(String name, String word) {
    String wanted = word.toUpperCase(Locale.ROOT);
    if (wanted.equals(name) || wanted.equals(openssl(name))) {
      return true;
    }
    return !TLS_13_SUITES.contains(name)
        && features(name).containsAll(List.of(wanted.split("\\+")));
  }

  /// @throws IllegalArgumentException if the word means no cipher at all
  private static void requireKnown(String word) {
    for (String part : word.toUpperCase(Locale.ROOT).split("\\+")) {
      boolean somewhere =
          Stream.of(TLS_13_SUITES, HIGH, MEDIUM)
              .flatMap(List::stream)
              .anyMatch(
                  name ->
                      part.equals(name)
                          || part.equals(openssl(name))
                          || features(name).contains(part));
      if (!somewhere && !ABSENT.contains(part)) {
        // it may be the name of a suite that is in no grade
        if (!part.matches("(TLS_|[A-Z0-9]+-)[A-Z0-9_-]+")) {
          throw new IllegalArgumentException("\"" + word + "\" names no ciphers");
        }
      }
    }
  }

  /// The name that OpenSSL has for a suite: `ECDHE-RSA-AES256-GCM-SHA384`.
  private static String openssl(String name) {
    return name.replaceFirst("^TLS_", "")
        .replace("_WITH_", "_")
        .replaceAll("AES_(128|256)", "AES$1")
        .replace("_CBC", "")
        .replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305")
        .replace('_', '-');
  }

  /// The words of OpenSSL that mean a suite, among others.
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
