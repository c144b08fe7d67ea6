package org.caravanmta.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.caravanmta.account.OwnerOnly;

/// The file `control` of a data directory: the port, and the token that its reader proves itself
/// with. Mode 0600, and in place only when it is whole.
record ControlFile(int port, String token) {
  private static final String NAME = "control";
  private static final int TOKEN_BYTES = 32;

  static ControlFile of(int port) {
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    return new ControlFile(port, HexFormat.of().formatHex(token));
  }

  void write(Path directory) throws IOException {
    OwnerOnly.directory(directory);
    Path whole = Files.createTempFile(directory, NAME, ".new", OwnerOnly.FILE);
    Files.writeString(whole, port + "\n" + token + "\n");
    Files.move(whole, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Absent when there is no file.
  ///
  /// @throws ControlProblem if there is one that cannot be read
  static Optional<ControlFile> read(Path directory) throws ControlProblem {
    Path file = directory.resolve(NAME);
    try {
      List<String> lines = Files.readAllLines(file);
      return Optional.of(new ControlFile(Integer.parseInt(lines.get(0)), lines.get(1)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ControlProblem(file + " cannot be read: " + e.getMessage());
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new ControlProblem(file + " is not a control file");
    }
  }

  /// Takes the file away, unless another server has put its own there.
  void remove(Path directory) throws IOException {
    try {
      if (read(directory).filter(this::equals).isPresent()) {
        Files.deleteIfExists(directory.resolve(NAME));
      }
    } catch (ControlProblem e) {
      throw new IOException(e);
    }
  }

  @Override
  public String toString() {
    return "port " + port;
  }
}
