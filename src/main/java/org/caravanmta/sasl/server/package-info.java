/// Logins of clients at reception (SASL, RFC 4422; AUTH, RFC 4954).
///
/// *Place:* called by reception between AUTH and its reply; every call may wait and is made on a
/// virtual thread. *Decides:* whether a login is right, by passwords in a file, a database, a
/// directory or Dovecot, or by the signature of a bearer token; and whether a client has guessed
/// too often to be asked any more. *When it cannot tell:* {@link
/// org.caravanmta.sasl.server.LoginStep.Unavailable}, which the client hears as 454 and tries
/// again; never a wrong password.
///
/// *Limits:* a user may act for itself only. SCRAM needs accounts whose passwords are kept as SCRAM
/// keys or in the clear, so it is not possible with LDAP or bcrypt. Failed logins are counted for
/// each client, and for each client and user together, on each node, and forgotten when it stops:
/// an attacker who guesses from many addresses is not stopped, but cannot lock a user out. A bearer
/// token is checked by its signature and its claims alone: one that has been revoked is good until
/// it expires.
@NullMarked
package org.caravanmta.sasl.server;

import org.jspecify.annotations.NullMarked;
