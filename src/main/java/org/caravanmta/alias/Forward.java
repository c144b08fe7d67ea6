package org.caravanmta.alias;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.table.Extensions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files in which users say where their mail goes (postfix `local(8)`, `forward_path`): first the
/// one with the extension of the address behind its name, `.forward+ext`, then the one without.
///
/// @param directory what the template is below of
/// @param template `%u` the user, `%d` the domain; empty: there are none
public record Forward(Path directory, String template, Extensions extensions) {
  private static final Logger LOG = LoggerFactory.getLogger(Forward.class);

  private static final String ANYBODY = "";

  /// More is no list of a person's.
  private static final long LARGEST = 1 << 20;

  sealed interface File {
    /// @param extension what the name of the file did not cover
    record Lines(List<String> lines, String extension) implements File {}

    record None() implements File {}

    record Unreadable(String why) implements File {}
  }

  boolean isNone() {
    return template.isEmpty();
  }

  File of(Address user) {
    Optional<Extensions.Split> split = extensions.split(user);
    String base =
        split.map(s -> s.base().localPart()).orElse(user.localPart()).toLowerCase(Locale.ROOT);
    String domain = user.domain().key();
    if (isNone() || unsafe(base) || unsafe(domain)) {
      return new File.None();
    }
    String path = template.replace("%d", domain).replace("%u", base);
    String extension = split.map(Extensions.Split::extension).orElse("");
    if (extension.length() > 1 && !unsafe(extension)) {
      File own = read(directory.resolve(path + extension.toLowerCase(Locale.ROOT)), "", base);
      if (!(own instanceof File.None)) {
        return own;
      }
    }
    return read(directory.resolve(path), extension, base);
  }

  /// The lists of an `:include:` file. None when it is not one that may be read: no regular file,
  /// or one that everybody may write to.
  static File include(Path path) {
    return read(path, "", ANYBODY);
  }

  /// @param user whose it has to be, if not the system's or ours: what it says is done as him
  private static File read(Path path, String extension, String user) {
    try {
      var attributes = Files.readAttributes(path, PosixFileAttributes.class);
      if (!attributes.isRegularFile()
          || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
          || attributes.size() > LARGEST
          || !user.equals(ANYBODY) && !trusted(attributes.owner().getName(), user)) {
        LOG.warn(
            "{} is not used: it is no regular file, somebody else's, everybody may write to it, or"
                + " too large",
            path);
        return new File.None();
      }
      List<String> lines =
          new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .toList();
      return new File.Lines(lines, extension);
    } catch (NoSuchFileException e) {
      return new File.None();
    } catch (IOException | UnsupportedOperationException e) {
      // a component that is a file is as good as no file
      return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
          ? new File.Unreadable(path + " cannot be read: " + e)
          : new File.None();
    }
  }

  private static boolean trusted(String owner, String user) {
    return owner.equals("root")
        || owner.equalsIgnoreCase(user)
        || owner.equals(System.getProperty("user.name"));
  }

  private static boolean unsafe(String name) {
    return name.isEmpty()
        || name.startsWith(".")
        || name.chars().anyMatch(c -> c == '/' || c == '%' || Character.isISOControl(c));
  }
}
