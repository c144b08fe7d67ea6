package org.caravanmta.route;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.caravanmta.message.Handover;
import org.caravanmta.message.HandsOver;
import org.caravanmta.stage.Problem;
import org.jspecify.annotations.Nullable;

/// Finds, before anything is started, mistakes with which a route would lose mail or set it aside:
/// a route that ends although nobody has taken the message over, a missing step for a queue, a
/// `direct:` that no route starts from, an expression that cannot be read.
///
/// @param context has the routes, and is not started
public record RouteEnds(CamelContext context) {
  private static final String DIRECT = "direct:";
  private static final List<String> INSIDE = List.of(DIRECT, "seda:");

  /// Checks all routes.
  ///
  /// @throws UnusableRoutes names the first mistake
  public void check() throws UnusableRoutes {
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    var starts = new HashSet<String>();
    model.getRouteDefinitions().forEach(route -> starts.add(bare(start(route))));
    for (RouteDefinition route : model.getRouteDefinitions()) {
      String where = Routes.file(route) + "route " + route.getRouteId() + ": ";
      checkExpressions(where, route.getOutputs());
      checkInside(where, route.getOutputs(), starts);
      checkQueues(where, route.getOutputs());
      if (takesMail(start(route))) {
        checkEnd(where, route.getOutputs());
      }
    }
    for (var configuration : model.getRouteConfigurationDefinitions()) {
      String where = "route configuration " + configuration.getId() + ": ";
      for (var handler : configuration.getOnExceptions()) {
        checkExpressions(where, handler.getOutputs());
        checkInside(where, handler.getOutputs(), starts);
        checkQueues(where, handler.getOutputs());
      }
    }
  }

  /// Whether the mail that starts a route is removed at the route's end. Mail from a queue or the
  /// maildrop is; a question is not mail, and the end of its route is the answer.
  private static boolean takesMail(String from) {
    return from.startsWith("maildrop:")
        || from.startsWith(QueueEnds.SCHEME) && !from.contains("exchangePattern=InOut");
  }

  private String start(RouteDefinition route) {
    return context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
  }

  private void checkEnd(String where, List<ProcessorDefinition<?>> steps) throws UnusableRoutes {
    boolean handedOn =
        NamedEndpoint.targets(steps).stream()
            .anyMatch(uri -> uri.startsWith(QueueEnds.SCHEME) || isInside(uri));
    boolean accounted =
        beans(steps).stream()
            .anyMatch(method -> Handover.class.isAssignableFrom(method.getReturnType()));
    if (!handedOn && !accounted) {
      throw new UnusableRoutes(
          where
              + "ends without handing the message on, which would be lost: a step such as"
              + " `to: artemis:routing` is missing");
    }
  }

  /// Checks that later steps take what a bean hands over: one step for each queue that may get
  /// something, and for the outcome of a delivery a bean that turns it into a handover.
  private void checkQueues(String where, List<ProcessorDefinition<?>> steps) throws UnusableRoutes {
    List<ProcessorDefinition<?>> all = all(steps);
    for (int i = 0; i < all.size(); i++) {
      Method method = all.get(i) instanceof BeanDefinition bean ? method(bean) : null;
      HandsOver over = method == null ? null : method.getAnnotation(HandsOver.class);
      if (method == null || over == null) {
        continue;
      }
      String step = ((BeanDefinition) all.get(i)).getRef() + "." + method.getName();
      List<ProcessorDefinition<?>> after = all.subList(i + 1, all.size());
      if (!Handover.class.isAssignableFrom(method.getReturnType())
          && beans(after).stream()
              .noneMatch(later -> Handover.class.isAssignableFrom(later.getReturnType()))) {
        throw new UnusableRoutes(
            where
                + "nothing settles what "
                + step
                + " came to: the step `bean: { ref: retry, method: settle }` is missing");
      }
      Set<String> taken = queues(after);
      for (String queue : over.value()) {
        if (!taken.contains(queue)) {
          throw new UnusableRoutes(
              where
                  + "mail that "
                  + step
                  + " has for artemis:"
                  + queue
                  + " would be set aside: the step `to: artemis:"
                  + queue
                  + "` is missing");
        }
      }
    }
  }

