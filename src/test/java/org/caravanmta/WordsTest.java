package org.caravanmta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.LineNumber;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The man pages of the packages name only what is there: each class that a `package-info.java`
/// links to, or names in backticks, is one of ours or the JDK's.
class WordsTest {
  private static final Path MAIN = Path.of("src/main/java");

  /// `{@link org.caravanmta.queue.Broker#start}`, `{@link Templates}`; a comment may break its
  /// line.
  private static final Pattern LINK = Pattern.compile("\\{@link(?:plain)?[\\s/]+([\\w.]+)[^}]*\\}");

  /// A name in backticks that looks like a class: `Broker`, not `FILE`, `From:` or `var`.
  private static final Pattern NAME = Pattern.compile("`([A-Z][a-z]\\w*(?:\\.[A-Z]\\w*)*)`");

  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");

  @Test
  void everyClassThatAPackagesPageNamesIsThere() throws IOException {
    var ours = declared();
    var missing = new TreeSet<String>();
    int named = 0;
    for (Path page : sources("package-info.java")) {
      for (String name : names(Files.readString(page))) {
        named++;
        if (!isThere(name, ours)) {
          missing.add(MAIN.relativize(page) + ": " + name);
        }
      }
    }

    assertThat(missing).as("named by a package-info.java, but not there").isEmpty();
    assertThat(named).as("classes named").isGreaterThan(50);
  }

  @Test
  void everyClassOfTheHouseThatTheReadmeNamesIsThere() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String chapter = readme.substring(readme.indexOf("## Working on it"));
    var named =
        Pattern.compile("`((?:[a-z]+\\.)+(?:[A-Z]\\w+)(?:\\.[A-Z]\\w+)*)(?:\\.[a-z]\\w+)?`")
            .matcher(chapter)
            .results()
            .map(match -> "org.caravanmta." + match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(named).hasSizeGreaterThan(15);
    for (String name : named) {
      assertThat(binary(name)).as(name).isNotNull();
    }
  }

  /// Whoever reads with care reads some ten lines of code in a minute, and some twenty-five of a
  /// page or a route.
  @Test
  void theWayOfAMessageIsAnHoursReading() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String chapter = readme.substring(readme.indexOf("## Working on it"));
    String way =
        chapter.substring(chapter.indexOf("**One relayed"), chapter.indexOf("**What to touch"));
    List<String[]> named =
        Pattern.compile("`((?:[a-z]+\\.)+(?:[A-Z]\\w+)(?:\\.[A-Z]\\w+)*)\\.([a-z]\\w+)`")
            .matcher(way)
            .results()
            .map(match -> new String[] {"org.caravanmta." + match.group(1), match.group(2)})
            .toList();
    int code = 0;
    for (String[] method : named) {
      int lines = linesOf(method[0], method[1]);
      assertThat(lines).as(String.join(".", method)).isPositive();
      code += lines;
    }
    int prose = (int) chapter.lines().count();
    for (String page : links(way)) {
      prose += Files.readAllLines(Path.of(page)).size();
    }

    assertThat(named).hasSizeGreaterThan(20);
    assertThat(code / 10 + prose / 25).as("minutes").isBetween(30, 60);
  }

  /// The pages and route files that a text links to.
  private static List<String> links(String text) {
    return Pattern.compile("\\]\\(((?:src/main|routes)/[^)]+)\\)")
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /// The lines of all methods of this name; 0 when there is none.
  private static int linesOf(String type, String method) throws IOException {
    String binary = binary(type);
    if (binary == null) {
      return 0;
    }
    try (InputStream in = WordsTest.class.getResourceAsStream(binary)) {
      return ClassFile.of().parse(Objects.requireNonNull(in).readAllBytes()).methods().stream()
          .filter(each -> each.methodName().equalsString(method))
          .filter(each -> each.code().isPresent())
          .mapToInt(
              each -> {
                IntSummaryStatistics numbers =
                    each.code()
                        .get()
                        .elementStream()
                        .filter(LineNumber.class::isInstance)
                        .mapToInt(element -> ((LineNumber) element).line())
                        .summaryStatistics();
                // with its first line and its last brace
                return numbers.getMax() - numbers.getMin() + 3;
              })
          .sum();
    }
  }

  /// The class file of a name with dots; null when there is none.
  private static @Nullable String binary(String name) {
    int top = name.indexOf('.', name.replaceAll("\\.[A-Z].*", "").length() + 1);
    String path = top < 0 ? name : name.substring(0, top) + name.substring(top).replace('.', '$');
    String file = "/" + path.replace('.', '/') + ".class";
    return WordsTest.class.getResource(file) == null ? null : file;
  }

  @Test
  void aClassThatIsNotThereIsSeen() throws IOException {
    var ours = declared();

    assertThat(
            names(
                "/// `Wiring` makes, {@link\n"
                    + "/// org.caravanmta.Gone} ends, `FILE` is, `From:` too"))
        .containsExactly("Wiring", "org.caravanmta.Gone");
    assertThat(isThere("Wiring", ours)).isFalse();
    assertThat(isThere("org.caravanmta.Gone", ours)).isFalse();
    assertThat(isThere("org.caravanmta.Caravan.Gone", ours)).isFalse();
    assertThat(isThere("org.caravanmta.Caravan", ours)).isTrue();
    assertThat(isThere("java.io.IOException", ours)).isTrue();
  }

  private static Set<String> names(String page) {
    var names = new TreeSet<String>();
    for (Pattern pattern : List.of(LINK, NAME)) {
      pattern.matcher(page).results().forEach(match -> names.add(match.group(1)));
    }
    return names;
  }

  private static boolean isThere(String name, Set<String> ours) {
    if (name.startsWith("java.")) {
      return isOfTheJdk(name);
    }
    if (!name.startsWith("org.")) {
      // a simple name, by which a page may name a class of its own package or any other
      return ours.stream().anyMatch(known -> known.endsWith("." + name));
    }
    return ours.contains(name) || Files.isRegularFile(packagePage(name));
  }

  /// The page of a package that is linked to by its name.
  private static Path packagePage(String name) {
    return MAIN.resolve(name.replace('.', '/')).resolve("package-info.java");
  }

  private static boolean isOfTheJdk(String name) {
    try {
      Class.forName(name, false, WordsTest.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /// Each class by its package, and each nested one by the file's class too.
  private static Set<String> declared() throws IOException {
    var declared = new TreeSet<String>();
    for (Path file : sources(".java")) {
      String top = MAIN.relativize(file).toString().replace(".java", "").replace('/', '.');
      String text =
          Files.readAllLines(file).stream()
              .filter(line -> !line.strip().startsWith("//"))
              .collect(Collectors.joining("\n"));
      DECLARED
          .matcher(text)
          .results()
          .map(match -> match.group(1))
          .forEach(name -> declared.add(top.endsWith("." + name) ? top : top + "." + name));
    }
    return declared;
  }

  private static List<Path> sources(String end) throws IOException {
    try (var files = Files.walk(MAIN)) {
      return files.filter(file -> file.toString().endsWith(end)).toList();
    }
  }
}
