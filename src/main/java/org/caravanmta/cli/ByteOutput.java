package org.caravanmta.cli;

import java.io.OutputStream;

/// The standard output of the command `caravan`, for what is not text.
interface ByteOutput {
  /// Where bytes are written; text that was written before them is flushed first.
  OutputStream bytes();
}
