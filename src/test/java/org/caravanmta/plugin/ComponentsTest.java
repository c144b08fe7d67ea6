package org.caravanmta.plugin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which jars of a component come beside those of an installation, and when none does.
class ComponentsTest {
  @TempDir Path directory;
  private Path offered;
  private Components components;

  @BeforeEach
  void install() throws IOException {
    Path lib = Files.createDirectory(directory.resolve("lib"));
    offered = Files.createDirectory(directory.resolve("offered"));
    components = new Components(lib, directory.resolve("plugins"));
    jar(lib, "camel-api-4.18.0.jar");
    jar(lib, "slf4j-api-2.0.18.jar");
    jar(offered, "camel-api-4.18.0.jar");
    jar(offered, "slf4j-api-2.0.17.jar");
    jar(offered, "camel-x-4.18.0.jar", "x");
    jar(offered, "x-client-1.0.jar");
  }

  @Test
  void onlyWhatLibDoesNotHaveIsAdded() throws Exception {
    Components.Result result = components.add("camel-x", offered);

    assertThat(result.remarks())
        .containsExactly("lib has slf4j-api-2.0.18.jar; camel-x asks for slf4j-api-2.0.17.jar");
    assertThat(result.added())
        .isEqualTo(
            new Components.Added(
                "x", "4.18.0", List.of("x"), List.of("camel-x-4.18.0.jar", "x-client-1.0.jar")));
    assertThat(files()).containsExactly("camel-x-4.18.0.jar", "x-client-1.0.jar", "x.component");
    assertThat(components.add("x", offered).added()).isEqualTo(result.added());
    jar(components.plugins(), "own-1.jar");
    assertThat(components.own()).containsExactly("own-1.jar");
    assertThat(components.list()).containsExactly(result.added());
  }

  @Test
  void whatAnotherNeedsStays() throws Exception {
    components.add("x", offered);
    Files.delete(offered.resolve("camel-x-4.18.0.jar"));
    jar(offered, "camel-y-4.18.0.jar", "y", "ys");
    components.add("y", offered);

    assertThat(components.remove("x")).containsExactly("camel-x-4.18.0.jar");
    assertThat(files()).containsExactly("camel-y-4.18.0.jar", "x-client-1.0.jar", "y.component");
    assertThat(components.remove("y")).hasSize(2);
    assertThat(files()).isEmpty();
    assertThatThrownBy(() -> components.remove("y")).hasMessage("no component y has been added");
  }

  @Test
  void anotherVersionOfAJarIsNamed() throws Exception {
    components.add("x", offered);
    Files.delete(offered.resolve("x-client-1.0.jar"));
    jar(offered, "x-client-2.0.jar");

    assertThatThrownBy(() -> components.add("x", offered))
        .isInstanceOf(ComponentProblem.class)
        .hasMessageContaining("x-client-1.0.jar is in " + components.plugins() + " already")
        .hasMessageContaining("x-client-2.0.jar is wanted");
    assertThat(files()).containsExactly("camel-x-4.18.0.jar", "x-client-1.0.jar", "x.component");
  }

  @Test
  void aComponentThatDoesNotLoadIsNotAdded() throws Exception {
    jar(offered, "camel-z-4.18.0.jar", "missing");

    assertThatThrownBy(() -> components.add("z", offered))
        .hasMessageContaining("the component missing does not load")
        .hasMessageContaining("org.example.Nowhere");
    assertThat(components.plugins()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "../x | is not the name of a component",
        "w | has no camel-w-4.18.0.jar",
        "old | has no camel-old-4.18.0.jar"
      })
  void whatIsNotThereIsSaid(String name, String why) throws Exception {
    jar(offered, "camel-old-4.17.0.jar", "old");

    assertThatThrownBy(() -> components.add(name, offered)).hasMessageContaining(why);
    assertThat(components.plugins()).doesNotExist();
  }

  @Test
  void whereThereIsNoMavenItSaysHow() {
    assertThatThrownBy(() -> components.add("kafka", new MavenFetch("/no/such/mvn")))
        .hasMessageContaining("there is no /no/such/mvn here")
        .hasMessageContaining("<artifactId>camel-kafka</artifactId><version>4.18.0</version>")
        .hasMessageContaining("caravan component add kafka --from jars");
  }

  @Test
  void whatMavenSaysIsPassedOn() throws Exception {
    Path maven = directory.resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\necho '[ERROR] Could not find artifact'; exit 1\n");
    assertThat(maven.toFile().setExecutable(true)).isTrue();

    assertThatThrownBy(() -> components.add("kafka", new MavenFetch(maven.toString())))
        .hasMessageContaining("camel-kafka 4.18.0 cannot be fetched")
        .hasMessageContaining("[ERROR] Could not find artifact");
  }

  @ParameterizedTest
  @CsvSource({
    "slf4j-api-2.0.18.jar, slf4j-api 2.0.18",
    "bcpkix-jdk18on-1.82.jar, bcpkix-jdk18on 1.82",
    "guava-33.4.0-jre.jar, guava 33.4.0-jre",
    "netty-common-4.1.137.Final.jar, netty-common 4.1.137.Final",
    "netty-transport-native-epoll-4.1.137.Final-linux-x86_64.jar,"
        + " netty-transport-native-epoll-linux-x86_64 4.1.137.Final"
  })
  void aJarIsKnownByItsName(String file, String name) {
    assertThat(JarName.of(Path.of("lib", file)))
        .hasValueSatisfying(jar -> assertThat(jar).hasToString(name));
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(components.plugins())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /// A jar that says which components are in it; that of the scheme `missing` is nowhere.
  private static void jar(Path where, String name, String... schemes) throws IOException {
    try (var jar = new JarOutputStream(Files.newOutputStream(where.resolve(name)))) {
      for (String scheme : schemes) {
        jar.putNextEntry(new ZipEntry("META-INF/services/org/apache/camel/component/" + scheme));
        String made = scheme.equals("missing") ? "org.example.Nowhere" : "java.lang.Object";
        jar.write(("class=" + made + "\n").getBytes(US_ASCII));
      }
    }
  }
}
