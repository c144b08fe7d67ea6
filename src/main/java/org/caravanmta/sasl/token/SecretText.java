package org.caravanmta.sasl.token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.caravanmta.account.OwnerOnly;
import org.caravanmta.config.FileTrouble;
import org.caravanmta.config.Secret;

/// A file with one secret text in it: a token, or the secret of a client.
record SecretText(Path file) {
  /// Checks that there is such a file, and that not everybody can read it.
  ///
  /// @throws IllegalArgumentException names the file and what is wrong with it
  void check() {
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw new IllegalArgumentException(
            file + ": everybody can read the secret in it; mode 0600 was expected: chmod o-rwx");
      }
      if (!Files.isReadable(file)) {
        throw new IllegalArgumentException(
            file + ": it may not be read by the user that Caravan runs as");
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + FileTrouble.of(e), e);
    }
  }

  /// Checks that another text can take the place of this one.
  ///
  /// @throws IllegalArgumentException names the directory
  void checkReplaceable() {
    if (!Files.isWritable(directory())) {
      throw new IllegalArgumentException(
          file + ": a new refresh token cannot be put into its directory");
    }
  }

  /// The text without white space around it.
  ///
  /// @throws TokenTrouble if it cannot be read or is empty
  Secret read() throws TokenTrouble {
    try (var in = Files.newInputStream(file)) {
      String text =
          new String(in.readNBytes(AccessToken.MOST_BYTES), StandardCharsets.UTF_8).strip();
      if (text.isEmpty()) {
        throw TokenTrouble.lasting(file + " is empty");
      }
      return new Secret(text);
    } catch (IOException e) {
      throw TokenTrouble.lasting(file + ": " + FileTrouble.of(e));
    }
  }

  /// Puts another text in its place: after a crash there is one or the other, whole.
  void replace(Secret secret) throws IOException {
    Path fresh = directory().resolve("." + file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    ByteBuffer bytes = ByteBuffer.wrap((secret.text() + "\n").getBytes(StandardCharsets.UTF_8));
    try (var out =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OwnerOnly.FILE)) {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (var parent = FileChannel.open(directory())) {
      parent.force(true);
    }
  }

  /// Tells one version from another.
  String stamp() {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
    } catch (IOException e) {
      return "";
    }
  }

  private Path directory() {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }
}
