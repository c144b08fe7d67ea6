package org.caravanmta.restriction.greylist;

import org.caravanmta.policy.Case;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.table.Search;

/// Whom the operator wants never to be deferred (RFC 6647 §5, items 4 and 7), by tables that are
/// asked as access tables are (postfix `access(5)`). Any value will do, but for `DUNNO`, which
/// makes an exception of the exception.
///
/// @param clients by name, address and network
/// @param senders by address and domain; `<>` is the null reverse path
/// @param recipients likewise
public record Exemptions(AccessTable clients, AccessTable senders, AccessTable recipients) {
  private static final String NOT = "DUNNO";

  /// Found when it is exempt.
  Search find(Case.Rcpt rcpt) {
    Search found = new Search.Absent();
    if (!clients.path().isEmpty()) {
      found = exempt(clients.host(rcpt.client().name(), rcpt.client().address()));
    }
    if (found instanceof Search.Absent && !senders.path().isEmpty()) {
      found = exempt(senders.sender(rcpt.sender()));
    }
    if (found instanceof Search.Absent && !recipients.path().isEmpty()) {
      found = exempt(recipients.mailbox(rcpt.recipient()));
    }
    return found;
  }

  private static Search exempt(Search found) {
    return found instanceof Search.Found(String value, _, _) && value.strip().equalsIgnoreCase(NOT)
        ? new Search.Absent()
        : found;
  }
}
