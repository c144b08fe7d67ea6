package org.caravanmta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Queues;
import org.caravanmta.policy.Case;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.stage.Problem;
import org.caravanmta.story.Edits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every route file that is shipped, the examples among them, read as a server reads them: what
/// each route says of itself, and that what it names is there.
class ShippedRoutesTest {
  private static final Path SHIPPED = Path.of("routes");
  private static final Path EXAMPLES = SHIPPED.resolve("examples");

  /// What the operator empties (`caravan queue`).
  private static final Set<String> BY_HAND = Set.of("hold", "dead", "quarantined");

  /// What is empty, or passed over, where the operator has no such route.
  private static final Set<String> OPTIONAL = Set.of("direct:filters", "artemis:filter.*");

  @TempDir static Path directory;

  /// The shipped routes, and those with every example put to use.
  private static final List<Assembly> READ = new ArrayList<>();

  @BeforeAll
  static void read() throws Exception {
    READ.add(assembly(Edits.copyOfRoutes(directory.resolve("shipped"))));
    READ.add(assembly(withExamples(directory.resolve("examples"))));
  }

  @AfterAll
  static void close() {
    READ.forEach(Assembly::close);
  }

  @Test
  void noFileIsLeftOut() throws Exception {
    var read = new TreeSet<String>();
    for (RouteDefinition route : routes()) {
      read.add(fileOf(route.getResource().getLocation()));
    }
    // Camel does not say where a configuration stands, and this file holds nothing else
    if (configurations().stream()
        .map(RouteConfigurationDefinition::getId)
        .anyMatch("failure"::equals)) {
      read.add("failure.camel.yaml");
    }
    try (var shipped = Files.walk(SHIPPED)) {
      assertThat(read)
          .containsExactlyInAnyOrderElementsOf(
              shipped
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.matches(".*\\.camel\\.(yaml|xml)"))
                  .toList());
    }
  }

  @Test
  void eachHasAnIdOfWordsInSmallLetters() {
    for (Assembly assembly : READ) {
      var ids = new ArrayList<String>();
      model(assembly).getRouteDefinitions().forEach(route -> ids.add(route.getRouteId()));
      assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z]+([.-][a-z]+)*"));
    }
    assertThat(configurations())
        .allSatisfy(configuration -> assertThat(configuration.getId()).matches("[a-z]+"));
  }

  /// A bean's step is named by its bean, a queue's by its queue; what chooses has no name but this.
  @Test
  void whatChoosesAmongMessagesHasAnId() {
    for (Assembly assembly : READ) {
      var ids = new ArrayList<String>();
      for (RouteDefinition route : model(assembly).getRouteDefinitions()) {
        for (ProcessorDefinition<?> step :
            ProcessorDefinitionHelper.filterTypeInOutputs(
                route.getOutputs(), ProcessorDefinition.class)) {
          if (step instanceof ChoiceDefinition || step instanceof FilterDefinition) {
            assertThat(step.getId())
                .as("route %s: %s", route.getRouteId(), step)
                .isNotNull()
                .matches(Pattern.quote(route.getRouteId()) + "\\.[a-z]+(-[a-z]+)*");
            ids.add(step.getId());
          }
        }
      }
      assertThat(ids).hasSizeGreaterThanOrEqualTo(9).doesNotHaveDuplicates();
    }
  }

  @Test
  void eachIsDescribedInASentence() {
    for (RouteDefinition route : routes()) {
      assertThat(route.getDescription()).as(route.getRouteId()).matches("[A-Z].*[^.]\\.");
    }
    for (RouteConfigurationDefinition configuration : configurations()) {
      assertThat(configuration.getDescription())
          .as(configuration.getId())
          .matches("[A-Z].*[^.]\\.");
    }
  }

  /// Of one bean, what the one before it gave.
  @Test
  void whatABeanIsGivenItTakes() {
    int steps = 0;
    for (Assembly assembly : READ) {
      for (RouteDefinition route : model(assembly).getRouteDefinitions()) {
        List<Class<?>> given = given(route);
        for (BeanDefinition step : beans(route.getOutputs())) {
          Method method = method(assembly, step);
          Class<?> taken = method.getParameterTypes()[0];
          assertThat(given)
              .as("route %s: what %s takes", route.getRouteId(), named(step))
              .allMatch(type -> taken == Exchange.class || taken.isAssignableFrom(type));
          given = List.of(method.getReturnType());
          steps++;
        }
      }
    }
    assertThat(steps).isGreaterThan(2 * 40);
  }

  @Test
  void configurationsNameBeansAndTheirMethods() {
    for (Assembly assembly : READ) {
      for (var configuration : model(assembly).getRouteConfigurationDefinitions()) {
        for (var onException : configuration.getOnExceptions()) {
          List<BeanDefinition> beans = beans(onException.getOutputs());
          assertThat(beans).as(configuration.getId()).isNotEmpty();
          beans.forEach(step -> assertThat(method(assembly, step)).isNotNull());
        }
      }
    }
  }

  /// That what is fed is emptied, the server sees to itself.
  @Test
  void whatIsEmptiedIsFed() {
    for (Assembly assembly : READ) {
      Set<String> fed = new TreeSet<>(fed(assembly));
      // by verbs of the operator's alone
      List.of(Queues.FORCE_EXPIRED, Queues.REQUEUE).forEach(each -> fed.add("artemis:" + each));
      for (RouteDefinition route : model(assembly).getRouteDefinitions()) {
        String start = bare(route.getInput().getEndpointUri());
        if (start.startsWith("artemis:") || start.startsWith("direct:")) {
          assertThat(fed)
              .as("route %s: what feeds %s", route.getRouteId(), start)
              .anyMatch(
                  uri ->
                      uri.equals(start)
                          || uri.endsWith(".*")
                              && start.startsWith(uri.substring(0, uri.length() - 1)));
        }
      }
    }
  }

  @Test
  void whatIsFedIsEmptied() {
    for (Assembly assembly : READ) {
      var starts = new TreeSet<>(OPTIONAL);
      BY_HAND.forEach(name -> starts.add("artemis:" + name));
      for (RouteDefinition route : model(assembly).getRouteDefinitions()) {
        starts.add(bare(route.getInput().getEndpointUri()));
      }
      for (String uri : fed(assembly)) {
        if (uri.startsWith("artemis:") || uri.startsWith("direct:")) {
          assertThat(starts)
              .as("what empties %s", uri)
              .anyMatch(
                  start ->
                      start.equals(uri)
                          || uri.endsWith(".*")
                              && start.startsWith(uri.substring(0, uri.length() - 1)));
        }
      }
    }
  }

  /// What the operator reads after a slip in any kind of step, with the route where it stands.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dnsbl | ref: dnsbl | ref: dnsbls | route dnsbl: there is no bean dnsbls",
        "greylist | method: check | method: ask | route greylist: the bean greylist has no method"
            + " ask",
        "failure | ref: endpoint | ref: endpoints | route configuration transport: there is no bean"
            + " endpoints",
        "restrictions | ref: permitMynetworks | ref: permitMynetwork | permitMynetwork",
        "report | to: artemis:routing | to: artemis:rooting | artemis:rooting is a queue that no"
            + " route consumes",
        "retry | routeConfigurationId: failure | routeConfigurationId: fault | has the route"
            + " configuration fault",
      })
  void aSlipIsRefused(String file, String what, String with, String said) throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("slip-" + file));
    replace(routes.resolve(file + ".camel.yaml"), what, with);
    assertThatThrownBy(() -> assembly(routes).close())
        .isInstanceOf(Problem.class)
        .hasMessageContaining(said);
  }

  private static Path withExamples(Path to) throws Exception {
    Path routes = Edits.copyOfRoutes(to);
    Files.delete(routes.resolve("checks.camel.yaml"));
    try (var examples = Files.walk(EXAMPLES)) {
      for (Path file : examples.filter(file -> file.toString().contains(".camel.")).toList()) {
        if (file.startsWith(EXAMPLES.resolve("filters"))) {
          copyByItsOwnName(file, routes);
        } else {
          Files.copy(file, routes.resolve(file.getFileName()));
        }
      }
    }
    // as the example says
    replace(
        routes.resolve("reception.camel.yaml"),
        "- to: artemis:routing\n                  - to: artemis:hold",
        "- to: artemis:audit\n                  - to: artemis:hold");
    return routes;
  }

  /// An operator has one route `filters`, and each of these is one: here they stand side by side.
  private static void copyByItsOwnName(Path file, Path routes) throws Exception {
    String own = file.getFileName().toString().replace(".camel.", "-");
    String text =
        Files.readString(file)
            .replaceAll("\\bid(: |=\")filters\\b", "id$1" + own)
            .replace("direct:filters", "direct:" + own)
            .replace("filter.scan", "filter." + own);
    Files.writeString(routes.resolve(file.getFileName()), text);
    if (text.contains("direct:" + own)) {
      Path reception = routes.resolve("reception.camel.yaml");
      Files.writeString(
          reception,
          Files.readString(reception)
              .replaceAll("(?m)^( *)- to: direct:filters.*$", "$0\n$1- to: direct:" + own));
    }
  }

  private static void replace(Path file, String what, String with) throws Exception {
    String text = Files.readString(file);
    assertThat(text).contains(what);
    Files.writeString(file, text.replace(what, with));
  }

  private static Assembly assembly(Path routes) throws Exception {
    return Caravan.assembly(
        SettingsFile.read(
            Optional.empty(),
            // as an example says
            List.of("filters.programs=[disclaimer user=nobody argv=/usr/local/bin/disclaimer]"),
            Optional.of(directory.resolve("var"))),
        routes);
  }

  private static Model model(Assembly assembly) {
    return assembly.context.getCamelContextExtension().getContextPlugin(Model.class);
  }

  private static List<RouteDefinition> routes() {
    return READ.stream()
        .flatMap(assembly -> model(assembly).getRouteDefinitions().stream())
        .toList();
  }

  private static List<RouteConfigurationDefinition> configurations() {
    return READ.stream()
        .flatMap(assembly -> model(assembly).getRouteConfigurationDefinitions().stream())
        .toList();
  }

  private static String fileOf(String location) {
    return Path.of(location.replaceFirst("^file:", "")).getFileName().toString();
  }

  /// What comes to a route: a question where it answers one or listeners call it, else what a queue
  /// holds.
  private static List<Class<?>> given(RouteDefinition route) {
    String start = route.getInput().getEndpointUri();
    boolean question = !start.startsWith("artemis:") || start.contains("exchangePattern=InOut");
    if (question) {
      return List.of(Case.class);
    }
    return switch (bare(start)) {
      case "artemis:report" -> List.of(Notice.class);
      case "artemis:deferred.*" -> List.of(Mail.class, Notice.class);
      default -> List.of(Mail.class);
    };
  }

  /// In their order; what stands in a configuration that a route names is the configuration's.
  private static List<BeanDefinition> beans(List<ProcessorDefinition<?>> steps) {
    var own = new ArrayList<>(steps);
    own.removeIf(OnExceptionDefinition.class::isInstance);
    return List.copyOf(ProcessorDefinitionHelper.filterTypeInOutputs(own, BeanDefinition.class));
  }

  /// The one that a step calls. A step without a method is a restriction or a content filter, which
  /// have one.
  private static Method method(Assembly assembly, BeanDefinition step) {
    Object bean =
        Objects.requireNonNull(
            assembly.context.getRegistry().lookupByName(step.getRef()), named(step));
    String name = step.getMethod() == null ? "check" : step.getMethod().replaceFirst("\\(.*", "");
    List<Method> found =
        Arrays.stream(bean.getClass().getMethods())
            .filter(method -> method.getName().equals(name))
            .filter(method -> !method.isBridge())
            .toList();
    assertThat(found).as(named(step)).hasSize(1);
    assertThat(Modifier.isPublic(bean.getClass().getModifiers())).as(named(step)).isTrue();
    return found.getFirst();
  }

  private static String named(BeanDefinition step) {
    return "bean " + step.getRef() + ", method " + step.getMethod();
  }

  private static Set<String> fed(Assembly assembly) {
    var fed = new TreeSet<String>();
    for (RouteDefinition route : model(assembly).getRouteDefinitions()) {
      feeds(route.getOutputs(), fed);
    }
    for (var configuration : model(assembly).getRouteConfigurationDefinitions()) {
      configuration.getOnExceptions().forEach(each -> feeds(each.getOutputs(), fed));
    }
    return fed;
  }

  private static void feeds(List<ProcessorDefinition<?>> steps, Set<String> fed) {
    for (ToDefinition to :
        ProcessorDefinitionHelper.filterTypeInOutputs(steps, ToDefinition.class)) {
      fed.add(bare(to.getEndpointUri()));
    }
  }

  private static String bare(String uri) {
    return uri.replaceFirst("\\?.*", "").replaceFirst("://", ":");
  }
}
