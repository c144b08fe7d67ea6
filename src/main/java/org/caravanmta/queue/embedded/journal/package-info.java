/// The files of the broker's journal, as they lie on the disk before it starts.
///
/// *Place:* once at each start, before the broker reads them.
///
/// *Decides:* which records cannot be what was written; those are taken out, kept in a copy, and
/// reported with the id of their message where it can still be read. And how long the journal is to
/// gather writes on this disk.
///
/// *When it cannot tell:* a record that may be whole is left to the broker.
///
/// *Limits:* damage inside a message is not looked for: the checksum of {@link
/// org.caravanmta.message.Wire} finds it. A file whose damaged number looks like a new one is
/// passed over.
@NullMarked
package org.caravanmta.queue.embedded.journal;

import org.jspecify.annotations.NullMarked;
