package org.caravanmta.route;

import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.model.Model;
import org.caravanmta.policy.Case;
import org.caravanmta.restriction.RestrictionClasses;
import org.jspecify.annotations.Nullable;

/// The restriction classes that are routes (postfix `smtpd_restriction_classes`): a route that
/// starts from `direct:NAME` is the class NAME.
public final class RouteClasses implements RestrictionClasses {
  private static final String SCHEME = "direct:";

  private volatile @Nullable CamelContext context;
  private volatile @Nullable BiFunction<String, Case.Listed, Optional<Case.Listed>> answering;
  private volatile @Nullable ProducerTemplate template;

  /// Makes the routes of `camel` the classes.
  void in(CamelContext camel) {
    context = camel;
    template = camel.createProducerTemplate();
  }

  /// Has `answers` decide the classes, and not the routes that run.
  void answer(BiFunction<String, Case.Listed, Optional<Case.Listed>> answers) {
    answering = answers;
  }

  @Override
  public boolean has(String name) {
    CamelContext camel = context;
    return camel != null
        && camel
            .getCamelContextExtension()
            .getContextPlugin(Model.class)
            .getRouteDefinitions()
            .stream()
            .anyMatch(
                route -> route.getInput().getEndpointUri().replace("//", "").equals(SCHEME + name));
  }

  @Override
  public Optional<Case.Listed> ask(String name, Case.Listed c) {
    BiFunction<String, Case.Listed, Optional<Case.Listed>> other = answering;
    return other == null ? route(name, c) : other.apply(name, c);
  }

  private Optional<Case.Listed> route(String name, Case.Listed c) {
    return Optional.ofNullable(template)
        .map(to -> to.requestBody(SCHEME + name, c, Case.Listed.class));
  }
}
