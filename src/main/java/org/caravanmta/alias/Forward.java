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
import org.caravanmta.account.Pinned;
import org.caravanmta.account.Rights;
import org.caravanmta.account.RunningAs;
import org.caravanmta.account.SystemUser;
import org.caravanmta.address.Address;
import org.caravanmta.table.Extensions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files in which users say where their mail goes (postfix `local(8)`, `forward_path`): the first
/// that exists of those that {@link ForwardPath} names.
///
/// @param directory the directory that relative names are below
/// @param root whether the server runs as root: then a user's files are read with his rights
public record Forward(Path directory, ForwardPath path, Extensions extensions, boolean root) {
  private static final Logger LOG = LoggerFactory.getLogger(Forward.class);

  private static final String ANYBODY = "";

  static {
    Rights.load(Forward.class);
  }

  /// Larger files are not lists that a person keeps.
  private static final long LARGEST = 1 << 20;

  sealed interface File {
    /// @param extension the part of the address that the file's name did not cover
    /// @param holder its owner, by number
    record Lines(List<String> lines, String extension, int holder) implements File {}

    record None() implements File {}

    record Unavailable(String why) implements File {}
  }

  boolean isNone() {
    return path.isNone();
  }

  File of(Address user) {
    String base = base(user);
    if (isNone() || ForwardPath.unsafe(base) || ForwardPath.unsafe(user.domain().key())) {
      return new File.None();
    }
    try {
      Optional<SystemUser> known =
          root || path.asksSystem() ? SystemUser.named(base) : Optional.empty();
      Rights rights = root ? rights(known) : Rights.OURS;
      for (ForwardPath.Named named : path.of(user, extensions, known)) {
        File file = read(directory.resolve(named.path()), named.extension(), base, rights);
        if (!(file instanceof File.None)) {
          return file;
        }
      }
      return new File.None();
    } catch (IOException e) {
      return new File.Unavailable(String.valueOf(e.getMessage()));
    }
  }

  /// The home directory of whoever names a file below it.
  ///
  /// @param user the user mail is for
  Optional<Path> home(AliasTargets.Behalf behalf, Address user) throws IOException {
    return switch (behalf) {
      case AliasTargets.Operators() -> Optional.empty();
      case AliasTargets.Users() -> SystemUser.named(base(user)).map(one -> Path.of(one.home()));
      case AliasTargets.Holders(int number) ->
          SystemUser.numbered(number).map(one -> Path.of(one.home()));
    };
  }

  /// The lists of an `:include:` file. Absent when it may not be read: it is not a regular file, or
  /// everybody may write to it.
  ///
  /// @param behalf who names it, with whose rights it is read
  /// @param user the user mail is for
  File include(Path path, AliasTargets.Behalf behalf, Address user) {
    try {
      return read(path, "", ANYBODY, root ? rights(behalf, user) : Rights.OURS);
    } catch (IOException e) {
      return new File.Unavailable(String.valueOf(e.getMessage()));
    }
  }

  private Rights rights(AliasTargets.Behalf behalf, Address user) throws IOException {
    return switch (behalf) {
      case AliasTargets.Operators() -> Rights.OURS;
      case AliasTargets.Users() -> rights(SystemUser.named(base(user)));
      case AliasTargets.Holders(int number) ->
          Rights.of(
              SystemUser.numbered(number)
                  .orElseThrow(() -> new IOException("nobody has the number " + number)));
    };
  }

  private static Rights rights(Optional<SystemUser> user) {
    return user.filter(one -> !one.superuser()).map(Rights::of).orElse(Rights.OURS);
  }

  private String base(Address user) {
    return extensions
        .split(user)
        .map(split -> split.base().localPart())
        .orElse(user.localPart())
        .toLowerCase(Locale.ROOT);
  }

  /// What a file holds, seen with the rights of whoever names it.
  ///
  /// @param bytes empty when it is not one to be read
  private record Seen(PosixFileAttributes attributes, int holder, byte[] bytes) {
    static Seen of(Path path) throws IOException {
      var attributes = Files.readAttributes(path, PosixFileAttributes.class);
      int holder = (int) Files.getAttribute(path, "unix:uid");
      boolean fit = attributes.isRegularFile() && attributes.size() <= LARGEST;
      return new Seen(attributes, holder, fit ? Files.readAllBytes(path) : new byte[0]);
    }
  }

  /// @param user its owner, unless that is the system or us: what it says is done as that user
  private static File read(Path path, String extension, String user, Rights rights) {
    try {
      return judged(seen(path, rights), path, extension, user);
    } catch (NoSuchFileException e) {
      return new File.None();
    } catch (IOException | UnsupportedOperationException e) {
      // a file where a directory should be is the same as no file
      return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
          ? new File.Unavailable(path + " cannot be read: " + e)
          : new File.None();
    }
  }

  private static Seen seen(Path path, Rights rights) throws IOException {
    return !rights.another()
        ? Seen.of(path)
        : rights.with(
            () -> {
              try (Pinned pinned = Pinned.reading(path)) {
                return Seen.of(pinned.path());
              }
            });
  }

  private static File judged(Seen seen, Path path, String extension, String user) {
    PosixFileAttributes attributes = seen.attributes();
    if (!attributes.isRegularFile()
        || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
        || attributes.size() > LARGEST
        || !user.equals(ANYBODY) && !trusted(attributes.owner().getName(), user)) {
      LOG.warn(
          "{} is not used: it is not a regular file, belongs to somebody else, is"
              + " writable by everybody, or too large",
          path);
      return new File.None();
    }
    List<String> lines =
        new String(seen.bytes(), StandardCharsets.UTF_8)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    return new File.Lines(lines, extension, seen.holder());
  }

  private static boolean trusted(String owner, String user) {
    return owner.equals("root") || owner.equalsIgnoreCase(user) || owner.equals(RunningAs.name());
  }
}
