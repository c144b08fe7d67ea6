package org.caravanmta.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.caravanmta.table.TableLinks;
import org.caravanmta.tls.CertificateFiles;

/// A check of whether anybody but the operator can change the server's configuration, or read the
/// secrets in it: of the modes of files and of the directories above them (postfix
/// `postfix-script`, "not owned by root" and "group or other writable"). A group that has the
/// owner's name is taken to have no other members; in a sticky directory, others cannot replace our
/// files.
///
/// @param followed the files and directories of the configuration
/// @param secret those among them that have passwords or keys in them
public record FileModes(Collection<Path> followed, Collection<Path> secret) {
  // bits of modes (chmod(2))
  private static final int GROUP_WRITES = 0020;
  private static final int OTHERS_WRITE = 0002;
  private static final int OTHERS_READ = 0004;
  private static final int STICKY = 01000;

  /// The files that the settings name.
  ///
  /// @param config the operator's settings file; absent if there is none
  /// @param routes the directory of route files
  /// @param tables knows the files that tables were read from
  public static FileModes of(
      Settings settings, Optional<Path> config, Path routes, TableLinks tables) {
    var followed = new TreeSet<Path>(tables.files());
    var secret = new TreeSet<Path>(tables.secrets());
    var listeners = settings.listeners().all();
    settings.tls().clientAuthorities().forEach(followed::add);
    settings.sasl().oauth().keys().ifPresent(followed::add);
    settings.sasl().passwords().ifPresent(secret::add);
    keys(settings.tls().files(), followed, secret);
    keys(settings.delivery().tls().files(), followed, secret);
    settings.delivery().tls().authorities().stream()
        .filter(Files::isRegularFile)
        .forEach(followed::add);
    listeners.forEach(each -> keys(each.files(), followed, secret));
    config.ifPresent(file -> (holdsSecrets(settings, file) ? secret : followed).add(file));
    followed.add(routes);
    try (Stream<Path> files = Files.list(routes)) {
      files.filter(Files::isRegularFile).forEach(followed::add);
    } catch (IOException e) {
      // reported by what reads them
    }
    followed.addAll(secret);
    return new FileModes(followed, secret);
  }

  /// The files of certificates, which are secret when the keys are in them.
  private static void keys(CertificateFiles files, Set<Path> followed, Set<Path> secret) {
    followed.addAll(files.certificates());
    secret.addAll(files.keys().isEmpty() ? files.certificates() : files.keys());
  }

  private static boolean holdsSecrets(Settings settings, Path file) {
    try {
      String text = Files.readString(file);
      return Stream.of(
              settings.sasl().jdbc().password(),
              settings.broker().password(),
              settings.broker().stomp().password(),
              settings.state().password())
          .anyMatch(password -> !password.text().isEmpty() && text.contains(password.text()));
    } catch (IOException e) {
      return false;
    }
  }

  /// One line for each file or directory that is open to others, with the command that closes it.
  public List<String> warnings() {
    var lines = new LinkedHashSet<String>();
    var directories = new TreeSet<Path>();
    for (Path path : followed) {
      Optional<Path> real = real(path);
      real.flatMap(FileModes::writable)
          .ifPresent(
              mode ->
                  lines.add(
                      "%s: mode %s, users other than its owner can change it: chmod go-w"
                          .formatted(path, mode)));
      if (secret.contains(path)) {
        real.flatMap(FileModes::readable)
            .ifPresent(
                mode ->
                    lines.add(
                        "%s: mode %s, others can read the secrets in it: chmod o-r"
                            .formatted(path, mode)));
      }
      above(path.toAbsolutePath().normalize(), directories);
      real.ifPresent(file -> above(file, directories));
    }
    for (Path directory : directories) {
      writable(directory)
          .filter(_ -> !followed.contains(directory))
          .ifPresent(
              mode ->
                  lines.add(
                      "%s: mode %s, others can replace the files in it:".formatted(directory, mode)
                          + " chmod go-w"));
    }
    return List.copyOf(lines);
  }

  private static void above(Path file, Set<Path> directories) {
    for (Path at = file.getParent(); at != null; at = at.getParent()) {
      directories.add(at);
    }
  }

  private static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException e) {
      // reported by what reads it
      return Optional.empty();
    }
  }

  /// The mode of a file or directory, if others can write to it.
  private static Optional<String> writable(Path path) {
    return mode(path)
        .filter(
            mode -> (mode & OTHERS_WRITE) != 0 || (mode & GROUP_WRITES) != 0 && !ofTheOwner(path))
        .filter(mode -> (mode & STICKY) == 0 || !Files.isDirectory(path))
        .map(FileModes::text);
  }

  private static Optional<String> readable(Path path) {
    return mode(path).filter(mode -> (mode & OTHERS_READ) != 0).map(FileModes::text);
  }

  private static Optional<Integer> mode(Path path) {
    return attributes(path, "unix:mode")
        .map(is -> is.get("mode"))
        .map(mode -> (Integer) mode & 07777);
  }

  private static boolean ofTheOwner(Path path) {
    return attributes(path, "posix:owner,group")
        .filter(is -> String.valueOf(is.get("owner")).equals(String.valueOf(is.get("group"))))
        .isPresent();
  }

  private static Optional<Map<String, Object>> attributes(Path path, String names) {
    try {
      return Optional.of(Files.readAttributes(path, names, LinkOption.NOFOLLOW_LINKS));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String text(int mode) {
    return String.format("%04o", mode);
  }
}
