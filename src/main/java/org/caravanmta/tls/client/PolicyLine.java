package org.caravanmta.tls.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.caravanmta.tls.Ciphers;
import org.caravanmta.tls.Protocols;
import org.caravanmta.tls.Strength;
import org.caravanmta.tls.TlsStrengthSettings;

/// A value of a table of `delivery.tls.policies` (postfix `smtp_tls_policy_maps`): a level, and
/// after it attributes, with blanks or commas between them.
///
/// | attribute | says |
/// |---|---|
/// | `match=` | names, with `:` between them, of which `.example.org` is any below; `hostname`, the server's; `nexthop`, the next hop's; `dot-nexthop`, any below it. At the level `fingerprint` digests, with `\|` between them |
/// | `protocols=` | versions, with `:` between them |
/// | `ciphers=`, `exclude=` | a grade, and ciphers not to be used |
/// | `servername=` | the name to ask for: `hostname`, `nexthop` or a name |
/// | `tafile=` | a PEM file with the only authorities that count |
/// | `connection_reuse=` | `no`: each message has a connection of its own |
/// | `policy_type=sts`, `mx_host_pattern=` | what resolvers of MTA-STS policies add (RFC 8461): the only servers that may get mail |
///
/// @param match in small letters; empty where the settings say it
/// @param serverName absent: no attribute
/// @param servers the only servers that may get mail, `*.example.org` is any host of it; empty for
///   all
/// @param published whether the domain has published the policy
record PolicyLine(
    SecurityLevel level,
    List<String> match,
    Optional<String> serverName,
    Strength strength,
    Optional<Path> authorities,
    boolean reuse,
    List<String> servers,
    boolean published) {
  private static final Pattern BRACED = Pattern.compile("\\{[^{}]*}");

  /// What programs that resolve MTA-STS policies say besides, for reports.
  private static final Set<String> FOR_REPORTS =
      Set.of("policy_domain", "policy_ttl", "policy_string", "policy_failure");

  /// Reads a value.
  ///
  /// @throws IllegalArgumentException names the word that makes no sense, and says what was
  ///   expected
  static PolicyLine parse(String value, ClientTlsSettings own) {
    String plain = BRACED.matcher(value).replaceAll(" ").replaceFirst("^[\\s,]+", "");
    String[] words = plain.split("[\\s,]+");
    SecurityLevel level = SecurityLevel.of(words[0]);
    var reader = new Reader(level, own);
    if (level != SecurityLevel.NONE) {
      for (int i = 1; i < words.length; i++) {
        reader.attribute(words[i]);
      }
    }
    return reader.line();
  }

  /// Reads attributes one after the other.
  private static final class Reader {
    private final SecurityLevel level;
    private final ClientTlsSettings own;
    private final Set<String> seen = new HashSet<>();
    private final List<String> match = new ArrayList<>();
    private final List<String> servers = new ArrayList<>();
    private final List<String> excluded = new ArrayList<>();
    private Optional<String> serverName = Optional.empty();
    private Optional<String> ciphers = Optional.empty();
    private Optional<String> protocols = Optional.empty();
    private Optional<Path> authorities = Optional.empty();
    private boolean reuse = true;
    private boolean published;

    Reader(SecurityLevel level, ClientTlsSettings own) {
      this.level = level;
      this.own = own;
    }

    void attribute(String word) {
      int sign = word.indexOf('=');
      if (sign <= 0) {
        throw new IllegalArgumentException("\"" + word + "\" is not of the form NAME=VALUE");
      }
      String name = word.substring(0, sign).toLowerCase(Locale.ROOT);
      String value = word.substring(sign + 1);
      if (value.isEmpty()) {
        throw new IllegalArgumentException("\"" + word + "\" has no value");
      }
      switch (name) {
        case "match" -> match(value);
        case "exclude" -> excluded.add(value);
        case "mx_host_pattern" ->
            servers.addAll(List.of(value.toLowerCase(Locale.ROOT).split(":")));
        case "protocols" -> protocols = Optional.of(once(name, value));
        case "ciphers" -> ciphers = Optional.of(once(name, value));
        case "servername" -> serverName = Optional.of(once(name, name(value)));
        case "tafile" -> authorities = Optional.of(authorities(once(name, value)));
        case "connection_reuse" -> reuse = yes(name, once(name, value));
        // servers with a bare key show a certificate to those who do not ask for the key
        case "enable_rpk" -> yes(name, once(name, value));
        case "policy_type" -> published = value.equals("sts");
        default -> {
          if (!FOR_REPORTS.contains(name)) {
            throw new IllegalArgumentException(
                "\""
                    + word
                    + "\" is none of match=, ciphers=, protocols=, exclude=, servername=, tafile=,"
                    + " connection_reuse=");
          }
        }
      }
    }

    PolicyLine line() {
      TlsStrengthSettings usual = own.strength();
      boolean mandatory = level.isMandatory() || level == SecurityLevel.DANE;
      Strength strength = mandatory ? usual.mandatory() : usual.opportunistic();
      if (ciphers.isPresent() || protocols.isPresent() || !excluded.isEmpty()) {
        String usually = mandatory ? usual.mandatoryCiphers() : usual.ciphers();
        String always =
            usual.excludeCiphers() + (mandatory ? " " + usual.mandatoryExcludeCiphers() : "");
        strength =
            new Strength(
                protocols.map(Protocols::parse).orElse(strength.protocols()),
                Ciphers.of(ciphers.orElse(usually), always + " " + String.join(" ", excluded)));
      }
      if (level == SecurityLevel.FINGERPRINT && match.isEmpty() && own.fingerprints().isEmpty()) {
        throw new IllegalArgumentException("the level fingerprint needs match= with a digest");
      }
      return new PolicyLine(
          level, List.copyOf(match), serverName, strength, authorities, reuse, servers, published);
    }

    private void match(String value) {
      switch (level) {
        case FINGERPRINT -> {
          for (String each : value.split("\\|")) {
            match.add(own.fingerprintDigest().normal(each));
          }
        }
        case VERIFY, SECURE -> {
          for (String each : value.split(":")) {
            match.add(name(each).toLowerCase(Locale.ROOT));
          }
        }
        case NONE, MAY, ENCRYPT, DANE, DANE_ONLY ->
            throw new IllegalArgumentException(
                "match= is for the levels fingerprint, verify and secure, not for " + level);
      }
    }

    private Path authorities(String value) {
      if (level != SecurityLevel.VERIFY && level != SecurityLevel.SECURE) {
        throw new IllegalArgumentException(
            "tafile= is for the levels verify and secure, not for " + level);
      }
      Path file = Path.of(value);
      if (!Files.isReadable(file)) {
        throw new IllegalArgumentException("tafile=" + value + " cannot be read");
      }
      return file;
    }

    private String once(String name, String value) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(name + "= is there twice");
      }
      return value;
    }

    private static String name(String value) {
      if (!ServerName.is(value)) {
        throw new IllegalArgumentException("\"" + value + "\" is not the name of a host");
      }
      return value;
    }

    private static boolean yes(String name, String value) {
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "yes" -> true;
        case "no" -> false;
        default ->
            throw new IllegalArgumentException(name + "=" + value + " is neither yes nor no");
      };
    }
  }
}
