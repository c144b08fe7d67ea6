package org.caravanmta.settings;

import java.nio.file.Path;
import java.util.Optional;
import org.caravanmta.address.Domain;
import org.caravanmta.check.CheckSettings;
import org.caravanmta.cluster.ClusterSettings;
import org.caravanmta.config.Places;
import org.caravanmta.delivery.local.LocalSettings;
import org.caravanmta.delivery.local.VirtualSettings;
import org.caravanmta.delivery.mailbox.MailboxSettings;
import org.caravanmta.dns.DnsSettings;
import org.caravanmta.domain.DomainSettings;
import org.caravanmta.domain.NetworkSettings;
import org.caravanmta.domain.RecipientSettings;
import org.caravanmta.filter.FilterSettings;
import org.caravanmta.log.LogSettings;
import org.caravanmta.message.ContentSettings;
import org.caravanmta.monitor.MetricsSettings;
import org.caravanmta.quarantine.QuarantineSettings;
import org.caravanmta.queue.BrokerChoice;
import org.caravanmta.reception.ListenerSettings;
import org.caravanmta.reception.ListenersSettings;
import org.caravanmta.reception.limits.LimitSettings;
import org.caravanmta.reception.session.SessionTerms;
import org.caravanmta.reception.session.SmtpSettings;
import org.caravanmta.report.NoticeSettings;
import org.caravanmta.report.ReportSettings;
import org.caravanmta.restriction.RestrictionSettings;
import org.caravanmta.restriction.dnsbl.DnsblSettings;
import org.caravanmta.restriction.greylist.GreylistSettings;
import org.caravanmta.restriction.login.SenderLoginSettings;
import org.caravanmta.retry.QueueSettings;
import org.caravanmta.rewrite.RewritingSettings;
import org.caravanmta.routing.RoutingSettings;
import org.caravanmta.sasl.server.SaslSettings;
import org.caravanmta.state.StateSettings;
import org.caravanmta.submission.MaildropSettings;
import org.caravanmta.tls.server.TlsSettings;

/// All settings of Caravan. Each component is a section of `config/caravan.yaml`, which says what
/// the keys of the section mean; its record is in the package that uses it, and has a component for
/// each key (`sizeLimit` is `size-limit`). {@link SettingsFile} reads them. An absent value is an
/// empty text in the file. A record's constructor refuses values that make no sense, with a message
/// that starts with the key; rules that concern several sections are here.
///
/// @param hostname the name of this server; absent: that of the machine, see {@link Hostname}
/// @param places where each was given; not a section
public record Settings(
    Optional<Domain> hostname,
    Data data,
    DomainSettings domains,
    NetworkSettings networks,
    RecipientSettings recipients,
    ListenersSettings listeners,
    TlsSettings tls,
    SaslSettings sasl,
    SenderLoginSettings submission,
    MaildropSettings maildrop,
    SmtpSettings smtp,
    LimitSettings limits,
    RestrictionSettings restrictions,
    DnsblSettings dnsbl,
    FilterSettings filters,
    QuarantineSettings quarantine,
    GreylistSettings greylist,
    RewritingSettings rewriting,
    CheckSettings checks,
    RoutingSettings routing,
    LocalSettings local,
    VirtualSettings virtual,
    MailboxSettings mailboxes,
    DeliverySettings delivery,
    DnsSettings dns,
    QueueSettings queue,
    ReportSettings report,
    NoticeSettings notices,
    ContentSettings content,
    BrokerChoice broker,
    ClusterSettings cluster,
    StateSettings state,
    LogSettings log,
    MetricsSettings metrics,
    Places places) {
  public Settings {
    hostname.map(Domain::name).ifPresent(SessionTerms::requireName);
    listeners
        .enabled(
            listener ->
                listener.tls().needsCertificate()
                    && tls.files().certificates().isEmpty()
                    && listener.files().certificates().isEmpty())
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "listeners." + name + ".tls needs tls.certificates");
            });
    listeners
        .enabled(
            listener -> listener.auth() == ListenerSettings.Auth.REQUIRED && !sasl.knowsUsers())
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "listeners." + name + ".auth needs users: sasl.passwords, for one");
            });
    requireOwnBroker(cluster, broker);
  }

  private static void requireOwnBroker(ClusterSettings cluster, BrokerChoice broker) {
    if (cluster.node().isPresent() && broker.url().isPresent()) {
      throw new IllegalArgumentException(
          "broker.url must be empty where cluster.node is set: each node of a cluster has its own"
              + " broker");
    }
  }

  /// The section `data`: where the server keeps everything.
  ///
  /// @param directory see {@link DataDirectory}
  public record Data(Path directory) {}
}