  private Set<String> queues(List<ProcessorDefinition<?>> steps) {
    var names = new HashSet<String>();
    for (String uri : NamedEndpoint.targets(steps)) {
      String resolved = context.resolvePropertyPlaceholders(uri);
      if (resolved.startsWith(QueueEnds.SCHEME)) {
        names.add(QueueEnds.name(resolved));
      }
    }
    return names;
  }

  /// Checks that a route starts from every `direct:` that steps name, unless they say that there
  /// may be none; Camel would find out with the first message.
  private void checkInside(String where, List<ProcessorDefinition<?>> steps, Set<String> starts)
      throws UnusableRoutes {
    for (String uri : NamedEndpoint.targets(steps)) {
      String resolved = context.resolvePropertyPlaceholders(uri);
      if (!isInside(resolved) || resolved.contains("${") || starts.contains(bare(resolved))) {
        continue;
      }
      if (!resolved.contains("failIfNoConsumers=false")) {
        throw new UnusableRoutes(where + "no route starts from " + bare(resolved));
      }
      if (resolved.startsWith(DIRECT) && !resolved.contains("block=false")) {
        // Camel waits for one to be started
        throw new UnusableRoutes(
            where
                + "no route starts from "
                + bare(resolved)
                + ", and each message would wait 30 s for one: add &block=false");
      }
    }
  }

  private static boolean isInside(String uri) {
    return INSIDE.stream().anyMatch(uri::startsWith);
  }

  /// A URI without its options: `direct:name` of `direct://name?block=false`.
  private static String bare(String uri) {
    return uri.replaceFirst("\\?.*", "").replaceFirst("://", ":");
  }

  private void checkExpressions(String where, List<ProcessorDefinition<?>> steps)
      throws UnusableRoutes {
    for (ProcessorDefinition<?> step : all(steps)) {
      try {
        switch (step) {
          case FilterDefinition filter -> predicate(filter.getExpression());
          case ChoiceDefinition choice ->
              choice.getWhenClauses().forEach(when -> predicate(when.getExpression()));
          case ExpressionNode other when other.getExpression() != null ->
              other.getExpression().createExpression(context);
          case LogDefinition log when log.getMessage() != null ->
              context.resolveLanguage("simple").createExpression(log.getMessage());
          default -> {
            // names no expression
          }
        }
      } catch (RuntimeException e) {
        throw new UnusableRoutes(where + Problem.inOneLine(e));
      }
    }
  }

  private void predicate(@Nullable ExpressionDefinition expression) {
    if (expression != null) {
      expression.createPredicate(context).init(context);
    }
  }

  /// All steps, also those within steps, in the order in which they are written.
  private static List<ProcessorDefinition<?>> all(List<ProcessorDefinition<?>> steps) {
    var all = new ArrayList<ProcessorDefinition<?>>();
    for (ProcessorDefinition<?> step :
        ProcessorDefinitionHelper.filterTypeInOutputs(steps, ProcessorDefinition.class)) {
      all.add(step);
    }
    return all;
  }

  private List<Method> beans(List<ProcessorDefinition<?>> steps) {
    return all(steps).stream()
        .filter(step -> step instanceof BeanDefinition)
        .map(step -> method((BeanDefinition) step))
        .filter(method -> method != null)
        .toList();
  }

  /// The method that a step calls; null if only a message decides it.
  private @Nullable Method method(BeanDefinition step) {
    Object bean = step.getRef() == null ? null : context.getRegistry().lookupByName(step.getRef());
    if (bean == null || step.getMethod() == null) {
      return null;
    }
    String name = step.getMethod().replaceFirst("\\(.*", "");
    return Arrays.stream(bean.getClass().getMethods())
        .filter(method -> method.getName().equals(name) && !method.isBridge())
        .findFirst()
        .orElse(null);
  }
}
