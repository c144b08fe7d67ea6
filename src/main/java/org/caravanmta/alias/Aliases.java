package org.caravanmta.alias;

import java.util.List;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.Origin;
import org.caravanmta.address.Resolution;
import org.caravanmta.message.Reason;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Values;

/// The aliases of our own users, their lists and `.forward` files, followed to their ends (RFC 5321
/// §3.9; postfix `aliases(5)`). An alias that names itself stands for the mailbox; other users of
/// ours those it names get a message of their own, so that each is tried again alone.
///
/// @param tables of names, lower case, without a domain
/// @param forward where users say where their mail goes
/// @param own the domains whose local parts are the names
/// @param propagate `alias`, `forward`, `include`: which keep an extension that the key did not
///   cover
/// @param settings what the operator lets them do
public record Aliases(
    SearchPath tables,
    Forward forward,
    Extensions extensions,
    Origin origin,
    Resolution own,
    Set<String> propagate,
    ExpansionSettings settings) {
  /// Checks a value of an alias table when it is read. Commands and files are never made from what
  /// strangers write, so they hold no `$1`.
  public static Values values() {
    return Values.fixed(
        Values.tolerant(
            value -> {
              List<AliasItem> all = AliasItem.list(value);
              if (all.isEmpty()) {
                throw new IllegalArgumentException("expected at least one destination");
              }
              for (AliasItem one : all) {
                if (one instanceof AliasItem.Nowhere(_, String why)) {
                  throw new IllegalArgumentException(why);
                }
              }
            }));
  }

  public AliasTargets expand(Address recipient) {
    if (tables.isEmpty() && forward.isNone()) {
      return new AliasTargets.Into(List.of(new AliasTargets.ToMailbox(recipient)));
    }
    var entries = new AliasEntries(tables, extensions, origin, settings);
    List<AliasTargets.Act> acts =
        new AliasWalk(entries, forward, origin, own, propagate, settings, recipient).acts();
    return acts.isEmpty()
        ? new AliasTargets.Refused(Reason.of("5.4.6", "alias database loop for " + recipient))
        : new AliasTargets.Into(acts);
  }
}
