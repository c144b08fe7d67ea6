package org.caravanmta;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.caravanmta.address.Origin;
import org.caravanmta.check.Added;
import org.caravanmta.check.Attachments;
import org.caravanmta.check.Bounds;
import org.caravanmta.check.Characters;
import org.caravanmta.check.Checks;
import org.caravanmta.check.Rules;
import org.caravanmta.check.Strictness;
import org.caravanmta.check.WireChecks;
import org.caravanmta.config.Settings;
import org.caravanmta.config.TableName;
import org.caravanmta.delivery.remote.CheckedDelivery;
import org.caravanmta.delivery.remote.SmtpDelivery;
import org.caravanmta.message.ContentStore;

/// The beans that look into what messages say: checks of mail that comes in and of mail that goes
/// out.
final class ContentBeans {
  private static final String SMTP = "smtpDelivery";

  private ContentBeans() {}

  /// @param byName has the delivery that is to be checked
  static void add(
      Map<String, Object> byName,
      Settings settings,
      Origin origin,
      Added added,
      ContentStore store,
      InstantSource clock) {
    byName.put(
        "checks",
        new Checks(
            in(settings.checks(), clock),
            settings.checks().dropHeaders(),
            Strictness.of(settings.checks().strict(), bounds(settings.checks())),
            Characters.of(settings.checks().rejectCharacters()),
            Characters.of(settings.checks().stripCharacters()),
            origin,
            added,
            store,
            clock));
    byName.put(
        "attachments",
        new Attachments(
            Attachments.rules(texts(settings.checks().attachments()), clock),
            Attachments.Otherwise.of(settings.checks().unreadableAttachments()),
            store::read,
            clock));
    var out = new WireChecks(out(settings, clock), store, clock);
    if (byName.get(SMTP) instanceof SmtpDelivery smtp) {
      byName.put(SMTP, new CheckedDelivery(smtp::deliver, out, clock));
    }
  }

  private static Rules in(Settings.Checks checks, InstantSource clock) {
    return Rules.in(
        texts(checks.header()),
        texts(checks.mimeHeader().isEmpty() ? checks.header() : checks.mimeHeader()),
        texts(checks.nestedHeader().isEmpty() ? checks.header() : checks.nestedHeader()),
        texts(checks.body()),
        bounds(checks),
        clock);
  }

  private static Bounds bounds(Settings.Checks checks) {
    return new Bounds(
        checks.bodySizeLimit().bytes(),
        checks.fieldSizeLimit().asInt(),
        checks.nestingLimit(),
        checks.boundaryLimit(),
        checks.mime());
  }

  private static Rules out(Settings settings, InstantSource clock) {
    Settings.WireChecks checks = settings.delivery().checks();
    return Rules.out(
        texts(checks.header()),
        texts(checks.mimeHeader()),
        texts(checks.nestedHeader()),
        texts(checks.body()),
        bounds(settings.checks()),
        clock);
  }

  private static List<String> texts(List<TableName> tables) {
    return tables.stream().map(Object::toString).toList();
  }
}
