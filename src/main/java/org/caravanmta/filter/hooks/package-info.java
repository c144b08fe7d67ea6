/// Services that speak MTA Hooks (draft-degennaro-mta-hooks-02, and -01 as rspamd and Stalwart have
/// it), on the side of the mail server: JSON or CBOR over HTTP, where the service answers with
/// changes of what it was told.
///
/// *Place:* a step before the queue or after it, `http
/// https://scanner.example.com/v1/hooks/register`; {@link HooksSession} for what a client says
/// before the message, {@link OutboundHooks} for what becomes of the message after it, which the
/// setting `filters.outbound` switches on. *Decides:* what the service's action says, with the
/// fields, the recipients, the reverse path and the content that it changes. *When it cannot tell:*
/// an answer of which any part is not understood here is none; only what -01 wants skipped, an
/// operation on something that is not there, is skipped, and noted. *Limits:* Of a message the
/// header section and the raw message are described, not its MIME structure and not `senderAuth`;
/// the body is changed through `rawMessage`. The `Received:` field that this server has written is
/// shown, but stays. The stage `route` is not offered. A service is asked only at the host and port
/// that the operator has named. Plain HTTP is spoken where the operator says so, although the draft
/// wants TLS.
@NullMarked
package org.caravanmta.filter.hooks;

import org.jspecify.annotations.NullMarked;
