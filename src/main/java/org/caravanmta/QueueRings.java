package org.caravanmta;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.FinallyDefinition;
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
import org.apache.camel.model.TryDefinition;
import org.caravanmta.message.Handover;

/// Routes that lead a message back to the queue it came from, whatever it is: it would turn for
/// ever (RFC 5321 §6.3 knows loops between servers; this is one inside). Only steps that every
/// message takes count: what stands in a choice or a filter may have its reason, as has what a bean
/// hands over, and the queues put an end to it when it has turned too often.
final class QueueRings {
  private static final String QUEUE = "artemis:";
  private static final Set<String> CALLS = Set.of("direct", "seda", "bean", "class");

  private final CamelContext context;

  /// What every message that comes to an endpoint goes on to, by the endpoint.
  private final Map<String, Set<String>> ways = new LinkedHashMap<>();

  private QueueRings(CamelContext context) {
    this.context = context;
  }

  /// @throws Routes.Unusable names the first ring
  static void check(CamelContext context) throws Routes.Unusable {
    var rings = new QueueRings(context);
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    for (RouteDefinition route : model.getRouteDefinitions()) {
      rings.follow(
          route.getOutputs(),
          rings.ways.computeIfAbsent(
              rings.endpoint(route.getInput().getEndpointUri()), _ -> new LinkedHashSet<>()));
    }
    for (RouteDefinition route : model.getRouteDefinitions()) {
      String start = rings.endpoint(route.getInput().getEndpointUri());
      List<String> ring = start.startsWith(QUEUE) ? rings.back(start, start) : List.of();
      if (!ring.isEmpty()) {
        throw new Routes.Unusable(
            "route "
                + route.getRouteId()
                + ": a message would turn for ever: "
                + String.join(" -> ", ring));
      }
    }
  }

  /// @return whether a step behind these is one that every message takes as it came
  private boolean follow(List<ProcessorDefinition<?>> steps, Set<String> to) {
    for (ProcessorDefinition<?> step : steps) {
      boolean goesOn =
          switch (step) {
            case ToDefinition there -> {
              String endpoint = endpoint(there.getEndpointUri());
              to.add(endpoint);
              // what is called there may make a handover of it
              yield !CALLS.contains(endpoint.replaceFirst(":.*", ""));
            }
            case BeanDefinition bean -> !handsOver(bean);
            case StopDefinition _, RollbackDefinition _, ThrowExceptionDefinition _ -> false;
            case SplitDefinition parts -> {
              follow(parts.getOutputs(), to);
              yield true;
            }
            case MulticastDefinition each -> {
              each.getOutputs().forEach(one -> follow(List.of(one), to));
              yield true;
            }
            case TryDefinition tried ->
                follow(
                    tried.getOutputs().stream()
                        .filter(inner -> !(inner instanceof CatchDefinition))
                        .filter(inner -> !(inner instanceof FinallyDefinition))
                        .toList(),
                    to);
            case PipelineDefinition line -> follow(line.getOutputs(), to);
            case StepDefinition group -> follow(group.getOutputs(), to);
            default -> true;
          };
      if (!goesOn) {
        return false;
      }
    }
    return true;
  }

  /// Whether it decides which queues there is something for.
  private boolean handsOver(BeanDefinition step) {
    Object bean = step.getRef() == null ? null : context.getRegistry().lookupByName(step.getRef());
    if (bean == null) {
      return false;
    }
    String named = step.getMethod() == null ? "" : step.getMethod().replaceFirst("\\(.*", "");
    Stream<Method> methods =
        Arrays.stream(bean.getClass().getMethods())
            .filter(method -> named.isEmpty() || method.getName().equals(named));
    return methods.map(Method::getReturnType).anyMatch(Handover.class::isAssignableFrom);
  }

  /// The way from an endpoint to one that it began with; empty if there is none.
  private List<String> back(String from, String start) {
    return back(from, start, new LinkedHashSet<>());
  }

  private List<String> back(String from, String start, Set<String> seen) {
    for (String next : ways.getOrDefault(from, Set.of())) {
      if (next.equals(start)) {
        return List.of(from, next);
      }
      if (seen.add(next)) {
        List<String> rest = back(next, start, seen);
        if (!rest.isEmpty()) {
          var way = new ArrayList<>(List.of(from));
          way.addAll(rest);
          return way;
        }
      }
    }
    return List.of();
  }

  /// `artemis:routing` of `artemis://routing?durable=true`.
  private String endpoint(String uri) {
    return context
        .resolvePropertyPlaceholders(uri)
        .replaceFirst("\\?.*", "")
        .replaceFirst("://", ":");
  }
}
