package org.caravanmta;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Has every test wait for its conditions long enough for a machine that is busy with others: how
/// long something takes is not what tests are about.
public final class PatientWaits implements BeforeAllCallback {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(PATIENCE);
  }
}
