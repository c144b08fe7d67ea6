package org.caravanmta;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/// How the processes of tests start sooner: their classes come from jars, and from a cache of them
/// as the virtual machine has them in memory, linked (JEP 483), which takes a third of each start
/// off. Both are made once for each build, if `caravan.fast-start` is true.
public final class FastStart {
  private static final Path HOME = Path.of("target/fast-start");
  private static final List<String> OPTIONS = made();

  private FastStart() {}

  /// The options of `java` that name the classes.
  public static List<String> options() {
    return OPTIONS;
  }

  private static List<String> made() {
    String own = System.getProperty("java.class.path");
    if (Boolean.getBoolean("caravan.fast-start")) {
      try {
        String jars = jars(own);
        return List.of(
            "-XX:AOTCache=" + archive(jars).toAbsolutePath(), "-Xlog:disable", "-cp", jars);
      } catch (IOException e) {
        System.out.println("processes of tests start as slowly as ever: " + e);
      }
    }
    return List.of("-cp", own);
  }

  private static String jars(String classPath) throws IOException {
    Files.createDirectories(HOME);
    var entries = new ArrayList<String>();
    for (String entry : classPath.split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        Path jar = HOME.resolve(path.getFileName() + "-" + state(path) + ".jar");
        if (!Files.exists(jar)) {
          Path fresh = Files.createTempFile(HOME, "classes", ".jar");
          jar(fresh, path);
          Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING);
        }
        entries.add(jar.toAbsolutePath().toString());
      } else {
        entries.add(entry);
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  private static void jar(Path jar, Path classes) throws IOException {
    int status =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--create",
                "--file",
                jar.toString(),
                "-C",
                classes.toString(),
                ".");
    if (status != 0) {
      throw new IOException("jar " + jar + ": " + status);
    }
  }

  /// Differs when a file does.
  private static String state(Path directory) throws IOException {
    long state = 0;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        state +=
            31L * file.toString().hashCode() * Files.size(file)
                + Files.getLastModifiedTime(file).toMillis();
      }
    }
    return Long.toHexString(state);
  }

  private static Path archive(String jars) throws IOException {
    Path archive = HOME.resolve("server-" + Integer.toHexString(jars.hashCode()) + ".aot");
    if (!Files.exists(archive)) {
      Path fresh = HOME.resolve("server-" + ProcessHandle.current().pid() + ".new");
      make(fresh, jars);
      Files.move(fresh, archive, StandardCopyOption.REPLACE_EXISTING);
    }
    return archive;
  }

  /// Starts a server, and ends it when it is ready: what it has loaded then is in the archive.
  private static void make(Path archive, String jars) throws IOException {
    Path data = Files.createTempDirectory("fast-start");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:AOTCacheOutput=" + archive.toAbsolutePath(),
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djdk.serialFilter=!*",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                jars,
                "org.caravanmta.cli.Main",
                "start",
                "--data",
                data.toString(),
                "--set",
                "hostname=mx.caravan.test",
                "--set",
                "listeners.smtp.address=127.0.0.1:0",
                "--set",
                "listeners.submission.address=127.0.0.1:0")
            .redirectErrorStream(true)
            .start();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("ready ")) {
          // which leaves its output open
          process.toHandle().destroy();
        }
      }
      if (!process.waitFor(60, TimeUnit.SECONDS) || !Files.exists(archive)) {
        throw new IOException("no archive was made");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
