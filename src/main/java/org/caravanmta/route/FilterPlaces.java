package org.caravanmta.route;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.caravanmta.filter.AfterQueue;
import org.caravanmta.message.Queues;
import org.jspecify.annotations.Nullable;

/// Finds, before anything is started, content filters that stand where there is no mail for them:
/// they would never be asked, or what they say would come to nothing.
///
/// @param context has the routes, and is not started
public record FilterPlaces(CamelContext context) {
  /// A condition for one stage of the dialogue.
  private static final Pattern STAGE =
      Pattern.compile("\\$\\{header\\.stage}\\s*==\\s*['\"](\\w+)['\"]");

  /// The stages at which content filters are asked.
  private static final List<String> ASKED = List.of("event", "message");

  /// Checks all routes.
  ///
  /// @throws UnusableRoutes names the first mistake
  public void check() throws UnusableRoutes {
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    for (RouteDefinition route : model.getRouteDefinitions()) {
      String where = Routes.file(route) + "route " + route.getRouteId() + ": ";
      String from = context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
      if (from.startsWith(QueueEnds.SCHEME) && !from.contains("exchangePattern=InOut")) {
        checkQueued(where, QueueEnds.name(from), all(route.getOutputs()));
      }
      checkStages(where, all(route.getOutputs()));
    }
  }

  /// Mail from a queue is shown to filters only on its way through one of theirs, where a later
  /// step turns what they say into a handover.
  private void checkQueued(String where, String queue, List<ProcessorDefinition<?>> steps)
      throws UnusableRoutes {
    for (int i = 0; i < steps.size(); i++) {
      if (!isFilter(steps.get(i))) {
        continue;
      }
      String step = where + "\"" + ((BeanDefinition) steps.get(i)).getRef() + "\": ";
      if (!Queues.isFilter(queue)) {
        throw new UnusableRoutes(
            step
                + "a content filter cannot stand after artemis:"
                + queue
                + "; it can in a route from direct:filters, or from a queue filter.NAME");
      }
      if (steps.subList(i + 1, steps.size()).stream().noneMatch(this::settles)) {
        throw new UnusableRoutes(
            step
                + "nothing settles what it says: the step"
                + " `bean: { ref: filtered, method: settle }` is missing after it");
      }
    }
  }

  private void checkStages(String where, List<ProcessorDefinition<?>> steps) throws UnusableRoutes {
    for (ProcessorDefinition<?> step : steps) {
      if (step instanceof ChoiceDefinition choice) {
        for (WhenDefinition when : choice.getWhenClauses()) {
          checkCondition(where, when.getExpression(), when.getOutputs());
        }
      } else if (step instanceof ExpressionNode conditional) {
        checkCondition(where, conditional.getExpression(), conditional.getOutputs());
      }
    }
  }

  private void checkCondition(
      String where, @Nullable ExpressionDefinition expression, List<ProcessorDefinition<?>> steps)
      throws UnusableRoutes {
    String condition = expression == null ? null : expression.getExpression();
    if (condition == null || !isNeverAsked(condition)) {
      return;
    }
    for (ProcessorDefinition<?> within : all(steps)) {
      if (isFilter(within)) {
        throw new UnusableRoutes(
            where
                + "\""
                + ((BeanDefinition) within).getRef()
                + "\": a content filter is never asked where "
                + condition
                + ", only at the stages "
                + String.join(" and ", ASKED));
      }
    }
  }

  /// Whether a condition holds only at stages at which no content filter is asked.
  private static boolean isNeverAsked(String condition) {
    for (String part : condition.split("\\|\\|")) {
      Matcher stage = STAGE.matcher(part);
      if (!stage.find() || ASKED.contains(stage.group(1))) {
        return false;
      }
    }
    return true;
  }

  private boolean isFilter(ProcessorDefinition<?> step) {
    return bean(step) instanceof FilterCall;
  }

  private boolean settles(ProcessorDefinition<?> step) {
    return bean(step) instanceof AfterQueue;
  }

  private @Nullable Object bean(ProcessorDefinition<?> step) {
    return step instanceof BeanDefinition named && named.getRef() != null
        ? context.getRegistry().lookupByName(named.getRef())
        : null;
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
}
