package org.caravanmta.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The name of a jar as Maven gives it: `artifact-version.jar`, `artifact-version-classifier.jar`.
///
/// @param artifact with its classifier, if it has one: what there may be one version of
record JarName(String artifact, String version) {
  private static final Pattern FORM =
      Pattern.compile(
          "(.+?)-(\\d\\w*(?:\\.\\w+)*(?:-(?:jre|android|alpha|beta|M\\d+|RC\\d+)[\\w.]*)?)(-[\\w-]+)?"
              + "\\.jar");

  /// Absent for a jar of another name.
  static Optional<JarName> of(Path jar) {
    var form = FORM.matcher(jar.getFileName().toString());
    return form.matches()
        ? Optional.of(
            new JarName(
                form.group(1) + (form.group(3) == null ? "" : form.group(3)), form.group(2)))
        : Optional.empty();
  }

  /// The jars of a directory, by artifact; none if there is no directory.
  static TreeMap<String, Path> in(Path directory) throws IOException {
    var found = new TreeMap<String, Path>();
    if (Files.isDirectory(directory)) {
      try (var files = Files.newDirectoryStream(directory, "*.jar")) {
        for (Path jar : files) {
          found.put(of(jar).map(JarName::artifact).orElse(jar.getFileName().toString()), jar);
        }
      }
    }
    return found;
  }

  @Override
  public String toString() {
    return artifact + " " + version;
  }
}
