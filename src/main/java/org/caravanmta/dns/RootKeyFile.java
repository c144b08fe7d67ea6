package org.caravanmta.dns;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// The file that keeps the keys of the root between two starts: a line for each, `valid
/// 2026-11-29T10:00:00Z 257 3 8 AwEAAa…`. It is replaced in one step, so that it is always whole.
record RootKeyFile(Path file) {
  private static final String HEAD =
      "# The keys of the DNS root (RFC 5011), kept by Caravan. Delete this file to begin anew.\n";

  /// The keys of the file; none if there is no file.
  ///
  /// @throws IOException if it cannot be read, or says something else
  List<RootKeys.Key> read() throws IOException {
    var keys = new ArrayList<RootKeys.Key>();
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return keys;
    }
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        keys.add(key(line));
      }
    }
    return keys;
  }

  private RootKeys.Key key(String line) throws IOException {
    String[] parts = line.split(" ", 3);
    if (parts.length == 3) {
      try {
        var record = Record.fromString(Name.root, Type.DNSKEY, DClass.IN, 0, parts[2], Name.root);
        return new RootKeys.Key(
            (DNSKEYRecord) record,
            RootKeys.Phase.valueOf(parts[0].toUpperCase(Locale.ROOT)),
            Instant.parse(parts[1]));
      } catch (DateTimeException | IllegalArgumentException | IOException e) {
        throw new IOException(file + ": not a key: " + line, e);
      }
    }
    throw new IOException(file + ": not a key: " + line);
  }

  void write(List<RootKeys.Key> keys) throws IOException {
    String text =
        keys.stream()
            .map(
                key ->
                    key.phase().name().toLowerCase(Locale.ROOT)
                        + " "
                        + key.since()
                        + " "
                        + key.record().rdataToString()
                        + "\n")
            .collect(Collectors.joining("", HEAD, ""));
    Path made = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel out = FileChannel.open(made, CREATE, WRITE, TRUNCATE_EXISTING)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        var _ = out.write(bytes);
      }
      out.force(true);
    }
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
