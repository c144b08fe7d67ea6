package org.caravanmta.mtasts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.caravanmta.account.OwnerOnly;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The policies that have been read, one file for each domain, so that a restart forgets none (RFC
/// 8461 §10.2: whoever can make us forget a policy can have mail sent in the clear). A file has the
/// version, the time it was read in seconds since 1970, and the text.
final class PolicyFiles {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyFiles.class);

  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

  private final Path directory;
  private final Object changing = new Object();

  PolicyFiles(Path directory) {
    this.directory = directory;
  }

  /// The policy of a domain; empty if there is none, or none that can be read.
  Optional<KnownPolicy> find(String domain) {
    if (!NAME.matcher(domain).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(Files.readString(file(domain))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("the policy in {} is not used: {}", file(domain), e.toString());
      return Optional.empty();
    }
  }

  /// Remembers a policy in place of an older one.
  void keep(String domain, KnownPolicy known) throws IOException {
    if (!NAME.matcher(domain).matches()) {
      throw new IOException("\"" + domain + "\" cannot be the name of a file");
    }
    OwnerOnly.directory(directory);
    // what is not finished must not be taken for what a crash has left, nor a new policy for the
    // old
    synchronized (changing) {
      write(domain, known);
    }
  }

  private void write(String domain, KnownPolicy known) throws IOException {
    Path unfinished = Files.createTempFile(directory, ".new-", "", OwnerOnly.FILE);
    try {
      Files.writeString(
          unfinished, known.id() + "\n" + known.read().getEpochSecond() + "\n" + known.text());
      try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(unfinished, file(domain), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /// Removes the files of policies that have expired, and what a crash has left.
  ///
  /// @return how many
  int forget(Instant now) {
    int gone = 0;
    Predicate<Path> over =
        file ->
            find(String.valueOf(file.getFileName()).replaceFirst("\\.txt$", ""))
                .map(known -> known.expired(now))
                .orElse(true);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        synchronized (changing) {
          gone += over.test(file) && Files.deleteIfExists(file) ? 1 : 0;
        }
      }
    } catch (NoSuchFileException e) {
      return gone;
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("policies that have expired stay in {}: {}", directory, e.toString());
    }
    return gone;
  }

  private Path file(String domain) {
    return directory.resolve(domain + ".txt");
  }

  private static KnownPolicy read(String written) {
    String[] parts = written.split("\n", 3);
    if (parts.length < 3) {
      throw new IllegalArgumentException("not whole");
    }
    return new KnownPolicy(
        parts[0],
        Instant.ofEpochSecond(Long.parseLong(parts[1])),
        parts[2],
        StsPolicy.parse(parts[2]));
  }
}
