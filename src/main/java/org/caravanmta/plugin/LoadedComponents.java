package org.caravanmta.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.jar.JarFile;

/// Tries whether the Camel components of a jar can be made from it and its neighbours.
final class LoadedComponents {
  private static final String SERVICES = "META-INF/services/org/apache/camel/component/";

  private LoadedComponents() {}

  /// The schemes that a jar has components for.
  static List<String> schemes(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      return List.copyOf(
          new TreeSet<>(
              file.stream()
                  .map(entry -> entry.getName())
                  .filter(name -> name.startsWith(SERVICES) && name.length() > SERVICES.length())
                  .map(name -> name.substring(SERVICES.length()))
                  .toList()));
    }
  }

  /// Makes each component of a jar.
  ///
  /// @param others what is on the class path besides `lib`
  /// @throws ComponentProblem says which cannot be made, and why
  static List<String> load(Path jar, Collection<Path> others) throws IOException, ComponentProblem {
    var urls = new ArrayList<URL>();
    for (Path each : others) {
      urls.add(each.toUri().toURL());
    }
    urls.add(jar.toUri().toURL());
    List<String> schemes = schemes(jar);
    try (var loader =
        new URLClassLoader(urls.toArray(URL[]::new), LoadedComponents.class.getClassLoader())) {
      for (String scheme : schemes) {
        load(loader, scheme);
      }
    }
    return schemes;
  }

  private static void load(ClassLoader loader, String scheme) throws IOException, ComponentProblem {
    var service = new Properties();
    try (InputStream in = loader.getResourceAsStream(SERVICES + scheme)) {
      if (in != null) {
        service.load(in);
      }
    }
    String name = String.valueOf(service.getProperty("class"));
    try {
      Object made = Class.forName(name, true, loader).getDeclaredConstructor().newInstance();
      // options and producers need the classes of its own dependencies
      var _ = made.getClass().getDeclaredMethods();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new ComponentProblem("the component %s does not load: %s".formatted(scheme, e));
    }
  }
}
