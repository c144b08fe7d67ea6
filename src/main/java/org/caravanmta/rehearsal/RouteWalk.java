package org.caravanmta.rehearsal;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.support.DefaultExchange;
import org.caravanmta.Assembly;
import org.caravanmta.explain.ExplainedDialogue;
import org.caravanmta.policy.Case;
import org.caravanmta.route.FilterCall;
import org.caravanmta.stage.Problem;
import org.caravanmta.table.Trail;

/// The way of a question along the routes of a server that is not started, step by step, with the
/// conditions that stand there: beans are asked as they are, queues are steps to the route that
/// empties them, and nothing is put anywhere.
final class RouteWalk {
  private static final Pattern POLICY_SERVER =
      Pattern.compile(
          "(warn_?if_?reject\\s+)?check_?policy_?service\\s.*", Pattern.CASE_INSENSITIVE);

  private static final Pattern QUEUE = Pattern.compile("artemis:(?://)?([^?]+).*");
  private static final Pattern DIRECT = Pattern.compile("direct:(?://)?([^?]+).*");

  /// Deeper than any routes: those that lead to each other are found by `check`.
  private static final int DEEPEST = 50;

  private final Assembly assembly;
  private final ExplainedDialogue told;
  private int depth;

  /// @param told of each step
  RouteWalk(Assembly assembly, ExplainedDialogue told) {
    this.assembly = assembly;
    this.told = told;
    assembly.stages.restrictions().answerClasses(this::restrictionClass);
  }

  /// @param input where the route takes from, `direct:reception`
  Case along(String input, Case c) throws Problem {
    Optional<RouteDefinition> route = from(input);
    if (route.isEmpty()) {
      throw new Problem("there is no route from " + input);
    }
    return steps(route.get().getOutputs(), c);
  }

  private Optional<Case.Listed> restrictionClass(String name, Case.Listed c) {
    return from("direct:" + name)
        .map(route -> steps(route.getOutputs(), c))
        .filter(Case.Listed.class::isInstance)
        .map(Case.Listed.class::cast);
  }

  private Optional<RouteDefinition> from(String input) {
    return from(assembly, input);
  }

  /// The route that takes from `artemis:NAME` or `direct:NAME`.
  static Optional<RouteDefinition> from(Assembly assembly, String input) {
    return ((ModelCamelContext) assembly.context)
        .getRouteDefinitions().stream()
            .filter(route -> bare(route.getInput().getEndpointUri()).equals(input))
            .findFirst();
  }

  private static String bare(String uri) {
    return uri.replaceFirst("\\?.*", "").replaceFirst("://", ":");
  }

  private Case steps(List<ProcessorDefinition<?>> steps, Case given) {
    if (++depth > DEEPEST) {
      throw new IllegalStateException("the routes lead to each other");
    }
    Case now = given;
    for (ProcessorDefinition<?> step : steps) {
      now =
          switch (step) {
            case BeanDefinition bean when bean.getRef() != null -> bean(bean, now);
            case FilterDefinition filter ->
                matches(filter.getExpression(), now) ? steps(filter.getOutputs(), now) : now;
            case ChoiceDefinition choice -> chosen(choice, now);
            case ToDefinition to -> to(to.getEndpointUri(), now);
            case ProcessorDefinition<?> other when !other.getOutputs().isEmpty() ->
                steps(other.getOutputs(), now);
            default -> now;
          };
    }
    depth--;
    return now;
  }

  private Case bean(BeanDefinition step, Case before) {
    String name = step.getRef();
    if (POLICY_SERVER.matcher(name).matches()) {
      if (!before.open()) {
        return before;
      }
      told.remark(name);
      told.remark("  is not asked: it might remember");
      return before;
    }
    Object bean = assembly.context.getRegistry().lookupByName(name);
    if (bean instanceof FilterCall) {
      told.remark(name);
      told.remark("  is not asked: it would be shown a message that nobody has sent");
      return before;
    }
    String method = step.getMethod() == null ? "check" : step.getMethod();
    if (bean == null) {
      return before;
    }
    Trail.Followed<Case> taken = Trail.follow(() -> call(bean, method, before));
    told.step(name, before, taken);
    return taken.result();
  }

  /// A restriction class, asked meanwhile, is part of the step that names it.
  private static Case call(Object bean, String method, Case c) {
    try {
      return bean.getClass().getMethod(method, Case.class).invoke(bean, c) instanceof Case after
          ? after
          : c;
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(method + " failed: " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(method + " cannot be called", e);
    }
  }

  private Case chosen(ChoiceDefinition choice, Case c) {
    for (WhenDefinition when : choice.getWhenClauses()) {
      if (matches(when.getExpression(), c)) {
        return steps(when.getOutputs(), c);
      }
    }
    return choice.getOtherwise() == null ? c : steps(choice.getOtherwise().getOutputs(), c);
  }

  private boolean matches(ExpressionDefinition condition, Case c) {
    Exchange exchange = new DefaultExchange(assembly.context);
    exchange.getMessage().setBody(c);
    exchange.getMessage().setHeader("stage", c.stage());
    // all that is asked about a recipient, at RCPT, whatever smtp.delay-reject says
    exchange.getMessage().setHeader("delayed", true);
    exchange.getMessage().setHeader("own", c.client().own());
    exchange.getMessage().setHeader("trusted", c.client().trusted());
    exchange.getMessage().setHeader("listener", c.client().listener());
    var predicate = condition.createPredicate(assembly.context);
    predicate.init(assembly.context);
    return predicate.matches(exchange);
  }

  private Case to(String uri, Case c) {
    var queue = QUEUE.matcher(uri);
    var direct = DIRECT.matcher(uri);
    String input =
        queue.matches()
            ? "artemis:" + queue.group(1)
            : direct.matches() ? "direct:" + direct.group(1) : "";
    if (input.isEmpty()) {
      return c;
    }
    Optional<RouteDefinition> route = from(input);
    if (route.isEmpty()) {
      told.remark(uri + " is another process's, and not asked");
    }
    return route.map(found -> steps(found.getOutputs(), c)).orElse(c);
  }
}
