package org.caravanmta.delivery.local;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.account.SystemUser;
import org.caravanmta.address.Address;
import org.caravanmta.alias.AliasTargets;
import org.caravanmta.alias.Aliases;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.mailbox.MailboxCopy;
import org.caravanmta.delivery.mailbox.MailboxPath;
import org.caravanmta.delivery.mailbox.MailboxRules;
import org.caravanmta.delivery.program.CommandEnvironment;
import org.caravanmta.delivery.program.Programs;
import org.caravanmta.event.Delays;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Destination;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.table.Lookup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers to our own users: final delivery (RFC 5321 §4.4), which puts `Return-Path`,
/// `X-Original-To` and `Delivered-To` before the message and ends lines with LF. Into the
/// recipient's {@link org.caravanmta.delivery.mailbox.Maildir} or {@link
/// org.caravanmta.delivery.mailbox.Mbox}, unless aliases or the user say otherwise, see {@link
/// Aliases}. Of what the recipient stands for each is settled by itself: what has to wait is tried
/// again, and nothing else is.
public final class LocalDelivery {
  private static final Logger log = LoggerFactory.getLogger(LocalDelivery.class);
  private static final String RELAY = "local";

  private final MailboxPath mailboxes;
  private final MailboxRules rules;
  private final DeliveryIdentity identity;
  private final MailboxWriter filing;
  private final LocalUsers users;
  private final Aliases aliases;
  private final Programs programs;
  private final Forwarding onward;
  private final Set<String> deliveredTo;
  private final Bodies bodies;
  private final InstantSource clock;

  /// @param directory the directory that the template is below
  /// @param template the mailbox of a recipient, `mail/%d/%u/Maildir/`
  /// @param deliveredTo `command`, `file`: which get `Delivered-To` (postfix
  ///   `prepend_delivered_header`)
  public LocalDelivery(
      Path directory,
      String template,
      MailboxRules rules,
      LocalUsers users,
      Aliases aliases,
      DeliveryIdentity identity,
      Programs programs,
      Forwarding onward,
      Set<String> deliveredTo,
      String hostname,
      Bodies bodies,
      InstantSource clock) {
    this.mailboxes = new MailboxPath(directory, template, users.extensions().delimiters());
    this.rules = rules;
    this.identity = identity;
    this.filing = new MailboxWriter(mailboxes, rules, identity, hostname, clock);
    this.users = users;
    this.aliases = aliases;
    this.programs = programs;
    this.onward = onward;
    this.deliveredTo = Set.copyOf(deliveredTo);
    this.bodies = bodies;
    this.clock = clock;
  }

