package org.caravanmta.message;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds ports by their names: those of mail (RFC 5321 §4.5.4.2, RFC 6409 §3.1, RFC 2033 §5), which
/// are known on every machine, and those that this machine knows (`services(5)`).
public final class Services {
  private static final Path FILE = Path.of("/etc/services");
  private static final Map<String, Integer> MAIL =
      Map.of(
          "smtp",
          25,
          "mail",
          25,
          "submission",
          587,
          "submissions",
          465,
          "smtps",
          465,
          "ssmtp",
          465,
          "urd",
          465,
          "lmtp",
          24);

  /// How next hops are written with these ports in tables of Postfix (RFC 6335 §5).
  private static final Map<Integer, List<String>> WRITTEN =
      Map.of(
          24, List.of("lmtp"),
          25, List.of("smtp"),
          465, List.of("submissions", "smtps"),
          587, List.of("submission"));

  private Services() {}

  /// The names by which a next hop in a table may have this port; none if it has only its number.
  public static List<String> names(int port) {
    return WRITTEN.getOrDefault(port, List.of());
  }

  /// The port of this name; absent if the name is not known.
  static Optional<Integer> port(String name) {
    Integer known = MAIL.get(name);
    return known == null ? Optional.ofNullable(Holder.OTHERS.get(name)) : Optional.of(known);
  }

  /// The ports of this machine, read when a name that is not one of mail's is first looked up.
  private static final class Holder {
    private static final Map<String, Integer> OTHERS = read();

    private static Map<String, Integer> read() {
      var ports = new HashMap<String, Integer>();
      try (var lines = Files.lines(FILE, StandardCharsets.ISO_8859_1)) {
        lines
            .map(line -> line.replaceFirst("#.*", "").strip().split("\\s+"))
            .forEach(w -> add(w, ports));
      } catch (IOException | java.io.UncheckedIOException e) {
        // a machine may be without the file: ports have numbers too
      }
      return Map.copyOf(ports);
    }

    /// Reads a line `name port/tcp alias…`.
    private static void add(String[] words, Map<String, Integer> ports) {
      if (words.length > 1 && words[1].matches("\\d{1,5}/tcp")) {
        int port = Integer.parseInt(words[1].substring(0, words[1].indexOf('/')));
        ports.putIfAbsent(words[0], port);
        Arrays.stream(words).skip(2).forEach(alias -> ports.putIfAbsent(alias, port));
      }
    }
  }
}
