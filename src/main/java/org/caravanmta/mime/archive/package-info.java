/// What is in archives that come attached to mail: the names of their entries, and of those in
/// archives within them.
///
/// *Place:* below checks. *Decides:* nothing. *When it cannot tell:* a doubt is reported and
/// reading goes on, where an unpacker may find what was not found here, as with encrypted entries,
/// or {@link org.caravanmta.mime.Unreadable} where there is no going on. *Limits:* archives five
/// deep, 10,000 entries and 256 MiB unpacked in one message, 64 MiB of memory for one decompressor.
/// Of cabinets the names are read and nothing is unpacked, and of RAR only what is not compressed,
/// as the licence of the software that unpacks the rest is not free; an archive in such an entry is
/// recognized by its name, and doubted. Disk images, and archives of kinds that are not listed in
/// {@link org.caravanmta.mime.archive.Archives}, are known by their first bytes and doubted.
@NullMarked
package org.caravanmta.mime.archive;

import org.jspecify.annotations.NullMarked;
