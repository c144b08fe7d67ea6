/// Who a client is, proved in the dialogue (SASL, RFC 4422; AUTH, RFC 4954).
///
/// *Place:* reception asks it between AUTH and its reply; every call may wait, and is made on a
/// virtual thread. *Decides:* whether a login is right, by passwords in a file, a database, a
/// directory or Dovecot, or by a bearer token's signature; and whether somebody has guessed too
/// often to be asked any more. *When it cannot tell:* {@link
/// org.caravanmta.sasl.server.LoginStep.Unavailable}, which the client hears as 454 and tries
/// again; never a wrong password.
///
/// *Limits:* a user may act for nobody but itself. SCRAM needs accounts whose passwords are kept as
/// SCRAM keys or in the clear, so neither an LDAP bind nor bcrypt can do it. Failed logins are
/// counted by client, and by client and user together, on each node and until it ends: an attacker
/// who guesses from many addresses is not stopped, and locks nobody out. Bearer tokens are read,
/// not asked about: one that is revoked is good until it expires.
@NullMarked
package org.caravanmta.sasl.server;

import org.jspecify.annotations.NullMarked;
