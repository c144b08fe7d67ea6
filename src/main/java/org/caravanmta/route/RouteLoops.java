package org.caravanmta.route;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.PipelineDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RollbackDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.StepDefinition;
import org.apache.camel.model.StopDefinition;
import org.apache.camel.model.ThrowExceptionDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.TryDefinition;
import org.caravanmta.message.Handover;
import org.caravanmta.restriction.RestrictionStep;
import org.jspecify.annotations.Nullable;

/// Finds loops of routes, in which a message would go round forever (RFC 5321 §6.3 is about loops
/// between servers; these are within one).
///
/// Between routes that start with `direct:NAME`, every step counts, and so does a table that names
/// a restriction class, since a message would never leave such a loop. From a queue back to itself,
/// only steps count that every message takes: a step in a choice or a filter may have its reason,
/// and so may a bean that hands a message over; the queues set a message aside that goes round too
/// often.
public final class RouteLoops {
  private static final String ROUTE = "direct:";
  private static final Set<String> CALLS = Set.of("direct", "seda", "bean", "class");

  private final CamelContext context;

  /// The endpoints that a route sends to.
  ///
  /// @param certain those among `all` that every message is sent to
  private record Ways(Set<String> all, Set<String> certain) {
    Ways() {
      this(new LinkedHashSet<>(), new LinkedHashSet<>());
    }

    void add(String endpoint, boolean surely) {
      all.add(endpoint);
      if (surely) {
        certain.add(endpoint);
      }
    }
  }

  /// The ways of each route, by the endpoint that the route starts from.
  private final Map<String, Ways> ways = new LinkedHashMap<>();

  private RouteLoops(CamelContext context) {
    this.context = context;
  }

  /// Checks the routes of `context`.
  ///
  /// @throws UnusableRoutes names the first loop, step by step
  public static void check(CamelContext context) throws UnusableRoutes {
    var loops = new RouteLoops(context);
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    var routes = new LinkedHashMap<String, RouteDefinition>();
    for (RouteDefinition route : model.getRouteDefinitions()) {
      String start = loops.endpoint(route.getInput().getEndpointUri());
      routes.putIfAbsent(start, route);
      loops.follow(route.getOutputs(), loops.ways.computeIfAbsent(start, _ -> new Ways()), true);
    }
    for (var each : new TreeMap<>(routes).entrySet()) {
      String start = each.getKey();
      RouteDefinition route = each.getValue();
      if (start.startsWith(QueueEnds.SCHEME)) {
        refuse(route, "a message would turn for ever", loops.back(start, Ways::certain, ""));
      } else if (start.startsWith(ROUTE)) {
        refuse(route, "leads back to itself", loops.back(start, Ways::all, ROUTE));
      }
    }
  }

  private static void refuse(RouteDefinition route, String why, List<String> loop)
      throws UnusableRoutes {
    if (!loop.isEmpty()) {
      throw new UnusableRoutes(
          Routes.file(route)
              + "route "
              + route.getRouteId()
              + ": "
              + why
              + ": "
              + String.join(" -> ", loop));
    }
  }

  /// Notes where steps send to.
  ///
  /// @param surely whether every message comes to the first of these steps
  /// @return whether every message comes, as it is, to a step after them
  private boolean follow(List<? extends ProcessorDefinition<?>> steps, Ways to, boolean surely) {
    boolean sure = surely;
    for (ProcessorDefinition<?> step : steps) {
      sure =
          switch (step) {
            case ToDefinition there -> {
              String endpoint = endpoint(there.getEndpointUri());
              to.add(endpoint, sure);
              // what is called may turn the message into a handover
              yield sure && !CALLS.contains(endpoint.replaceFirst(":.*", ""));
            }
            case ToDynamicDefinition there -> {
              to.add(endpoint(there.getUri()), false);
              yield sure;
            }
            case BeanDefinition bean -> {
              classes(bean).forEach(name -> to.add(ROUTE + name, false));
              yield sure && !handsOver(bean);
            }
            case StopDefinition _, RollbackDefinition _, ThrowExceptionDefinition _ -> false;
            case SplitDefinition parts -> {
              follow(parts.getOutputs(), to, sure);
              yield sure;
            }
            case MulticastDefinition each -> {
              for (ProcessorDefinition<?> one : each.getOutputs()) {
                follow(List.of(one), to, sure);
              }
              yield sure;
            }
            case TryDefinition tried -> {
              for (CatchDefinition caught : tried.getCatchClauses()) {
                follow(caught.getOutputs(), to, false);
              }
              if (tried.getFinallyClause() != null) {
                follow(tried.getFinallyClause().getOutputs(), to, false);
              }
              yield follow(tried.getOutputsWithoutCatches(), to, sure);
            }
            case PipelineDefinition line -> follow(line.getOutputs(), to, sure);
            case StepDefinition group -> follow(group.getOutputs(), to, sure);
            default -> {
              follow(step.getOutputs(), to, false);
              yield sure;
            }
          };
    }
    return sure;
  }

  /// The restriction classes that the tables of a step name.
  private Set<String> classes(BeanDefinition step) {
    return bean(step) instanceof RestrictionStep restriction ? restriction.classes() : Set.of();
  }

  /// Whether the bean of a step decides which queues get something.
  private boolean handsOver(BeanDefinition step) {
    Object bean = bean(step);
    if (bean == null) {
      return false;
    }
    String named = step.getMethod() == null ? "" : step.getMethod().replaceFirst("\\(.*", "");
    Stream<Method> methods =
        Arrays.stream(bean.getClass().getMethods())
            .filter(method -> named.isEmpty() || method.getName().equals(named));
    return methods.map(Method::getReturnType).anyMatch(Handover.class::isAssignableFrom);
  }

  private @Nullable Object bean(BeanDefinition step) {
    return step.getRef() == null ? null : context.getRegistry().lookupByName(step.getRef());
  }

  /// The way from an endpoint back to itself; empty if there is none.
  ///
  /// @param scheme which all endpoints on the way must have
  private List<String> back(String start, Function<Ways, Set<String>> which, String scheme) {
    return back(start, start, which, scheme, new LinkedHashSet<>());
  }

  private List<String> back(
      String from,
      String start,
      Function<Ways, Set<String>> which,
      String scheme,
      Set<String> seen) {
    for (String next : which.apply(ways.getOrDefault(from, new Ways()))) {
      if (next.equals(start)) {
        return List.of(from, next);
      }
      if (next.startsWith(scheme) && seen.add(next)) {
        List<String> rest = back(next, start, which, scheme, seen);
        if (!rest.isEmpty()) {
          var way = new ArrayList<>(List.of(from));
          way.addAll(rest);
          return way;
        }
      }
    }
    return List.of();
  }

  /// A URI without its options: `artemis:routing` of `artemis://routing?durable=true`.
  private String endpoint(String uri) {
    return context
        .resolvePropertyPlaceholders(uri)
        .replaceFirst("\\?.*", "")
        .replaceFirst("://", ":");
  }
}
