package org.caravanmta.restriction;

import java.util.List;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.address.Resolution;
import org.caravanmta.event.Events;
import org.caravanmta.event.RestrictionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.policy.RefusalCodes;
import org.caravanmta.restriction.access.AccessResult;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.TableProblem;
import org.caravanmta.table.Tables;
import org.caravanmta.table.Values;

/// The restrictions that ask access tables (postfix `access(5)`), and what the results mean for a
/// case.
final class AccessRestrictions {
  private final RestrictionContext around;
  private final Function<String, List<Finding.Entry>> further;

  AccessRestrictions(RestrictionContext around, Function<String, List<Finding.Entry>> further) {
    this.around = around;
    this.further = further;
  }

  /// Opens the table of a restriction.
  ///
  /// @throws TableProblem names the table, and the line whose result is none
  AccessTable open(String restriction, String table) {
    // that one holds names of users, not results
    Values values = restriction.endsWith("_login_mismatch") ? Values.ANY : this::expect;
    return new AccessTable(
        new SearchPath(List.of(Tables.open(table, around.clock(), values))),
        around.extensions(),
        around.own().parents("smtpd_access_maps"));
  }

  RefusalCodes codes() {
    return around.own().codes();
  }

  Restriction client(AccessTable table) {
    return asked ->
        finding(
            asked,
            asked.client(ReplySubject.CLIENT),
            table.host(asked.client().name(), asked.client().address()));
  }

  /// By the name that the address points to, which may be a lie: it permits nothing.
  Restriction reverseName(AccessTable table) {
    return asked -> {
      String name = asked.client().reverse().name();
      return name.equals(Client.UNKNOWN)
          ? Finding.DUNNO
          : notOk(finding(asked, asked.client(ReplySubject.UNVERIFIED), table.name(name)), name);
    };
  }

  Restriction login(AccessTable table) {
    return asked ->
        asked
            .client()
            .login()
            .map(
                login ->
                    finding(asked, new ReplySubject(ReplySubject.LOGIN, login), table.exact(login)))
            .orElse(Finding.DUNNO);
  }

  Restriction helo(AccessTable table) {
    return asked ->
        asked.client().helo().isEmpty()
            ? Finding.DUNNO
            : finding(asked, asked.helo(), table.name(asked.client().helo()));
  }

  Restriction sender(AccessTable table) {
    return asked ->
        finding(
            asked,
            asked.mailFrom(),
            asked
                .from()
                .map(from -> table.mailbox(resolved(from)))
                .orElseGet(() -> table.sender(asked.sender())));
  }

  Restriction recipient(AccessTable table) {
    return asked -> {
      if (asked.recipient().isEmpty()) {
        return Finding.DUNNO;
      }
      Address to = asked.recipient().get();
      Finding found = finding(asked, RestrictedCase.rcptTo(to), table.mailbox(resolved(to)));
      // what another server makes of it is not for the table's author to know
      return found instanceof Finding.Ok
              && !around.own().untrustedRouting()
              && Resolution.routed(resolved(to))
          ? Finding.DUNNO
          : found;
    };
  }

  /// What a table's answer means.
  Finding finding(RestrictedCase asked, ReplySubject subject, Search found) {
    return switch (found) {
      case Search.Found(String value, _, var table) -> {
        try {
          yield finding(asked, subject, AccessResult.parse(value, around.own().codes()));
        } catch (IllegalArgumentException e) {
          Events.tell(new RestrictionEvent.Undecided(table.name() + ": " + e.getMessage()));
          yield Finding.BROKEN;
        }
      }
      case Search.Absent() -> Finding.DUNNO;
      case Search.Unavailable(String why) -> {
        Events.tell(new RestrictionEvent.Undecided("access table: " + why));
        yield Finding.BROKEN;
      }
    };
  }

  Finding finding(RestrictedCase asked, ReplySubject subject, AccessResult result) {
    return switch (result) {
      case AccessResult.Ok() -> Finding.OK;
      case AccessResult.Dunno() -> Finding.DUNNO;
      case AccessResult.Refused(int code, var status, String text) ->
          new Finding.Refused(subject.reply(code, status, text));
      case AccessResult.DeferIfPermit(String text) ->
          new Finding.DeferIfPermit(
              subject.reply(codes().accessDefer(), "4.7.1", or(text, "Service unavailable")));
      case AccessResult.DeferIfReject(String text) ->
          new Finding.DeferIfReject(
              subject.reply(codes().accessDefer(), "4.7.1", or(text, "Service unavailable")));
      case AccessResult.Discard(String text) ->
          new Finding.Discard(subject.says(or(text, "triggers DISCARD action")));
      case AccessResult.Hold(String text) -> {
        String why = subject.says(or(text, "triggers HOLD action"));
        yield new Finding.Noted(new MessageAction.Hold(why), "hold", why);
      }
      case AccessResult.Noted(MessageAction action) -> noted(subject, action);
      case AccessResult.Said(String word, String text) ->
          new Finding.Said(word, subject.says(text));
      case AccessResult.Restrictions(String list) -> new Finding.Further(further.apply(list));
    };
  }

  private static Finding noted(ReplySubject subject, MessageAction action) {
    return switch (action) {
      case MessageAction.Filter(NamedTransport through) ->
          new Finding.Noted(action, "filter", subject.says("triggers FILTER " + through));
      case MessageAction.Redirect(Address to) ->
          new Finding.Noted(action, "redirect", subject.says("triggers REDIRECT " + to));
      case MessageAction.Bcc(Address to) ->
          new Finding.Noted(action, "bcc", subject.says("triggers BCC " + to));
      case MessageAction.Prepend _ -> new Finding.Noted(action, "", "");
      case MessageAction.Hold(String why) -> new Finding.Noted(action, "hold", why);
    };
  }

  /// What may not permit anything because a stranger has it in hand.
  static Finding notOk(Finding found, String what) {
    if (found instanceof Finding.Ok) {
      Events.tell(
          new RestrictionEvent.Undecided(
              "an access table has OK for " + what + ", where only DUNNO is safe"));
      return Finding.BROKEN;
    }
    return found;
  }

  private Address resolved(Address address) {
    return around.resolution().resolve(address).orElse(address);
  }

  /// Fit for a table's values: a result, and the restrictions it names are such.
  private void expect(String value) {
    AccessResult.expect(value);
    if (!value.contains("$")
        && AccessResult.parse(value) instanceof AccessResult.Restrictions(String list)) {
      var _ = further.apply(list);
    }
  }

  private static String or(String text, String without) {
    return text.isEmpty() ? without : text;
  }
}
