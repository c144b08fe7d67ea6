package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.Ports;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server is started, and called, by who has no locale, as containers, units and cron do: the
/// names of mailboxes are UTF-8 all the same.
class LocaleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private Path data;
  private Path home;

  @BeforeEach
  void install() throws IOException {
    data = directory.resolve("var");
    home = directory.resolve("installation");
    Files.createDirectories(home.resolve("bin"));
    Files.copy(Path.of("src/main/dist/bin/caravan"), home.resolve("bin/caravan"));
    Files.createSymbolicLink(home.resolve("bin/sendmail"), Path.of("caravan"));
    Files.createDirectory(home.resolve("routes"));
    try (Stream<Path> routes = Files.list(Path.of("routes"))) {
      for (Path route : routes.filter(Files::isRegularFile).toList()) {
        Files.copy(route, home.resolve(route));
      }
    }
    Path lib = Files.createDirectory(home.resolve("lib"));
    // one archive that names the class path of this test
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" ")));
    new JarOutputStream(Files.newOutputStream(lib.resolve("caravan.jar")), manifest).close();
  }

  @Test
  void mailboxesAndDomainsHaveTheirNamesWhateverTheLocale() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("caravan.yaml"),
            """
            hostname: mx.caravan.test
            data: { directory: %s }
            domains: { own: [caravan.test, gr\u00fc\u00dfe.example] }
            recipients: { own: [] }
            listeners:
              smtp: { address: "127.0.0.1:%d" }
              submission: { enabled: false }
            """
                .formatted(data, Ports.free()));
    Process server =
        launch("C", List.of(program("caravan"), "start", "--config", config.toString()))
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    try {
      await().atMost(PATIENCE).until(() -> says("ready") || !server.isAlive());
      assertThat(server.isAlive()).as(Files.readString(directory.resolve("log"))).isTrue();

      for (String locale : List.of("C", "", "POSIX", "no_SUCH.ISO-8859-1")) {
        assertThat(
                sendmail(
                    locale,
                    config,
                    "-f",
                    "j\u00fcrgen@caravan.test",
                    "-F",
                    "J\u00f6rg \u5f20",
                    "zo\u00eb" + locale.length() + "@gr\u00fc\u00dfe.example"))
            .isEmpty();
        String letter = letter("xn--gre-6ka8l.example", "zo\u00eb" + locale.length());
        assertThat(letter)
            .startsWith("Return-Path: <j\u00fcrgen@caravan.test>")
            .doesNotContain("\uFFFD");
      }
      assertThat(says("stage broke")).isFalse();
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  @Test
  void anArgumentInAnotherEncodingIsRefusedAndNotMailedToSomebodyElse() throws Exception {
    Path address = directory.resolve("address");
    Files.write(address, "jos\u00e9@caravan.test".getBytes(ISO_8859_1));
    Process process =
        launch(
                "C",
                List.of(
                    "sh",
                    "-c",
                    "exec \"$1\" --data \"$2\" -f bob@caravan.test \"$(cat \"$3\")\"",
                    "sh",
                    program("sendmail"),
                    data.toString(),
                    address.toString()))
            .start();
    process.getOutputStream().close();
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).contains("is not UTF-8");
    assertThat(process.waitFor()).isEqualTo(65);
  }

  private String program(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  private ProcessBuilder launch(String locale, List<String> command) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("L(ANG|C_).*|CARAVAN_.*"));
    builder
        .environment()
        .putAll(
            Map.of(
                "CARAVAN_JAVA",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "CARAVAN_OPTIONS",
                "-XX:TieredStopAtLevel=1"));
    if (!locale.isEmpty()) {
      builder.environment().put("LC_ALL", locale);
    }
    return builder;
  }

  private String sendmail(String locale, Path config, String... args) throws Exception {
    var command =
        Stream.concat(Stream.of(program("sendmail"), "-C", config.toString()), Stream.of(args))
            .toList();
    Process process = launch(locale, command).start();
    try (var in = process.getOutputStream()) {
      in.write("Subject: hello\n\nhello\n".getBytes(UTF_8));
    }
    var out = new ByteArrayOutputStream();
    process.getInputStream().transferTo(out);
    assertThat(process.waitFor()).as(out.toString(UTF_8)).isZero();
    return out.toString(UTF_8);
  }

  private String letter(String domain, String user) throws IOException {
    Path fresh = data.resolve("mail").resolve(domain).resolve(user).resolve("Maildir/new");
    await()
        .atMost(PATIENCE)
        .until(() -> Files.isDirectory(fresh) && fresh.toFile().list().length > 0);
    try (Stream<Path> files = Files.list(fresh)) {
      return Files.readString(files.findFirst().orElseThrow());
    }
  }

  private boolean says(String text) throws IOException {
    return Files.readString(directory.resolve("log")).contains(text);
  }
}
