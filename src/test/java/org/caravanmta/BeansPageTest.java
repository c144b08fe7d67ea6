package org.caravanmta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravanmta.settings.SettingsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page of beans says of each what it is: the class that a route's `ref` leads to, with the
/// first sentence of its Javadoc.
class BeansPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/beans.md");
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern FIRST_SENTENCE =
      Pattern.compile("(?s)\\n((?:///[^\\n]*\\n)+)(?:@\\w[^\\n]*\\n)*(?:public |final |sealed )");

  @Test
  void eachBeanHasItsClassAndWhatThatDoes(@TempDir Path directory) throws Exception {
    var settings =
        SettingsFile.read(Optional.empty(), List.of(), Optional.of(directory.resolve("var")));
    var rows = new TreeMap<String, String>();
    try (var assembly = Caravan.assembly(settings, Path.of("routes"))) {
      for (var bean : assembly.stages.beans().entrySet()) {
        rows.put(bean.getKey(), row(bean.getKey(), bean.getValue().getClass()));
      }
    }
    String page = Files.readString(PAGE);
    String table = page.substring(page.indexOf("|---|---|---|\n") + "|---|---|---|\n".length());
    assertThat(table)
        .as("after the line of dashes in %s", PAGE)
        .isEqualTo(String.join("\n", rows.values()) + "\n");
  }

  private static String row(String name, Class<?> type) throws IOException {
    // of several that share one form: a lambda, or a class within the one that makes it
    Class<?> outer = type;
    while (outer.getEnclosingClass() != null) {
      outer = outer.getEnclosingClass();
    }
    String full = outer.getName().replaceFirst("\\$\\$Lambda.*", "");
    boolean ours = full.startsWith("org.caravanmta.");
    String shown = ours ? full.substring("org.caravanmta.".length()) : full;
    String described = type.isHidden() ? type.getInterfaces()[0].getName() : full;
    return "| `" + name + "` | `" + shown + "` | " + (ours ? sentence(described) : "") + " |";
  }

  private static String sentence(String type) throws IOException {
    String source = Files.readString(SOURCES.resolve(type.replace('.', '/') + ".java"));
    Matcher javadoc = FIRST_SENTENCE.matcher(source);
    assertThat(javadoc.find()).as("Javadoc of %s", type).isTrue();
    String text = javadoc.group(1).replaceAll("(?m)^/// ?", "").replaceAll("\\s+", " ").strip();
    return text.replaceFirst("\\.( [A-Z`].*|$)", "").replaceAll("\\{@link (?:#?)([^}]*)}", "`$1`");
  }
}
