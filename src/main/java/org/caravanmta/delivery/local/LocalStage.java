package org.caravanmta.delivery.local;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.caravanmta.alias.Aliases;
import org.caravanmta.alias.Forward;
import org.caravanmta.alias.ForwardPath;
import org.caravanmta.config.Size;
import org.caravanmta.delivery.mailbox.MailboxLock;
import org.caravanmta.delivery.mailbox.MailboxRules;
import org.caravanmta.delivery.mailbox.MailboxSettings;
import org.caravanmta.delivery.program.Programs;
import org.caravanmta.domain.RecipientSettings;
import org.caravanmta.policy.Case;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Tables;

/// The stages `delivery.local` and `delivery.virtual`: final delivery to our own users, and to
/// mailboxes that tables name.
public final class LocalStage implements Stage {
  private final Map<String, Object> beans;
  private final SearchPath aliases;
  private final boolean everybody;

  /// The sections of the settings that are about mailboxes.
  ///
  /// @param maildirs where users' mailboxes are, unless `local.mailbox` says otherwise
  public record Sections(
      LocalSettings local,
      VirtualSettings virtual,
      MailboxSettings mailboxes,
      RecipientSettings recipients,
      MaildirSettings maildirs) {}

  /// What other sections of the settings say that is needed here.
  ///
  /// @param propagate the kinds of lookups whose result gets the extension of the address (postfix
  ///   `propagate_unmatched_extensions`)
  /// @param originalRecipients whether a copy in a mailbox has `X-Original-To` (postfix
  ///   `enable_original_recipient`)
  /// @param programs the transports that are the operator's programs
  /// @param root whether the server runs as root
  public record Terms(
      List<String> propagate, boolean originalRecipients, Set<String> programs, boolean root) {}

  /// @param forwarding rewrites mail that is forwarded
  public LocalStage(Sections own, Terms terms, UnaryOperator<Case> forwarding, House house) {
    LocalSettings local = own.local();
    this.aliases = Tables.aliases(local.expansion().aliases(), house.clock(), Aliases.values());
    this.everybody =
        !local.nobody().catchAll().isEmpty()
            || !local.nobody().fallbackTransport().isEmpty()
            || !local.nobody().fallbackTransports().isEmpty();
    this.beans =
        Map.of(
            "localDelivery",
            local(own, terms, forwarding, house),
            "virtualDelivery",
            virtual(own, terms, house));
  }

  @Override
  public Map<String, Object> beans() {
    return beans;
  }

  /// The aliases of our own users.
  public SearchPath aliases() {
    return aliases;
  }

  /// Whether any recipient in our own domains exists, because a catch-all address or a fallback
  /// transport takes mail for users who have no mailbox.
  public boolean everybody() {
    return everybody;
  }

  private LocalDelivery local(
      Sections own, Terms terms, UnaryOperator<Case> forwarding, House house) {
    LocalSettings local = own.local();
    var extensions = house.local().extensions();
    var walked =
        new Aliases(
            aliases,
            new Forward(
                house.directory(),
                new ForwardPath(local.expansion().forward()),
                extensions,
                terms.root()),
            extensions,
            house.local().origin(),
            house.local().resolution(),
            Set.copyOf(terms.propagate()),
            local.expansion());
    return new LocalDelivery(
        house.directory(),
        local.own().mailbox().isEmpty() ? own.maildirs().maildir() + "/" : local.own().mailbox(),
        rules(own, terms, own.mailboxes().sizeLimit()),
        LocalUsers.open(
            local, house.local().search(own.recipients().own()), house.local(), terms.programs()),
        walked,
        new DeliveryIdentity(terms.root(), local.commandUser()),
        Programs.of(local.commands()),
        new Forwarding(
            forwarding,
            house.ids(),
            house.hostname(),
            local.deliveredTo().contains("forward"),
            house.clock()),
        Set.copyOf(local.deliveredTo()),
        house.hostname(),
        house.store()::read,
        house.clock());
  }

  private static VirtualDelivery virtual(Sections own, Terms terms, House house) {
    VirtualSettings virtual = own.virtual();
    return new VirtualDelivery(
        house.directory(),
        virtual,
        house.local().own(own.recipients().virtual()),
        house.local().own(virtual.users()),
        house.local().own(virtual.groups()),
        terms.root(),
        rules(own, terms, virtual.sizeLimit()),
        house.hostname(),
        house.store()::read,
        house.clock());
  }

  private static MailboxRules rules(Sections own, Terms terms, Size largest) {
    MailboxSettings mailboxes = own.mailboxes();
    return new MailboxRules(
        new MailboxLock(mailboxes.lock()), mailboxes, largest.bytes(), terms.originalRecipients());
  }
}
