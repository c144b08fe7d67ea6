package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrailTest {
  @TempDir Path directory;

  @Test
  void whoFollowsSeesTableAndLineOfEachEntryFound() throws IOException {
    Path virtual = directory.resolve("virtual");
    Files.writeString(virtual, "# aliases\njoe ann\n\nann eve,\n bob\n");
    var path =
        Tables.search(
            TableNames.of(
                "texthash:" + virtual,
                "pcre:{ {/no/ none} {/^x(.*)/ y$1} }",
                "cidr:{ {10.0.0.0/8 ten} }",
                "static:all"),
            InstantSource.system(),
            Values.ANY);

    var followed =
        Trail.follow(
            () -> {
              path.find("ann");
              path.find("xyz");
              path.find("10.1.2.3");
              return path.find("other");
            });

    assertThat(followed.result()).isInstanceOf(Search.Found.class);
    assertThat(followed.entries())
        .extracting(Trail.Entry::toString)
        .containsExactly(
            "texthash:" + virtual + ", line 4: eve, bob",
            "pcre:{ {/no/ none} {/^x(.*)/ y$1} }, entry 2: yyz",
            "cidr:{ {10.0.0.0/8 ten} }, entry 1: ten",
            "static:all: all");
  }
}
