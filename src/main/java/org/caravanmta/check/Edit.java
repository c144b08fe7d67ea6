package org.caravanmta.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;

/// What the rules have made of one message so far. Fields that no rule changed keep their bytes.
final class Edit {
  private final Mail mail;
  private final Origin origin;
  private final CheckLog log;
  private final List<Headers.Field> fields = new ArrayList<>();
  private final List<Recipient> copies = new ArrayList<>();
  private Optional<Address> redirect = Optional.empty();
  private Optional<String> hold = Optional.empty();
  private boolean changed;
  private boolean passed;
  private int looked;

  Edit(Mail mail, Origin origin) {
    this.mail = mail;
    this.origin = origin;
    this.log = new CheckLog(mail);
  }

  CheckLog log() {
    return log;
  }

  /// Whether a rule has said that the rest is not to be looked at.
  boolean passed() {
    return passed;
  }

  void keep(Headers.Field field) {
    fields.add(field);
    looked++;
  }

  /// Does what a rule says of a field.
  ///
  /// @return the verdict, when that ends it
  Optional<Verdict> apply(Headers.Field field, String value) {
    Action action;
    try {
      action = Action.parse(value);
    } catch (IllegalArgumentException e) {
      // only what was put in for $1 can be at fault here
      log.unclear(field, e.getMessage() + "; the rule is not applied");
      keep(field);
      return Optional.empty();
    }
    log.action(field, action);
    return switch (action) {
      case Action.Reject reject -> Optional.of(verdict(reject));
      case Action.Discard(String why) -> Optional.of(new Verdict.Discard(why));
      case Action.Hold(String why) -> {
        hold = Optional.of(why);
        yield kept(field);
      }
      case Action.Strip _ -> put(List.of());
      case Action.Replace(Headers.Field other) -> put(List.of(HeaderChecks.like(field, other)));
      case Action.Prepend(Headers.Field other) ->
          put(List.of(HeaderChecks.like(field, other), field));
      case Action.Redirect(Address address) -> {
        redirect = Optional.of(origin.complete(address));
        yield kept(field);
      }
      case Action.Copy(Address address) -> {
        copies.add(copy(origin.complete(address)));
        yield kept(field);
      }
      case Action.Pass _ -> {
        passed = true;
        yield kept(field);
      }
      case Action.Log _, Action.Nothing _ -> kept(field);
    };
  }

  Case result(Case.Message message) {
    Mail result = mail;
    if (changed) {
      List<Headers.Field> all = mail.headers().fields();
      fields.addAll(all.subList(looked, all.size()));
      result = result.with(Headers.of(fields));
    }
    if (redirect.isPresent()) {
      result = result.with(List.of(redirected(redirect.get())));
    } else if (!copies.isEmpty()) {
      var recipients = new ArrayList<>(mail.recipients());
      copies.stream().filter(copy -> !recipients.contains(copy)).forEach(recipients::add);
      result = result.with(recipients);
    }
    Case.Message edited = message.with(result).orTooMany();
    return hold.isPresent() && edited.open()
        ? edited.decided(new Verdict.Hold(hold.get()))
        : edited;
  }

  private static Verdict verdict(Action.Reject reject) {
    return reject.reply().transientFailure()
        ? new Verdict.Defer(reject.reply())
        : new Verdict.Reject(reject.reply());
  }

  private Optional<Verdict> kept(Headers.Field field) {
    keep(field);
    return Optional.empty();
  }

  private Optional<Verdict> put(List<Headers.Field> instead) {
    fields.addAll(instead);
    looked++;
    changed = true;
    return Optional.empty();
  }

  /// Nobody is told what becomes of a copy that the sender does not know of.
  private static Recipient copy(Address address) {
    return new Recipient(
        address, address, Optional.of(Notify.NEVER), Optional.empty(), Optional.empty());
  }

  /// The operator's choice, not the sender's: it keeps nothing of the recipients it replaces.
  private static Recipient redirected(Address address) {
    return Recipient.of(address);
  }
}
