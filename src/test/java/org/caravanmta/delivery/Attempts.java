package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.caravanmta.smtp.Attempt;

/// What an attempt came to, and what it says.
public final class Attempts {
  private Attempts() {}

  /// @param kind `Delivered`, `Deferred` or `Failed`
  /// @param text how its words begin, after the status where there is one
  public static void assertSays(Attempt attempt, String kind, String text) {
    assertThat(attempt.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(
            switch (attempt) {
              case Attempt.Delivered(String said, _) -> said;
              case Attempt.Deferred(var reason) -> reason.status() + " " + reason.text();
              case Attempt.Failed(var reason) -> reason.status() + " " + reason.text();
            })
        .startsWith(text);
  }
}
