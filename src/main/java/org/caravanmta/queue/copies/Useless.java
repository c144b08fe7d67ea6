package org.caravanmta.queue.copies;

import java.io.IOException;

/// Says whether copies are of no use any more.
@FunctionalInterface
public interface Useless {
  boolean isSo() throws IOException, InterruptedException;
}
