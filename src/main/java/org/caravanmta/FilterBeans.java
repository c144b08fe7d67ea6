package org.caravanmta;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.caravanmta.config.Settings;
import org.caravanmta.delivery.remote.Destinations;
import org.caravanmta.delivery.remote.FilterDelivery;
import org.caravanmta.delivery.remote.LmtpDelivery;
import org.caravanmta.delivery.remote.SmtpDelivery;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.filter.ContentFilter;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.rewrite.Generic;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.SmtpCaller;

/// The beans for content filters: what chooses one, and the delivery to it, in which mail stays as
/// it is.
final class FilterBeans {
  private FilterBeans() {}

  /// @param unchanged puts no address in place of another
  static Map<String, Object> of(
      Settings settings,
      Outgoing outgoing,
      DnsNames names,
      Supplier<Destinations> destinations,
      ConnectionCache connections,
      Generic unchanged,
      ContentStore store,
      InstantSource clock) {
    SmtpCaller caller = outgoing.callerOfFilters();
    var smtp =
        new SmtpDelivery(
            names,
            caller,
            outgoing.tries(),
            settings.delivery().port(),
            "",
            outgoing.ourselves(),
            destinations.get(),
            connections,
            unchanged,
            store::read,
            clock);
    var lmtp =
        new LmtpDelivery(
            names,
            settings.data().directory().toAbsolutePath(),
            caller,
            outgoing.tries(),
            destinations.get(),
            connections,
            unchanged,
            store::read,
            clock);
    return Map.of(
        "contentFilter",
        new ContentFilter(
            settings.routing().contentFilter().map(NamedTransport::filter),
            LocalBeans.filterUser(settings)),
        "filterDelivery",
        new FilterDelivery(smtp::deliver, lmtp::deliver));
  }
}
