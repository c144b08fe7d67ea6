package org.caravanmta.sasl.token;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A token that a program prints. What it says on its error output is nobody's to read.
///
/// @param patience how long it may take
record TokenCommand(List<String> command, Duration patience) implements TokenOrigin {
  @Override
  public AccessToken fetch(Instant now) throws TokenTrouble {
    String program = command.getFirst();
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw TokenTrouble.lasting(program + " cannot be started");
    }
    try {
      var printed =
          CompletableFuture.supplyAsync(
              () -> all(process.getInputStream()), Thread::startVirtualThread);
      String text = printed.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw TokenTrouble.passing(program + " does not end");
      }
      if (process.exitValue() != 0) {
        throw TokenTrouble.passing(program + " ended with status " + process.exitValue());
      }
      return AccessToken.read(text, now);
    } catch (TimeoutException e) {
      throw TokenTrouble.passing(program + " took more than " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw TokenTrouble.passing(program + ": its output cannot be read");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TokenTrouble.passing(program + ": we are ending");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String all(InputStream in) {
    try {
      return new String(in.readNBytes(AccessToken.MOST_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public String stamp() {
    return "";
  }
}
