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

/// The file `control` in a data directory, by which a client finds the running server and proves
/// that it may read the directory. It has the mode 0600, and appears only when it is complete.
///
/// @param port of 127.0.0.1, on which the server listens
/// @param token what a request begins with
record ControlFile(int port, String token) {
  private static final String NAME = "control";

  /// Random bytes of a token, more than can be guessed.
  private static final int TOKEN_BYTES = 32;

  /// With a new token.
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

  /// The file of a data directory; absent when there is none.
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

  /// Removes the file, unless another server has put its own there.
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
