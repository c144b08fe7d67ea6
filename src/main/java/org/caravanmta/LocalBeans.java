package org.caravanmta;

import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.caravanmta.account.SystemUser;
import org.caravanmta.address.Origin;
import org.caravanmta.alias.Aliases;
import org.caravanmta.alias.Forward;
import org.caravanmta.alias.ForwardPath;
import org.caravanmta.config.LocalSettings;
import org.caravanmta.config.MailboxSettings;
import org.caravanmta.config.Settings;
import org.caravanmta.config.Size;
import org.caravanmta.config.TableName;
import org.caravanmta.delivery.local.CatchAll;
import org.caravanmta.delivery.local.DeliveryIdentity;
import org.caravanmta.delivery.local.Forwarding;
import org.caravanmta.delivery.local.LocalDelivery;
import org.caravanmta.delivery.local.LocalUsers;
import org.caravanmta.delivery.local.VirtualDelivery;
import org.caravanmta.delivery.mailbox.MailboxLock;
import org.caravanmta.delivery.mailbox.MailboxRules;
import org.caravanmta.delivery.program.PipeDelivery;
import org.caravanmta.delivery.program.PipeProgram;
import org.caravanmta.delivery.program.Programs;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.QueueIds;
import org.caravanmta.policy.Case;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Tables;

/// Delivery to our own users, made from the section `local` of the settings.
record LocalBeans(Settings settings, Origin origin, InstantSource clock) {
  /// @param rewriting what is looked up again for mail that is forwarded
  LocalDelivery delivery(
      AddressBeans addresses,
      UnaryOperator<Case> rewriting,
      String hostname,
      QueueIds ids,
      Bodies bodies) {
    LocalSettings local = settings.local();
    var extensions = new Extensions(settings.rewriting().recipientDelimiter());
    var aliases =
        new Aliases(
            aliases(local, clock),
            new Forward(
                settings.data().directory(),
                new ForwardPath(local.forward()),
                extensions,
                isRoot()),
            extensions,
            origin,
            OwnAddresses.resolution(settings, origin, clock),
            Set.copyOf(settings.rewriting().propagate()),
            Set.copyOf(local.allowCommands()),
            Set.copyOf(local.allowFiles()),
            local.expandOwner(),
            local.resetOwner(),
            local.frozenDeliveredTo());
    return new LocalDelivery(
        settings.data().directory(),
        local.mailbox().isEmpty() ? settings.delivery().maildir() + "/" : local.mailbox(),
        rules(settings, settings.mailboxes().sizeLimit()),
        new LocalUsers(
            addresses.search(settings.recipients().own()),
            extensions,
            byUser(addresses, local.mailboxTransport(), local.mailboxTransports()),
            byUser(addresses, local.fallbackTransport(), local.fallbackTransports()),
            byUser(addresses, local.mailboxCommand(), local.mailboxCommands()),
            local.keepPostmaster(),
            new CatchAll(local.catchAll()),
            programs(settings).keySet()),
        aliases,
        new DeliveryIdentity(isRoot(), local.commandUser()),
        programs(local),
        new Forwarding(rewriting, ids, hostname, local.deliveredTo().contains("forward"), clock),
        Set.copyOf(local.deliveredTo()),
        hostname,
        bodies,
        clock);
  }

  /// Delivery to virtual mailboxes, made from the section `virtual` of the settings.
  static VirtualDelivery virtual(
      Settings settings,
      AddressBeans addresses,
      String hostname,
      Bodies bodies,
      InstantSource clock) {
    return new VirtualDelivery(
        settings.data().directory().resolve(settings.virtual().directory()),
        addresses.own(settings.recipients().virtual()),
        addresses.own(settings.virtual().users()),
        addresses.own(settings.virtual().groups()),
        settings.virtual().minimumUser(),
        isRoot(),
        rules(settings, settings.virtual().sizeLimit()),
        hostname,
        bodies,
        clock);
  }

  /// Delivery to programs, made from `delivery.programs`.
  static PipeDelivery pipe(Settings settings, Bodies bodies, InstantSource clock) {
    return new PipeDelivery(
        programs(settings),
        new Programs(settings.local().commandTimeout(), Map.of()),
        isRoot(),
        new Extensions(settings.rewriting().recipientDelimiter()),
        bodies,
        clock);
  }

  /// The transports that are programs, by name.
  static Map<String, PipeProgram> programs(Settings settings) {
    var programs = new LinkedHashMap<String, PipeProgram>();
    settings.delivery().programs().stream()
        .map(PipeProgram::parse)
        .forEach(program -> programs.put(program.name(), program));
    return programs;
  }

  /// Commands of aliases and users.
  private static Programs programs(LocalSettings local) {
    var exported = new LinkedHashMap<String, String>();
    for (String variable : local.exportEnvironment()) {
      String[] parts = variable.split("=", 2);
      String value = parts.length > 1 ? parts[1] : System.getenv(parts[0]);
      if (value != null) {
        exported.put(parts[0], value);
      }
    }
    return new Programs(local.commandTimeout(), exported);
  }

  /// Whom the content filter runs as, when it is one of these.
  static OptionalInt filterUser(Settings settings) {
    Optional<PipeProgram> program =
        settings
            .routing()
            .contentFilter()
            .flatMap(
                hop -> Optional.ofNullable(programs(settings).get(hop.split(":", 2)[0].strip())));
    try {
      Optional<SystemUser> user =
          program.isPresent() ? SystemUser.named(program.get().user()) : Optional.empty();
      return user.map(one -> OptionalInt.of(one.user())).orElse(OptionalInt.empty());
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  private static MailboxRules rules(Settings settings, Size largest) {
    MailboxSettings mailboxes = settings.mailboxes();
    return new MailboxRules(
        new MailboxLock(
            mailboxes.lockFile(),
            mailboxes.lockAttempts(),
            mailboxes.lockPause(),
            mailboxes.lockStale()),
        largest.bytes(),
        mailboxes.strictOwner(),
        settings.rewriting().originalRecipients());
  }

  static SearchPath aliases(LocalSettings local, InstantSource clock) {
    List<String> names = local.aliases().stream().map(Object::toString).toList();
    return Tables.aliases(names, clock, Aliases.values());
  }

  /// Whether everybody is taken mail for at RCPT, because somebody takes it when nobody has a
  /// mailbox.
  static boolean everybody(LocalSettings local) {
    return !local.catchAll().isEmpty()
        || !local.fallbackTransport().isEmpty()
        || !local.fallbackTransports().isEmpty();
  }

  private static LocalUsers.ByUser byUser(
      AddressBeans addresses, String all, List<TableName> some) {
    return new LocalUsers.ByUser(all, addresses.own(some));
  }

  private static boolean isRoot() {
    return ProcessHandle.current().info().user().filter("root"::equals).isPresent();
  }
}
