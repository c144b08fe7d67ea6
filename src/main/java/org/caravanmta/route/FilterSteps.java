package org.caravanmta.route;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.support.DefaultRegistry;
import org.caravanmta.filter.Filters;
import org.jspecify.annotations.Nullable;

/// The source of the beans that are content filters (postfix `MILTER_README`): when a step names a
/// bean whose name is the text of a filter, `milter inet:127.0.0.1:8891`, the filter is made here;
/// when the name chooses one after the queue, `through filter.scan`, so is that step.
public final class FilterSteps implements BeanRepository {
  private final Filters filters;
  private final Consumer<String> expected;
  private final Map<String, FilterCall> calls = new ConcurrentHashMap<>();

  /// @param expected throws an `IllegalArgumentException` that says why mail that goes through a
  ///   filter or transport would wait forever
  public FilterSteps(Filters filters, Consumer<String> expected) {
    this.filters = filters;
    this.expected = expected;
  }

  /// Makes filters known to the routes of `camel`.
  public void enter(CamelContext camel) {
    camel.getRegistry(DefaultRegistry.class).addBeanRepository(this);
  }

  /// Has servers of filters tried at once that are left alone for a while.
  public void revive() {
    filters.revive();
  }

  @Override
  public @Nullable Object lookupByName(String name) {
    return call(name).orElseGet(() -> FilterChoice.named(name, expected).orElse(null));
  }

  @Override
  public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
    Object found = lookupByName(name);
    return type.isInstance(found) ? type.cast(found) : null;
  }

  @Override
  public <T> Map<String, T> findByTypeWithName(Class<T> type) {
    return Map.of();
  }

  @Override
  public <T> Set<T> findByType(Class<T> type) {
    return Set.of();
  }

  private Optional<Object> call(String name) {
    return filters
        .step(name)
        .<Object>map(
            step -> calls.computeIfAbsent(name, _ -> new FilterCall(step, filters::release)));
  }
}
