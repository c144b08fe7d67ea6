package org.caravanmta.route;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.support.DefaultRegistry;
import org.caravanmta.policy.Case;
import org.caravanmta.restriction.RestrictionStep;
import org.caravanmta.restriction.Restrictions;
import org.jspecify.annotations.Nullable;

/// The source of the beans that are restrictions (postfix `SMTPD_ACCESS_README`): when a step names
/// a bean whose name is the text of a restriction, `rejectUnauthDestination` or `checkClientAccess
/// cidr:/etc/caravan/clients`, the restriction is made here.
public final class RestrictionSteps implements BeanRepository {
  private final Restrictions restrictions;
  private final RouteClasses classes;
  private volatile Set<String> taken = Set.of();

  /// @param classes decides restrictions that are routes
  public RestrictionSteps(Restrictions restrictions, RouteClasses classes) {
    this.restrictions = restrictions;
    this.classes = classes;
  }

  /// Makes restrictions known to the routes of `camel`.
  ///
  /// @param others names of beans that are not restrictions
  public void enter(CamelContext camel, Set<String> others) {
    classes.in(camel);
    taken = Set.copyOf(others);
    camel.getRegistry(DefaultRegistry.class).addBeanRepository(this);
  }

  /// Has `answers` decide restriction classes, and not the routes that run; for rehearsals.
  public void answerClasses(BiFunction<String, Case.Listed, Optional<Case.Listed>> answers) {
    classes.answer(answers);
  }

  @Override
  public @Nullable Object lookupByName(String name) {
    return step(name).orElse(null);
  }

  @Override
  public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
    return type.isAssignableFrom(RestrictionStep.class)
        ? step(name).map(type::cast).orElse(null)
        : null;
  }

  @Override
  public <T> Map<String, T> findByTypeWithName(Class<T> type) {
    return Map.of();
  }

  @Override
  public <T> Set<T> findByType(Class<T> type) {
    return Set.of();
  }

  private Optional<RestrictionStep> step(String name) {
    return taken.contains(name) ? Optional.empty() : restrictions.step(name);
  }
}
