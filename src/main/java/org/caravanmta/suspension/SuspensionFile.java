package org.caravanmta.suspension;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravanmta.account.OwnerOnly;
import org.caravanmta.config.FileTrouble;
import org.caravanmta.message.Printable;

/// The list of suspensions on the disk: the file `suspensions` of the data directory, a line for
/// each, of fields separated by tabs. It is replaced as a whole, so that a reader finds the list as
/// it was or as it is.
record SuspensionFile(Path directory) {
  private static final String NAME = "suspensions";

  /// @throws IOException if there is one that cannot be read: file, line and what is wrong with it
  List<Suspension> read() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file());
    } catch (NoSuchFileException e) {
      // nothing was ever suspended
      return List.of();
    } catch (IOException e) {
      // the outermost is for the operator, and no cause is to be told in its place
      throw new IOException(file() + ": the list of what is suspended: " + FileTrouble.of(e));
    }
    var all = new ArrayList<Suspension>();
    for (String line : lines) {
      all.add(read(all.size() + 1, line));
    }
    return List.copyOf(all);
  }

  void write(List<Suspension> all) throws IOException {
    String text = text(all);
    Path fresh = directory.resolve(NAME + ".new");
    Files.deleteIfExists(fresh);
    try (var channel =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
            OwnerOnly.FILE)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (var names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  /// The list as it is in the file.
  static String text(List<Suspension> all) {
    return all.stream()
        .map(each -> String.join("\t", each.fields()) + "\n")
        .collect(Collectors.joining());
  }

  /// @throws IOException if it is not such a list
  static List<Suspension> parse(String text) throws IOException {
    var all = new ArrayList<Suspension>();
    for (String line : text.lines().toList()) {
      all.add(suspension(line));
    }
    return List.copyOf(all);
  }

  private static Suspension suspension(String line) throws IOException {
    return Suspension.of(List.of(line.split("\t", -1)));
  }

  private Path file() {
    return directory.toAbsolutePath().resolve(NAME);
  }

  private Suspension read(int number, String line) throws IOException {
    try {
      return suspension(line);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          ("%s:%d: \"%s\": expected TRANSPORT, NEXT_HOP or DOMAIN, a pattern, a reason, a user and"
               + " a time in milliseconds, with a tab between two; mend the line, or delete it to"
               + " resume what it was about")
              .formatted(file(), number, Printable.text(line)));
    }
  }
}
