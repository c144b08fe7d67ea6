package org.caravanmta.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.caravanmta.Assembly;
import org.caravanmta.explain.ExplainedDialogue;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Queues;
import org.caravanmta.policy.Case;
import org.caravanmta.route.FilterCall;
import org.caravanmta.stage.Problem;

/// Which content filters would see a message, before the queue and after it; none of them is asked.
///
/// @param assembly the server, which is not started
record FilterWalk(Assembly assembly) {
  private static final String BEFORE = "direct:filters";

  /// Lines, a heading above those of each route that has filters.
  List<String> of(Case.Message message) {
    var lines = new ArrayList<String>();
    Case.Message chosen = message;
    try {
      if (RouteWalk.from(assembly, BEFORE).isPresent()) {
        var told = new ExplainedDialogue();
        Case seen = new RouteWalk(assembly, told).along(BEFORE, message);
        chosen = seen instanceof Case.Message now ? now : message;
        add("content filters, before the queue", told.lines(), lines);
      }
    } catch (Problem e) {
      throw new IllegalStateException(e);
    }
    chosen
        .mail()
        .envelope()
        .filter()
        .map(NamedTransport::name)
        .filter(Queues::isFilter)
        .ifPresent(name -> add("content filters, after the queue, " + name, after(name), lines));
    return lines;
  }

  private static void add(String heading, List<String> found, List<String> lines) {
    if (!found.isEmpty()) {
      lines.add(heading);
      lines.addAll(found);
    }
  }

  /// What its route names: the message may be another by then, so that conditions are only said to
  /// be there.
  private List<String> after(String name) {
    Optional<RouteDefinition> route = RouteWalk.from(assembly, "artemis:" + name);
    if (route.isEmpty()) {
      return List.of("  is another process's: there is no route from artemis:" + name);
    }
    var lines = new ArrayList<String>();
    collect(route.get(), "", lines);
    return lines;
  }

  private void collect(ProcessorDefinition<?> within, String condition, List<String> lines) {
    for (ProcessorDefinition<?> step : within.getOutputs()) {
      switch (step) {
        case BeanDefinition bean when bean.getRef() != null && isFilter(bean.getRef()) ->
            lines.add("  " + bean.getRef() + condition);
        case FilterDefinition _, ChoiceDefinition _ ->
            collect(step, ", where its condition holds", lines);
        default -> collect(step, condition, lines);
      }
    }
  }

  private boolean isFilter(String name) {
    return assembly.context.getRegistry().lookupByName(name) instanceof FilterCall;
  }
}
