package org.caravanmta.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.caravanmta.stage.Problem;

/// The files of a directory of routes. A file that Camel cannot read is refused with its name;
/// Camel alone would skip some broken XML with a warning.
///
/// @param directory has `*.camel.yaml` and `*.camel.xml` in it; sub-directories are not read, nor
///   are files whose name starts with a dot
record RouteFiles(Path directory) {
  /// The files in the order of their names, at least one.
  ///
  /// @throws UnusableRoutes if there is none, or a file that is not a route file
  List<Path> all() throws UnusableRoutes {
    if (!Files.isDirectory(directory)) {
      throw new UnusableRoutes(directory + ": there is no such directory of route files");
    }
    try (var listed = Files.list(directory)) {
      var files =
          listed
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .sorted()
              .toList();
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!name.endsWith(".yaml") && !name.endsWith(".xml")) {
          throw new UnusableRoutes(
              file + ": is not a route file; those end in .camel.yaml or .camel.xml");
        }
      }
      if (files.isEmpty()) {
        throw new UnusableRoutes(directory + ": holds no route file (*.camel.yaml, *.camel.xml)");
      }
      return files;
    } catch (IOException e) {
      throw new UnusableRoutes(directory + ": cannot be read: " + e);
    }
  }

  /// The routes and route configurations of a file.
  ///
  /// @throws UnusableRoutes if the file cannot be read, or has none
  static Collection<RoutesBuilder> read(CamelContext context, Path file) throws UnusableRoutes {
    if (file.toString().endsWith(".xml")) {
      checkWellFormed(file);
    }
    var found = new ArrayList<RoutesBuilder>();
    adding(
        file,
        () -> {
          var resource = ResourceHelper.resolveMandatoryResource(context, uri(file));
          found.addAll(PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource));
        });
    if (found.isEmpty()) {
      throw new UnusableRoutes(file + ": holds no route; a file here has at least one");
    }
    return found;
  }

  /// A file as Camel names it, which reads `+` and `%41` in a name as other characters.
  private static String uri(Path file) {
    return "file:" + file.toString().replace("%", "%25").replace("+", "%2B");
  }

  /// Checks that a file is XML: Camel would skip a file whose first lines it cannot read.
  private static void checkWellFormed(Path file) throws UnusableRoutes {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    try (var in = Files.newInputStream(file)) {
      var document = factory.createXMLStreamReader(in);
      while (document.hasNext()) {
        document.next();
      }
    } catch (XMLStreamException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNumber();
      String why = String.valueOf(e.getMessage()).replaceFirst("(?s).*Message: ", "");
      throw new UnusableRoutes(file + ":" + line + ": is not XML: " + why.strip());
    } catch (IOException e) {
      throw new UnusableRoutes(file + ": cannot be read: " + e);
    }
  }

  /// What Camel does with a file.
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  /// Has Camel do something with a file, and adds the name of the file to its complaint.
  static void adding(Path file, Step step) throws UnusableRoutes {
    try {
      step.run();
    } catch (UnsupportedOperationException e) {
      // Camel says no more than this
      throw new UnusableRoutes(
          file
              + ": a step has a text where it needs its options, as in wireTap: { uri: direct:x }");
    } catch (Exception e) {
      throw new UnusableRoutes(file + ": " + Problem.inOneLine(e));
    }
  }
}
