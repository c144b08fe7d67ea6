/// Access tokens for logins at servers (OAuth 2.0, RFC 6749): from a file, from a command, or from
/// a token endpoint by the grants `refresh_token` and `client_credentials`.
///
/// *Place:* asked by `delivery.remote` and by the login of `smtp.client`; while the server runs,
/// tokens are also refreshed when no mail goes. *Decides:* when a token is too old, and when the
/// operator has to be told. *When it cannot tell:* there is no token, and mail waits; never a token
/// that has expired.
///
/// *Refresh tokens* that the endpoint replaces (RFC 6749 §6) are in their file, synced, before the
/// access token that came with them is used; if that is not possible they are kept in memory, the
/// operator is told, and it is tried again. There is one request at a time for each token; after a
/// failure it is tried again at growing intervals, and at once when a file that it needs has
/// changed.
///
/// *Limits:* a token's own content is not looked at (RFC 6749 §1.4). Somebody has to log in with a
/// browser once to get the first refresh token. Two servers cannot share a refresh token that is
/// replaced at each use.
@NullMarked
package org.caravanmta.sasl.token;

import org.jspecify.annotations.NullMarked;
