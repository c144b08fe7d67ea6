package org.caravanmta;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.model.Model;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.support.DefaultRegistry;
import org.caravanmta.config.RestrictionSettings;
import org.caravanmta.config.Settings;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.policy.Case;
import org.caravanmta.restriction.Leeway;
import org.caravanmta.restriction.RestrictionContext;
import org.caravanmta.restriction.RestrictionStep;
import org.caravanmta.restriction.Restrictions;
import org.caravanmta.restriction.dnsbl.DnsLists;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Tables;
import org.caravanmta.table.Values;
import org.jspecify.annotations.Nullable;

/// The restrictions that route steps name (postfix `SMTPD_ACCESS_README`): a bean for each text
/// that is one, `rejectUnauthDestination` or `checkClientAccess cidr:/etc/caravan/clients`. A route
/// of the name `direct:NAME` is a restriction class.
final class RestrictionBeans implements BeanRepository {
  private static final String CLASS_SCHEME = "direct:";

  private final Restrictions restrictions;
  private volatile @Nullable CamelContext context;
  private volatile @Nullable BiFunction<String, Case.Listed, Optional<Case.Listed>> answering;
  private volatile @Nullable ProducerTemplate template;
  private volatile Set<String> taken = Set.of();

  /// @param stressed whether the server is under load
  RestrictionBeans(
      Settings settings,
      DnsNames names,
      AddressBeans addresses,
      BooleanSupplier stressed,
      InstantSource clock) {
    RestrictionSettings all = settings.restrictions();
    var certificates = all.clientCertificates().stream().map(Object::toString).toList();
    var replies = settings.dnsbl().replies().stream().map(Object::toString).toList();
    restrictions =
        new Restrictions(
            new RestrictionContext(
                settings.smtp().clientNameLookup(),
                addresses.resolution(),
                addresses.relay(),
                addresses.recipients(),
                new Extensions(settings.rewriting().recipientDelimiter()),
                names,
                new DnsLists(names, clock),
                Tables.search(replies, clock, Values.ANY),
                Tables.search(certificates, clock, Values.ANY),
                new Leeway(
                    all.codes().codes(),
                    all.untrustedRouting(),
                    all.parents("smtpd_access_maps"),
                    all.backupNetworks(),
                    all.backupNetworks().networks().isEmpty()),
                stressed,
                this::isClass,
                this::ask,
                clock));
  }

  /// Makes them known to the routes of `camel`.
  ///
  /// @param others the names of beans that are something else
  void enter(CamelContext camel, Set<String> others) {
    context = camel;
    taken = Set.copyOf(others);
    camel.getRegistry(DefaultRegistry.class).addBeanRepository(this);
    template = camel.createProducerTemplate();
  }

  /// Whether a route has restrictions for DATA.
  boolean atData() {
    return restrictions.atData();
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

  private boolean isClass(String name) {
    Predicate<CamelContext> has =
        camel ->
            camel
                .getCamelContextExtension()
                .getContextPlugin(Model.class)
                .getRouteDefinitions()
                .stream()
                .anyMatch(
                    route ->
                        route
                            .getInput()
                            .getEndpointUri()
                            .replace("//", "")
                            .equals(CLASS_SCHEME + name));
    return Optional.ofNullable(context).filter(has).isPresent();
  }

  /// Has restriction classes answered by somebody else than the routes that run.
  void answerClasses(BiFunction<String, Case.Listed, Optional<Case.Listed>> answers) {
    answering = answers;
  }

  private Optional<Case.Listed> ask(String name, Case.Listed c) {
    BiFunction<String, Case.Listed, Optional<Case.Listed>> other = answering;
    return other == null ? route(name, c) : other.apply(name, c);
  }

  private Optional<Case.Listed> route(String name, Case.Listed c) {
    return Optional.ofNullable(template)
        .map(to -> to.requestBody(CLASS_SCHEME + name, c, Case.Listed.class));
  }
}
