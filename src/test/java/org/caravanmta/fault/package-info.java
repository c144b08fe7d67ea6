/// A disk that fails when a test wants it to: {@link org.caravanmta.fault.FaultyDisk} is that of
/// another process, whatever its classes do with files.
@NullMarked
package org.caravanmta.fault;

import org.jspecify.annotations.NullMarked;
