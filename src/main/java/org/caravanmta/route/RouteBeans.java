package org.caravanmta.route;

import java.util.Arrays;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.caravanmta.stage.Problem;
import org.jspecify.annotations.Nullable;

/// Checks that the beans which steps of routes name are there (Camel `bean`).
public final class RouteBeans {
  private RouteBeans() {}

  /// Checks the steps of all routes of `context`.
  ///
  /// @throws UnusableRoutes names the first step whose bean, or whose method, is not there
  public static void check(CamelContext context) throws UnusableRoutes {
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    for (RouteDefinition route : model.getRouteDefinitions()) {
      check(context, Routes.file(route) + "route " + route.getRouteId(), route.getOutputs());
    }
    for (var configuration : model.getRouteConfigurationDefinitions()) {
      for (var onException : configuration.getOnExceptions()) {
        check(context, "route configuration " + configuration.getId(), onException.getOutputs());
      }
    }
  }

  private static void check(CamelContext context, String where, List<ProcessorDefinition<?>> steps)
      throws UnusableRoutes {
    for (var step : ProcessorDefinitionHelper.filterTypeInOutputs(steps, BeanDefinition.class)) {
      if (step.getRef() == null) {
        continue;
      }
      Object bean = bean(context, where, step.getRef());
      if (bean == null) {
        throw new UnusableRoutes(where + ": there is no bean " + step.getRef());
      }
      String method = step.getMethod() == null ? "" : step.getMethod().replaceFirst("\\(.*", "");
      if (!method.isEmpty()
          && Arrays.stream(bean.getClass().getMethods())
              .noneMatch(known -> known.getName().equals(method))) {
        throw new UnusableRoutes(
            where + ": the bean " + step.getRef() + " has no method " + method);
      }
    }
  }

  private static @Nullable Object bean(CamelContext context, String where, String name)
      throws UnusableRoutes {
    try {
      return context.getRegistry().lookupByName(name);
    } catch (IllegalArgumentException e) {
      throw new UnusableRoutes(where + ": " + Problem.inOneLine(e));
    }
  }
}