  @HandsOver({Queues.ROUTING, Queues.ANY_DELIVERY, Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    Instant begun = clock.instant();
    var results = new ArrayList<RecipientResult>();
    var failed = new ArrayList<RecipientResult>();
    var made = new ArrayList<Mail>();
    for (Recipient recipient : mail.recipients()) {
      var one = new One(mail, recipient);
      Attempt attempt = one.attempt();
      made.addAll(one.made);
      results.add(one.result(attempt));
      failed.addAll(one.others(attempt));
    }
    results.addAll(failed);
    return new TaskOutcome(
        mail, results, Delays.of(mail.envelope(), begun, begun, clock.instant()), true, made);
  }

  /// One recipient of a message.
  private final class One {
    private final Mail mail;
    private final Recipient recipient;
    private final MailboxCopy copy;
    private final List<Mail> made = new ArrayList<>();
    private final List<Attempt.Failed> failures = new ArrayList<>();
    private final Set<String> done;
    private final Set<String> ended = new HashSet<>();
    private Notice.@Nullable Action success = Notice.Action.DELIVERED;

    One(Mail mail, Recipient recipient) {
      this.mail = mail;
      this.recipient = recipient;
      this.copy = new MailboxCopy(mail, recipient, bodies, rules.originals());
      this.done = new HashSet<>(recipient.done());
    }

    /// When it waits, only what is neither done nor ended is tried again.
    RecipientResult result(Attempt attempt) {
      var over = new HashSet<String>();
      if (attempt instanceof Attempt.Deferred && !(done.isEmpty() && ended.isEmpty())) {
        over.addAll(done);
        over.addAll(ended);
        log.info(
            "{}: {} of what {} stands for {} done, the rest waits",
            mail.id(),
            over.size(),
            recipient.address(),
            over.size() == 1 ? "is" : "are");
      }
      return new RecipientResult(
          recipient.having(over), attempt, RELAY, 0, Optional.ofNullable(success));
    }

    /// What has failed beside it.
    List<RecipientResult> others(Attempt attempt) {
      return attempt instanceof Attempt.Failed
          ? List.of()
          : failures.stream()
              .map(
                  failure ->
                      new RecipientResult(
                          recipient.having(done), failure, RELAY, 0, Optional.empty()))
              .toList();
    }

    Attempt attempt() {
      if (MailboxCopy.hasBeenHere(mail.headers(), recipient)) {
        return failed("5.4.6", "mail forwarding loop for " + recipient.address());
      }
      return switch (aliases.expand(recipient.address())) {
        case AliasTargets.Refused(Reason reason) -> new Attempt.Failed(reason);
        case AliasTargets.Into(List<AliasTargets.Act> acts) -> all(acts);
      };
    }

    /// The sender is told what can never be delivered, and the others get theirs. The first that
    /// has to wait says why.
    private Attempt all(List<AliasTargets.Act> acts) {
      var attempts = new ArrayList<Attempt>();
      Map<Group, List<AliasTargets.Onward>> further = new LinkedHashMap<>();
      for (AliasTargets.Act act : acts) {
        if (act instanceof AliasTargets.Onward on) {
          further.computeIfAbsent(new Group(on.owner(), on.via()), _ -> new ArrayList<>()).add(on);
        } else if (!done.contains(act.key())) {
          attempts.add(settled(here(act), List.of(act)));
        }
      }
      further.forEach(
          (of, all) -> {
            List<AliasTargets.Onward> left =
                all.stream().filter(on -> !done.contains(on.key())).toList();
            if (left.isEmpty()) {
              success = of.success();
            } else {
              attempts.add(
                  settled(
                      onward(left.stream().map(AliasTargets.Onward::address).toList(), of), left));
            }
          });
      return attempts.stream()
          .filter(Attempt.Deferred.class::isInstance)
          .findFirst()
          .or(
              () ->
                  attempts.reversed().stream()
                      .filter(Attempt.Delivered.class::isInstance)
                      .findFirst())
          .or(() -> attempts.stream().findFirst())
          .orElseGet(() -> new Attempt.Delivered("nothing is left to do", RELAY));
    }

    private Attempt settled(Attempt attempt, List<? extends AliasTargets.Act> acts) {
      List<String> keys = acts.stream().map(AliasTargets.Act::key).toList();
      switch (attempt) {
        case Attempt.Deferred _ -> {}
        case Attempt.Failed failed -> {
          failures.add(failed);
          ended.addAll(keys);
        }
        case Attempt.Delivered _ -> done.addAll(keys);
      }
      return attempt;
    }

    /// What goes on as one message.
    private record Group(Optional<Address> owner, Address via) {
      Notice.Action success() {
        return owner.isPresent() ? Notice.Action.DELIVERED : Notice.Action.EXPANDED;
      }
    }

    private Attempt here(AliasTargets.Act act) {
      return switch (act) {
        case AliasTargets.ToMailbox(Address address) -> mailbox(address);
        case AliasTargets.ToFile(Path path, boolean maildir, AliasTargets.Behalf behalf) ->
            file(path, maildir, behalf);
        case AliasTargets.ToCommand(String line, AliasTargets.Behalf behalf) ->
            command(line, behalf, recipient.address());
        case AliasTargets.Impossible(Reason reason) -> new Attempt.Failed(reason);
        case AliasTargets.Waiting(Reason reason) -> new Attempt.Deferred(reason);
        case AliasTargets.Onward _ -> throw new IllegalStateException("not here: " + act);
      };
    }

    private Attempt onward(List<Address> addresses, Group of) {
      return switch (onward.to(mail, recipient, addresses, of.owner(), of.via())) {
        case Forwarding.Made.Unavailable(String why) ->
            new Attempt.Deferred(Reason.of("4.3.0", why));
        case Forwarding.Made.Ready(String id, List<Mail> parts) -> {
          made.addAll(parts);
          success = of.success();
          yield new Attempt.Delivered("forwarded as " + id, RELAY);
        }
      };
    }

    private Attempt mailbox(Address address) {
      return switch (users.mailboxes().of(address)) {
        case Lookup.Found(String transport) -> elsewhere(address, transport);
        case Lookup.Unavailable(String why) -> unavailable("mailbox transport table", why);
        case Lookup.Absent() ->
            switch (users.mailbox(address)) {
              case Lookup.Found _ -> own(address);
              case Lookup.Absent() -> nobody(address);
              case Lookup.Unavailable(String why) -> unavailable("recipients table", why);
            };
      };
    }

    private Attempt own(Address address) {
      return switch (users.commands().of(address)) {
        case Lookup.Found(String line) -> command(line, new AliasTargets.Users(), address);
        case Lookup.Absent() -> filed(address);
        case Lookup.Unavailable(String why) -> unavailable("mailbox command table", why);
      };
    }

    private Attempt filed(Address address) {
      Optional<Path> path;
      try {
        path = mailboxes.of(address);
      } catch (UncheckedIOException e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        return unavailable(String.valueOf(e.getMessage()), String.valueOf(cause.getMessage()));
      }
      return path.map(place -> filing.own(copy, address, place)).orElseGet(() -> unknown(address));
    }

    private static Attempt unavailable(String what, String why) {
      return new Attempt.Deferred(Reason.of("4.3.0", what + ": " + why));
    }

    /// To another transport, which takes over to say what became of it.
    private Attempt elsewhere(Address address, String transport) {
      Destination destination =
          NamedTransport.parse(transport, address.domain().key()).destination(users.programs());
      made.add(
          mail.with(
              mail.envelope()
                  .with(List.of(recipient.to(address).having(Set.of())))
                  .with(destination)));
      success = null;
      return new Attempt.Delivered("passed to " + destination.transport(), RELAY);
    }

    private Attempt nobody(Address address) {
      return switch (users.fallback().of(address)) {
        case Lookup.Found(String transport) -> elsewhere(address, transport);
        case Lookup.Unavailable(String why) -> unavailable("fallback transport table", why);
        case Lookup.Absent() -> instead(address);
      };
    }

    private Attempt instead(Address address) {
      try {
        Optional<String> text = users.instead(address);
        if (text.isPresent()) {
          boolean own = text.get().startsWith("\\");
          if (text.get().startsWith("|")) {
            return command(text.get().substring(1), new AliasTargets.Operators(), address);
          }
          if (text.get().startsWith("/")) {
            return file(
                Path.of(text.get()), text.get().endsWith("/"), new AliasTargets.Operators());
          }
          Address taker = aliases.origin().complete(text.get().substring(own ? 1 : 0));
          if (!taker.equals(address)) {
            return own
                ? taken(taker, address)
                : onward(List.of(taker), new Group(Optional.empty(), recipient.address()));
          }
        }
        return users.discards(address) ? discarded(address) : unknown(address);
      } catch (IllegalArgumentException e) {
        return new Attempt.Deferred(Reason.of("4.3.5", "local.catch-all: " + e.getMessage()));
      }
    }

    /// By a user's mailbox, whatever aliases and his `.forward` say.
    private Attempt taken(Address taker, Address address) {
      return switch (users.mailbox(taker)) {
        case Lookup.Found _ -> mailbox(taker);
        case Lookup.Absent() -> unknown(address);
        case Lookup.Unavailable(String why) -> unavailable("recipients table", why);
      };
    }

    private Attempt discarded(Address address) {
      log.warn("{}: mail for {}, who does not exist here, is discarded", mail.id(), address);
      return new Attempt.Delivered("discarded", RELAY);
    }

    private Attempt file(Path path, boolean maildir, AliasTargets.Behalf behalf) {
      try {
        var as = identity.of(behalf, mailboxes.user(recipient.address()));
        return filing.named(copy.deliveredTo(deliveredTo.contains("file")), path, maildir, as);
      } catch (DeliveryIdentity.Unavailable e) {
        return unavailable(e, "file " + path);
      }
    }

    private Attempt command(String line, AliasTargets.Behalf behalf, Address user) {
      Optional<Attempt> unfit = copy.unfit("command");
      if (unfit.isPresent()) {
        return unfit.get();
      }
      var given = copy.deliveredTo(deliveredTo.contains("command"));
      try {
        Optional<SystemUser> as = identity.of(behalf, mailboxes.user(user));
        return programs.run(
            line,
            as,
            CommandEnvironment.of(
                mail,
                recipient.to(user),
                behalf instanceof AliasTargets.Operators ? Optional.empty() : as,
                users.extensions()),
            out -> {
              out.write(filing.from(given).getBytes(StandardCharsets.UTF_8));
              given.write(out);
            });
      } catch (DeliveryIdentity.Unavailable e) {
        return unavailable(e, "command");
      }
    }

    private Attempt unavailable(DeliveryIdentity.Unavailable why, String what) {
      log.error("{}: {}: {}", mail.id(), what, why.getMessage());
      return new Attempt.Deferred(Reason.of(why.status(), what + ": " + why.getMessage()));
    }
  }

  private static Attempt unknown(Address address) {
    return failed("5.1.1", "unknown user: \"" + address + "\"");
  }

  private static Attempt failed(String status, String text) {
    return new Attempt.Failed(Reason.of(status, text));
  }
}
