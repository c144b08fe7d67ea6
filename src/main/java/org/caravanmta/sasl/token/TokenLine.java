package org.caravanmta.sasl.token;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One of `delivery.sasl.tokens`: a name, and where the token comes from.
///
/// | written | the token is |
/// |---|---|
/// | `NAME file=FILE` | in the file, which something else keeps up to date |
/// | `NAME command=PROGRAM ARGUMENTS…` | what the program prints |
/// | `NAME endpoint=URL client=ID …` | what the token endpoint answers |
///
/// The endpoint also has `secret-file=FILE`, the client's secret; `refresh-file=FILE`, the refresh
/// token, without which the grant is `client_credentials`; `scope=SCOPE`, once for each; and
/// `ca-file=FILE`, the authorities that its certificate may come from. Each may have
/// `expires=YYYY-MM-DD`, the day on which the operator has to renew something.
///
/// @param expires the beginning of that day, in UTC
record TokenLine(String name, Origin origin, Optional<Instant> expires) {
  private static final String EXPIRES = "expires";
  private static final Set<String> ONCE =
      Set.of("file", "endpoint", "client", "secret-file", "refresh-file", "ca-file", EXPIRES);

  /// Where a token comes from.
  sealed interface Origin {
    /// A file.
    record InFile(Path file) implements Origin {}

    /// The output of a program.
    record FromCommand(List<String> command) implements Origin {}

    /// A token endpoint (RFC 6749 §3.2).
    ///
    /// @param secretFile absent for a client without a secret
    /// @param refreshFile absent for the grant `client_credentials`
    /// @param authorityFile absent for the authorities of the system
    record FromEndpoint(
        URI endpoint,
        String client,
        Optional<Path> secretFile,
        Optional<Path> refreshFile,
        List<String> scopes,
        Optional<Path> authorityFile)
        implements Origin {}
  }

  /// Reads a line.
  ///
  /// @throws IllegalArgumentException says what was expected
  static TokenLine parse(String line) {
    String[] words = line.strip().split("\\s+");
    if (!words[0].matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException("a name at the start: \"" + words[0] + "\"");
    }
    Map<String, String> given = new LinkedHashMap<>();
    var scopes = new ArrayList<String>();
    for (int i = 1; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      if (pair.length == 2 && pair[0].equals("command") && !pair[1].isEmpty()) {
        var command = new ArrayList<>(List.of(pair[1]));
        command.addAll(Arrays.asList(words).subList(i + 1, words.length));
        return line(words[0], given, List.copyOf(command), scopes);
      }
      if (pair.length == 2 && pair[0].equals("scope") && !pair[1].isEmpty()) {
        scopes.add(pair[1]);
      } else if (pair.length < 2
          || pair[1].isEmpty()
          || !ONCE.contains(pair[0])
          || given.putIfAbsent(pair[0], pair[1]) != null) {
        throw new IllegalArgumentException(
            ("file=, command=, endpoint=, client=, secret-file=, refresh-file=, scope=, ca-file="
                    + " or")
                + (" expires=, each with a value and but for scope once, not \"" + pair[0] + "\""));
      }
    }
    return line(words[0], given, List.of(), scopes);
  }

  private static TokenLine line(
      String name, Map<String, String> given, List<String> command, List<String> scopes) {
    Optional<Instant> expires = Optional.ofNullable(given.remove(EXPIRES)).map(TokenLine::day);
    boolean ofEndpoint = given.containsKey("endpoint") && given.containsKey("client");
    if (!command.isEmpty() && given.isEmpty() && scopes.isEmpty()) {
      return new TokenLine(name, new Origin.FromCommand(command), expires);
    }
    if (command.isEmpty() && given.keySet().equals(Set.of("file")) && scopes.isEmpty()) {
      return new TokenLine(
          name, new Origin.InFile(Path.of(given.getOrDefault("file", ""))), expires);
    }
    if (!command.isEmpty() || !ofEndpoint || given.containsKey("file")) {
      throw new IllegalArgumentException(
          "either file=, or command=, or endpoint= and client= for " + name);
    }
    if (!given.containsKey("refresh-file") && !given.containsKey("secret-file")) {
      throw new IllegalArgumentException("refresh-file= or secret-file= for " + name);
    }
    return new TokenLine(
        name,
        new Origin.FromEndpoint(
            endpoint(given.getOrDefault("endpoint", "")),
            given.getOrDefault("client", ""),
            Optional.ofNullable(given.get("secret-file")).map(Path::of),
            Optional.ofNullable(given.get("refresh-file")).map(Path::of),
            List.copyOf(scopes),
            Optional.ofNullable(given.get("ca-file")).map(Path::of)),
        expires);
  }

  /// Secrets go to the endpoint: only over TLS (RFC 6749 §3.2), or within this machine.
  private static URI endpoint(String text) {
    try {
      URI uri = new URI(text);
      String host = String.valueOf(uri.getHost());
      boolean here = host.equals("127.0.0.1") || host.equals("[::1]") || host.equals("localhost");
      if ("https".equals(uri.getScheme()) && uri.getHost() != null
          || "http".equals(uri.getScheme()) && here) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException("an endpoint such as https://login.example/token: " + text);
  }

  private static Instant day(String text) {
    try {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("a day such as expires=2027-01-31: " + text, e);
    }
  }
}
