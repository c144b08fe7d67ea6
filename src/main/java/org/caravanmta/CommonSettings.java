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
              + "|cluster\\.(node|address|lock-peer)");

  private static final int DIGITS = 8;

  private CommonSettings() {}

  /// The same text for the same settings, routes and tables.
  ///
  /// @param tables files
  static String digest(Settings settings, Path routes, Collection<Path> tables) throws IOException {
    MessageDigest digest = sha256();
    for (Map.Entry<String, String> setting :
        new TreeMap<>(SettingsFile.placeholders(settings)).entrySet()) {
      if (!OWN.matcher(setting.getKey()).matches()) {
        add(digest, setting.getKey().getBytes(StandardCharsets.UTF_8));
        add(digest, setting.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    var files = new TreeSet<Path>(tables);
    try (Stream<Path> all = Files.list(routes)) {
      all.filter(Files::isRegularFile).forEach(files::add);
    }
    for (Path file : files) {
      add(digest, file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
      add(digest, Files.isReadable(file) ? Files.readAllBytes(file) : new byte[0]);
    }
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
