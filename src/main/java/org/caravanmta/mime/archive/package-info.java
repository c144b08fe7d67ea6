/// What is inside archives that are attached to mail: the names of their entries, and those of the
/// entries of archives within them.
///
/// *Place:* called by the attachment checks. *Decides:* nothing. *When it cannot tell:* where an
/// unpacker may find what is not found here, as in encrypted entries, a doubt is reported and
/// reading goes on; where it cannot go on, {@link org.caravanmta.mime.Unreadable} is thrown.
/// *Limits:* archives nested five deep, 10,000 entries and 256 MiB unpacked for one message, 64 MiB
/// of memory for one decompressor. Of a cabinet only the names are read, and of a RAR archive only
/// entries that are not compressed are unpacked, as the software that unpacks the others has no
/// free licence; an archive in such an entry is recognized by its name and reported as a doubt.
/// Disk images, and archives of kinds that {@link org.caravanmta.mime.archive.Archives} does not
/// read, are recognized by their first bytes and reported as doubts.
@NullMarked
package org.caravanmta.mime.archive;

import org.jspecify.annotations.NullMarked;
