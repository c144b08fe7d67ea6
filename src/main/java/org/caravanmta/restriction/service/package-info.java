/// Policy servers: programs of the operator's own that decide about clients, senders and recipients
/// (postfix `SMTPD_POLICY_README`).
///
/// *Place:* asked by the restriction `check_policy_service`, wherever it stands in a list.
/// *Decides:* nothing; it carries the question there and the answer back. *When it cannot tell:* a
/// server that is down, silent, slow or incomprehensible is asked once more over a new connection;
/// then the default action stands, `451 4.3.5 Server configuration problem`. *Limits:* names of
/// cipher suites are those of the JDK; `compatibility_level` and `mail_version` are those of the
/// Postfix whose attributes these are.
@NullMarked
package org.caravanmta.restriction.service;

import org.jspecify.annotations.NullMarked;
