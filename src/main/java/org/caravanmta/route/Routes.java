package org.caravanmta.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.caravanmta.message.Queues;
import org.caravanmta.stage.Problem;
import org.jspecify.annotations.Nullable;

/// The operator's route files: every file of a directory, read into a Camel context in the order of
/// their names. A file that adds nothing, or that Camel cannot read, is refused by its name; Camel
/// by itself passes over some broken XML with a warning.
///
/// @param directory holds `*.camel.yaml` and `*.camel.xml`; what lies in its sub-directories is not
///   read, nor is a file whose name starts with a dot
public record Routes(Path directory) {
  private static final String QUEUE_SCHEME = "artemis:";

  /// Listeners start after every stage, and stop before any.
  private static final int LISTENERS_LAST = 100_000;

  /// What is wrong with the route files, in one line for the operator.
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unusable(String line) {
      super(line);
    }
  }

  /// The queues that the files name.
  ///
  /// @param consumed by a route: `routing`, or a family such as `deferred.*`
  /// @param fed by a route, with the id of the route that does
  public record QueueEnds(Set<String> consumed, TreeMap<String, String> fed) {
    /// The single queues, families left out.
    public Set<String> single() {
      var single = new TreeSet<String>();
      single.addAll(consumed);
      single.addAll(fed.keySet());
      single.removeIf(name -> Queues.isFamily(name));
      return single;
    }

    /// Refuses a queue that is fed but that neither a route nor the operator empties: mail would
    /// rest there unseen.
    public void checkBothEnds(Set<String> emptiedByHand) throws Unusable {
      for (var feeding : fed.entrySet()) {
        String name = feeding.getKey();
        boolean family = Queues.isFamily(name);
        boolean emptied =
            consumed.contains(name)
                || emptiedByHand.contains(name)
                || consumed.stream()
                    .anyMatch(other -> family ? member(other, name) : member(name, other));
        if (!emptied) {
          throw new Unusable(
              "route "
                  + feeding.getValue()
                  + ": "
                  + QUEUE_SCHEME
                  + name
                  + " is a queue that no route consumes");
        }
      }
    }

    private static boolean member(String name, String family) {
      return Queues.isFamily(family) && Queues.covers(family, name);
    }
  }

  /// What a step or a route's start names.
  ///
  /// @param route its id
  /// @param name an endpoint's URI, or `bean` and, after a dot, `method`
  public record Named(String route, String name) {}

  /// Reads every file into `context`, which has its properties, beans and components but is not
  /// started, and tells which queues they name.
  public QueueEnds load(CamelContext context) throws Unusable {
    var builders = new TreeMap<Path, Collection<RoutesBuilder>>();
    for (Path file : files()) {
      builders.put(file, read(context, file));
    }
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    // configurations first: routes of any file may name them
    var configures = new TreeSet<Path>();
    for (var file : builders.entrySet()) {
      int before = model.getRouteConfigurationDefinitions().size();
      for (RoutesBuilder builder : file.getValue()) {
        if (builder instanceof RouteConfigurationsBuilder configurations) {
          adding(file.getKey(), () -> context.addRoutesConfigurations(configurations));
        }
      }
      if (model.getRouteConfigurationDefinitions().size() > before) {
        configures.add(file.getKey());
      }
    }
    var ids = new TreeMap<String, Path>();
    for (var file : builders.entrySet()) {
      int before = definitions(model);
      for (RoutesBuilder builder : file.getValue()) {
        adding(file.getKey(), () -> context.addRoutes(builder));
        claim(ids, file.getKey(), builder);
      }
      if (definitions(model) == before && !configures.contains(file.getKey())) {
        throw new Unusable(file.getKey() + ": holds no route; a file here has at least one");
      }
    }
    checkConfigurations(model);
    orderListeners(model.getRouteDefinitions());
    return queues(context, model);
  }

  /// Camel lets the second route of an id take the place of the first.
  private static void claim(Map<String, Path> ids, Path file, RoutesBuilder builder)
      throws Unusable {
    if (builder instanceof RouteBuilder routes) {
      for (RouteDefinition route : routes.getRouteCollection().getRoutes()) {
        Path other = route.getRouteId() == null ? null : ids.put(route.getRouteId(), file);
        if (other != null) {
          throw new Unusable(
              file + ": the id " + route.getRouteId() + " is that of a route in " + other);
        }
      }
    }
  }

  private List<Path> files() throws Unusable {
    if (!Files.isDirectory(directory)) {
      throw new Unusable(directory + ": there is no such directory of route files");
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
          throw new Unusable(
              file + ": is not a route file; those end in .camel.yaml or .camel.xml");
        }
      }
      if (files.isEmpty()) {
        throw new Unusable(directory + ": holds no route file (*.camel.yaml, *.camel.xml)");
      }
      return files;
    } catch (IOException e) {
      throw new Unusable(directory + ": cannot be read: " + e);
    }
  }

  private static Collection<RoutesBuilder> read(CamelContext context, Path file) throws Unusable {
    if (file.toString().endsWith(".xml")) {
      checkWellFormed(file);
    }
    var found = new ArrayList<RoutesBuilder>();
    adding(
        file,
        () -> {
          var resource = ResourceHelper.resolveMandatoryResource(context, "file:" + file);
          found.addAll(PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource));
        });
    if (found.isEmpty()) {
      throw new Unusable(file + ": holds no route; a file here has at least one");
    }
    return found;
  }

  /// Camel passes over a document whose first lines it cannot read.
  private static void checkWellFormed(Path file) throws Unusable {
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
      throw new Unusable(file + ":" + line + ": is not XML: " + why.strip());
    } catch (IOException e) {
      throw new Unusable(file + ": cannot be read: " + e);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  private static void adding(Path file, Step step) throws Unusable {
    try {
      step.run();
    } catch (UnsupportedOperationException e) {
      // all that Camel says of it
      throw new Unusable(
          file
              + ": a step has a text where it needs its options, as in wireTap: { uri: direct:x }");
    } catch (Exception e) {
      throw new Unusable(file + ": " + Problem.inOneLine(e));
    }
  }

  private static int definitions(Model model) {
    return model.getRouteDefinitions().size() + model.getRouteTemplateDefinitions().size();
  }

  /// Camel runs a route without the configuration that it names, where there is none of that name.
  private void checkConfigurations(Model model) throws Unusable {
    for (RouteDefinition route : model.getRouteDefinitions()) {
      String all = route.getRouteConfigurationId();
      for (String named : all == null ? new String[0] : all.split(",")) {
        if (model.getRouteConfigurationDefinitions().stream()
            .noneMatch(known -> PatternHelper.matchPattern(known.getId(), named.strip()))) {
          throw new Unusable(
              "route %s: no file in %s has the route configuration %s"
                  .formatted(route.getRouteId(), directory, named));
        }
      }
    }
  }

  private static void orderListeners(List<RouteDefinition> routes) {
    int order = LISTENERS_LAST;
    for (RouteDefinition route : routes) {
      String from = route.getInput().getEndpointUri();
      if ((from.startsWith("netty:") || from.startsWith("maildrop:"))
          && route.getStartupOrder() == null) {
        route.setStartupOrder(order++);
      }
    }
  }

  private static QueueEnds queues(CamelContext context, Model model) {
    var queues = new QueueEnds(new TreeSet<>(), new TreeMap<>());
    for (RouteDefinition route : model.getRouteDefinitions()) {
      String from = context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
      if (from.startsWith(QUEUE_SCHEME)) {
        queues.consumed().add(name(from));
      }
      feeds(context, route.getOutputs(), route.getRouteId(), queues);
    }
    for (var configuration : model.getRouteConfigurationDefinitions()) {
      for (var onException : configuration.getOnExceptions()) {
        feeds(context, onException.getOutputs(), configuration.getId(), queues);
      }
    }
    return queues;
  }

  private static void feeds(
      CamelContext context, List<ProcessorDefinition<?>> steps, String route, QueueEnds into) {
    for (String uri : targets(steps)) {
      String resolved = context.resolvePropertyPlaceholders(uri);
      if (resolved.startsWith(QUEUE_SCHEME) && !resolved.contains("${")) {
        into.fed().putIfAbsent(name(resolved), route);
      }
    }
  }

  /// `routes/checks.camel.yaml: ` when it is known where a route stands.
  static String file(RouteDefinition route) {
    return route.getResource() == null
        ? ""
        : route.getResource().getLocation().replaceFirst("^file:", "") + ": ";
  }

  static List<String> targets(List<ProcessorDefinition<?>> steps) {
    var uris = new ArrayList<String>();
    for (var to : ProcessorDefinitionHelper.filterTypeInOutputs(steps, ToDefinition.class)) {
      uris.add(to.getEndpointUri());
    }
    for (var to : ProcessorDefinitionHelper.filterTypeInOutputs(steps, ToDynamicDefinition.class)) {
      uris.add(to.getUri());
    }
    return uris;
  }

  /// Every endpoint that a route of `context` names, with its placeholders resolved; those whose
  /// URI is made for each message are left out.
  public static List<Named> endpoints(CamelContext context) {
    var named = new ArrayList<Named>();
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    for (RouteDefinition route : model.getRouteDefinitions()) {
      var uris = new ArrayList<>(List.of(route.getInput().getEndpointUri()));
      uris.addAll(targets(route.getOutputs()));
      for (String uri : uris) {
        String resolved = context.resolvePropertyPlaceholders(uri);
        if (!resolved.contains("${")) {
          named.add(new Named(route.getRouteId(), resolved));
        }
      }
    }
    return named;
  }

  /// Refuses a step that names a bean, or a method of one, that there is not.
  public static void checkBeans(CamelContext context) throws Unusable {
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    for (RouteDefinition route : model.getRouteDefinitions()) {
      checkBeans(context, "route " + route.getRouteId(), route.getOutputs());
    }
    for (var configuration : model.getRouteConfigurationDefinitions()) {
      for (var onException : configuration.getOnExceptions()) {
        checkBeans(
            context, "route configuration " + configuration.getId(), onException.getOutputs());
      }
    }
  }

  private static void checkBeans(
      CamelContext context, String where, List<ProcessorDefinition<?>> steps) throws Unusable {
    for (var step : ProcessorDefinitionHelper.filterTypeInOutputs(steps, BeanDefinition.class)) {
      if (step.getRef() == null) {
        continue;
      }
      Object bean = bean(context, where, step.getRef());
      if (bean == null) {
        throw new Unusable(where + ": there is no bean " + step.getRef());
      }
      String method = step.getMethod() == null ? "" : step.getMethod().replaceFirst("\\(.*", "");
      if (!method.isEmpty()
          && Arrays.stream(bean.getClass().getMethods())
              .noneMatch(known -> known.getName().equals(method))) {
        throw new Unusable(where + ": the bean " + step.getRef() + " has no method " + method);
      }
    }
  }

  private static @Nullable Object bean(CamelContext context, String where, String name)
      throws Unusable {
    try {
      return context.getRegistry().lookupByName(name);
    } catch (IllegalArgumentException e) {
      throw new Unusable(where + ": " + Problem.inOneLine(e));
    }
  }

  /// `routing` of `artemis:routing?durable=true` and of `artemis://routing`.
  static String name(String uri) {
    String path = uri.substring(QUEUE_SCHEME.length()).replaceFirst("^//", "");
    int question = path.indexOf('?');
    return question < 0 ? path : path.substring(0, question);
  }
}
