package org.caravanmta.plugin;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The directory of plugins: jars that are on the class path after those of `lib`. What a component
/// has brought is in a file beside them, `NAME.component`, a line for each jar; all other jars are
/// the operator's own.
///
/// @param lib the libraries of the installation, which are never changed
/// @param plugins the directory
public record Components(Path lib, Path plugins) {
  private static final String RECORD = ".component";
  private static final String API = "camel-api";

  /// What is there of a component.
  ///
  /// @param camel the version of Camel that it is of
  /// @param schemes those of its endpoints
  public record Added(String name, String camel, List<String> schemes, List<String> jars) {}

  /// What adding has come to.
  ///
  /// @param remarks jars of `lib` that are used though the component asks for another version
  public record Result(Added added, List<String> remarks) {}

  /// The version of Camel in `lib`, which is that of each component.
  public String camel() throws IOException, ComponentProblem {
    Path api = JarName.in(lib).get(API);
    Optional<JarName> name = Optional.ofNullable(api).flatMap(JarName::of);
    if (name.isEmpty()) {
      throw new ComponentProblem(
          lib + " has no " + API + ": components are added to an installation");
    }
    return name.get().version();
  }

  /// Fetches a component and adds it.
  public Result add(String name, MavenFetch maven)
      throws IOException, InterruptedException, ComponentProblem {
    String component = checked(name);
    Path work = Files.createTempDirectory("caravan-component");
    try {
      Path jars = work.resolve("jars");
      maven.fetch(component, camel(), work, jars);
      return add(component, jars);
    } finally {
      delete(work);
    }
  }

  /// Adds a component whose jars, and those that it needs, are in a directory.
  ///
  /// @throws ComponentProblem says why it does not fit
  public Result add(String name, Path jars) throws IOException, ComponentProblem {
    String component = checked(name);
    String camel = camel();
    String artifact = "camel-" + component;
    var offered = JarName.in(jars);
    Path own = offered.get(artifact);
    if (own == null || !JarName.of(own).map(JarName::version).equals(Optional.of(camel))) {
      throw new ComponentProblem("%s has no %s-%s.jar".formatted(jars, artifact, camel));
    }
    var remarks = new ArrayList<String>();
    var fresh = new TreeMap<String, Path>();
    var there = JarName.in(lib);
    for (Map.Entry<String, Path> each : offered.entrySet()) {
      Path ours = there.get(each.getKey());
      if (ours == null) {
        fresh.put(each.getKey(), each.getValue());
      } else if (!ours.getFileName().equals(each.getValue().getFileName())) {
        remarks.add(
            "lib has %s; %s asks for %s"
                .formatted(ours.getFileName(), artifact, each.getValue().getFileName()));
      }
    }
    if (there.containsKey(artifact)) {
      throw new ComponentProblem(artifact + " is in lib already");
    }
    checkVersions(fresh);
    var schemes = LoadedComponents.load(own, neighbours(fresh));
    if (schemes.isEmpty()) {
      remarks.add(artifact + " has no component: it is a library, a language or a data format");
    }
    install(component, fresh);
    return new Result(added(component), remarks);
  }

  /// Takes away what a component has brought and no other needs.
  ///
  /// @return the jars that are gone
  public List<String> remove(String name) throws IOException, ComponentProblem {
    if (!Files.exists(record(checked(name)))) {
      throw new ComponentProblem("no component " + name + " has been added");
    }
    Set<String> others = new HashSet<>();
    for (Added each : list()) {
      if (!each.name().equals(name)) {
        others.addAll(each.jars());
      }
    }
    var gone = new ArrayList<String>();
    for (String jar : added(name).jars()) {
      if (!others.contains(jar) && Files.deleteIfExists(plugins.resolve(jar))) {
        gone.add(jar);
      }
    }
    Files.delete(record(name));
    return gone;
  }

  /// The components that have been added.
  public List<Added> list() throws IOException {
    var all = new ArrayList<Added>();
    if (Files.isDirectory(plugins)) {
      try (var files = Files.newDirectoryStream(plugins, "*" + RECORD)) {
        for (Path file : files) {
          String named = file.getFileName().toString();
          all.add(added(named.substring(0, named.length() - RECORD.length())));
        }
      }
    }
    all.sort((a, b) -> a.name().compareTo(b.name()));
    return all;
  }

  /// The jars that no component has brought.
  public List<String> own() throws IOException {
    var own = new ArrayList<String>();
    JarName.in(plugins).values().forEach(jar -> own.add(jar.getFileName().toString()));
    list().forEach(each -> own.removeAll(each.jars()));
    return own;
  }

  private Added added(String name) throws IOException {
    List<String> jars = Files.readAllLines(record(name));
    String artifact = "camel-" + name;
    for (String jar : jars) {
      Path file = plugins.resolve(jar);
      Optional<JarName> named = JarName.of(file);
      if (named.map(JarName::artifact).equals(Optional.of(artifact)) && Files.exists(file)) {
        return new Added(name, named.get().version(), LoadedComponents.schemes(file), jars);
      }
    }
    return new Added(name, "?", List.of(), jars);
  }

  private void checkVersions(Map<String, Path> fresh) throws IOException, ComponentProblem {
    var there = JarName.in(plugins);
    for (Map.Entry<String, Path> each : fresh.entrySet()) {
      Path older = there.get(each.getKey());
      if (older != null && !older.getFileName().equals(each.getValue().getFileName())) {
        throw new ComponentProblem(
            "%s is in %s already, and %s is wanted: remove what brought it (caravan component list)"
                .formatted(older.getFileName(), plugins, each.getValue().getFileName()));
      }
    }
  }

  private List<Path> neighbours(Map<String, Path> fresh) throws IOException {
    var all = new TreeMap<>(JarName.in(plugins));
    all.putAll(fresh);
    return List.copyOf(all.values());
  }

  /// Each jar is there whole or not at all, and the record comes last.
  private void install(String component, Map<String, Path> fresh) throws IOException {
    Files.createDirectories(plugins);
    var moved = new ArrayList<Path>();
    var names = new ArrayList<String>();
    try {
      for (Path jar : fresh.values()) {
        Path to = plugins.resolve(jar.getFileName().toString());
        names.add(to.getFileName().toString());
        if (!Files.exists(to)) {
          put(Files.readAllBytes(jar), to);
          moved.add(to);
        }
      }
      put((String.join("\n", names) + "\n").getBytes(StandardCharsets.UTF_8), record(component));
    } catch (IOException e) {
      for (Path half : moved) {
        Files.deleteIfExists(half);
      }
      throw e;
    }
  }

  private static void put(byte[] bytes, Path to) throws IOException {
    Path part = to.resolveSibling("." + to.getFileName() + ".part");
    try {
      Files.write(part, bytes);
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
      try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private Path record(String name) {
    return plugins.resolve(name + RECORD);
  }

  /// With or without the prefix of artifacts.
  private static String checked(String name) throws ComponentProblem {
    String component = name.startsWith("camel-") ? name.substring("camel-".length()) : name;
    if (!component.matches("[a-z0-9][a-z0-9-]*")) {
      throw new ComponentProblem(name + " is not the name of a component, such as kafka");
    }
    return component;
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
