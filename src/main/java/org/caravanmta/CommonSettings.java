package org.caravanmta;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;

/// What all nodes of a cluster should have in common: the settings but for those that say which
/// node it is, the routes, and what is in the files of tables.
final class CommonSettings {
  private static final Pattern OWN =
      Pattern.compile(
          "hostname|data\\..*|log\\..*|metrics\\..*|listeners\\.[a-z]+\\.address"
              + "|delivery\\.outgoing\\.(bind-address6?|helo-name)|delivery\\.sources\\.pools"
              + "|cluster\\.(node|address|lock-peer)");

  private static final int DIGITS = 8;

  private CommonSettings() {}

  /// The same text for the same settings, routes and tables.
  ///
  /// @param tables files
  static String digest(Settings settings, Path routes, Collection<Path> tables) throws IOException {
    MessageDigest digest = sha256();
    for (Map.Entry<String, String> setting : settings(settings).entrySet()) {
      add(digest, utf8(setting.getKey()));
      add(digest, utf8(setting.getValue()));
    }
    for (Path file : files(routes, tables)) {
      add(digest, utf8(file.getFileName().toString()));
      add(digest, bytes(file));
    }
    return text(digest);
  }

  /// The same for each setting and each file by itself, by its name.
  static SortedMap<String, String> digests(Settings settings, Path routes, Collection<Path> tables)
      throws IOException {
    var digests = new TreeMap<String, String>();
    settings(settings).forEach((key, value) -> digests.put(key, digest(utf8(value))));
    for (Path file : files(routes, tables)) {
      digests.merge(
          file.getFileName().toString(), digest(bytes(file)), (one, other) -> one + other);
    }
    return digests;
  }

  private static SortedMap<String, String> settings(Settings settings) {
    var common = new TreeMap<>(SettingsFile.placeholders(settings));
    common.keySet().removeIf(key -> OWN.matcher(key).matches());
    return common;
  }

  private static SortedSet<Path> files(Path routes, Collection<Path> tables) throws IOException {
    var files = new TreeSet<Path>(tables);
    try (Stream<Path> all = Files.list(routes)) {
      all.filter(Files::isRegularFile).forEach(files::add);
    }
    return files;
  }

  private static byte[] bytes(Path file) throws IOException {
    return Files.isReadable(file) ? Files.readAllBytes(file) : new byte[0];
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(byte[] bytes) {
    MessageDigest digest = sha256();
    digest.update(bytes);
    return text(digest);
  }

  private static String text(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
