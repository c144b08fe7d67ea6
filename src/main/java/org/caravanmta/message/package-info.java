/// What a message is, and how it travels through the queues.
///
/// *Place:* in every stage, from reception to delivery and report. {@link
/// org.caravanmta.message.Mail} is envelope, header section and content; {@link
/// org.caravanmta.message.Destination} is where a delivery goes; {@link
/// org.caravanmta.message.Notice} is what the sender is to be told; {@link
/// org.caravanmta.message.Handover} is what a stage hands to the queues after it; {@link
/// org.caravanmta.message.Wire} is the encoding of all that in queue messages. *Decides:* nothing
/// about a message. *When it cannot tell:* bytes that cannot be decoded are {@link
/// org.caravanmta.message.Malformed}, and a stored body that is missing or changed is {@link
/// org.caravanmta.message.ContentStore.Damaged}; neither is ever a reason to fail a recipient.
/// *Limits:* at most 500 recipients, 128 KiB of header section and 64 KiB of body in one queue
/// message; larger bodies are in the {@link org.caravanmta.message.ContentStore}.
@NullMarked
package org.caravanmta.message;

import org.jspecify.annotations.NullMarked;
